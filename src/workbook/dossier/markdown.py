"""The little Markdown that pages use, as escaped HTML: headings, paragraphs, lists, bold,
emphasis, code.
"""

from __future__ import annotations

import re
from html import escape

_INLINE = re.compile(
    r"`([^`]+)`|\*\*(.+?)\*\*|(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])"
    r"|\[([^\]]+)\]\([^)]*\)",
    re.DOTALL,
)
_ITEM = re.compile(r"(?:[-*]|\d{1,3}[.)])\s+(.*)")


def inline(text: str) -> str:
    """One run of text: everything escaped, then bold, emphasis and code; a link keeps its words
    only.

    >>> inline("**Decide** <b> `a*b`")
    '<strong>Decide</strong> &lt;b&gt; <code>a*b</code>'
    """
    parts, at = [], 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[at : found.start()], quote=False))
        code, strong, emphasis, words = found.groups()
        if code is not None:
            parts.append(f"<code>{escape(code, quote=False)}</code>")
        elif strong is not None:
            parts.append(f"<strong>{inline(strong)}</strong>")
        elif emphasis is not None:
            parts.append(f"<em>{inline(emphasis)}</em>")
        else:
            parts.append(inline(words))
        at = found.end()
    return "".join(parts) + escape(text[at:], quote=False)


def to_html(markdown: str) -> str:
    """Blocks of Markdown as HTML; whatever is not of the subset stays readable as plain text."""
    return "\n".join(
        _block(block) for block in re.split(r"\n\s*\n", markdown.strip()) if block.strip()
    )


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    heading = re.match(r"(#{1,4})\s+(.*)", lines[0])
    if heading:
        level = min(len(heading[1]) + 2, 5)
        rest = "\n".join(lines[1:])
        return f"<h{level}>{inline(heading[2])}</h{level}>" + (_block(rest) if rest.strip() else "")
    first = next((n for n, line in enumerate(lines) if _ITEM.fullmatch(line)), None)
    if first == 0:
        return _list(lines)
    if first:
        return _paragraph(lines[:first]) + _list(lines[first:])
    return _paragraph(lines)


def _paragraph(lines: list[str]) -> str:
    return f"<p>{inline(' '.join(lines))}</p>"


def _list(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        found = _ITEM.fullmatch(line)
        if found:
            items.append(found[1])
        else:
            items[-1] += " " + line
    tag = "ol" if lines[0][0].isdigit() else "ul"
    return f"<{tag}>" + "".join(f"<li>{inline(item)}</li>" for item in items) + f"</{tag}>"
