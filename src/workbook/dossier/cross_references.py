"""What the text of a dossier refers to by its number (“figure 7.6”, “section 03”) as links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workbook.dossier.pages import Page

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_NUMBER = r"\d{1,2}b?(?:\.\d{1,2})?"
_REFERENCE = re.compile(
    rf"\b(?:[Ff]igure|[Ss]ection) {_NUMBER}"
    rf"|\b(?:[Ff]igures|[Ss]ections) {_NUMBER}(?:(?:, | and | or ){_NUMBER})*"
)
_WHOLE = frozenset({"a", "svg", "code", "pre", "summary"})  # what is inside stays as it is


def targets(pages: Iterable[Page]) -> dict[str, str]:
    """The anchor of every section and figure by its number; pages of a team's own, whose numbers
    are not ours to give, have none.
    """
    found: dict[str, str] = {}
    for page in pages:
        if page.anchor == f"page-{page.number}":
            found[page.number] = page.anchor
            found |= {block.number: block.anchor for block in page.blocks if block.anchor}
    return found


def linked(html: str, anchors: Mapping[str, str]) -> str:
    """Safe HTML in which each number after “figure” or “section” leads to what it names; a
    number that nothing has stays as it is.

    >>> linked("<p>See figures 7.1 and 9.9.</p>", {"7.1": "figure-7-1"})
    '<p>See figures <a href="#figure-7-1">7.1</a> and 9.9.</p>'
    """
    inside, parts = 0, []
    for part in _TAG.split(html):
        if part.startswith("<"):
            name = _NAME.match(part)
            if name and name[1] in _WHOLE:
                inside += -1 if part.startswith("</") else 1
        text = not inside and not part.startswith("<")
        parts.append(
            _REFERENCE.sub(lambda found: _with_links(found[0], anchors), part) if text else part
        )
    return "".join(parts)


def _with_links(text: str, anchors: Mapping[str, str]) -> str:
    return re.sub(
        _NUMBER,
        lambda found: (
            f'<a href="#{anchors[found[0]]}">{found[0]}</a>' if found[0] in anchors else found[0]
        ),
        text,
    )
