"""The part of the stylesheet that one piece of evidence needs, bound to the place where it stands:
it travels with the piece, so that a figure looks the same in any notebook, in any order of cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from workbook.show import theme

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CLASSES = re.compile(r'class="([^"]*)"')
_GROUP = re.compile(r":(?:is|not|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")
_CLASS = re.compile(r"\.(wb[\w-]*)")
_PRINTED = "@media print"
_OPEN, _CLOSE = "<style>@scope{", "}</style>"


def styled(html: str) -> str:
    """A piece of evidence with the rules of its classes before it, in force beside it alone."""
    return f"{_style(html)}{html}" if html else html


def unstyled(html: str) -> str:
    """The piece without the rules that `styled` put before it; anything else stays as it is."""
    style, closed, rest = html.partition(_CLOSE)
    return rest if closed and f"{style}{closed}" == _style(rest) else html


def _style(html: str) -> str:
    classes = frozenset(name for names in _CLASSES.findall(html) for name in names.split())
    return f"{_OPEN}{_rules(classes)}{_CLOSE}"


@cache
def _rules(classes: frozenset[str]) -> str:
    """The rules of the stylesheet that an element of these classes may need, in their order."""
    return "".join(_kept(_COMMENT.sub("", theme.css()), classes))


def _kept(css: str, classes: frozenset[str]) -> Iterator[str]:
    for head, body in _blocks(css):
        if head.startswith(("@media", "@container")):
            inner = "".join(_kept(body, classes))
            if inner and not head.startswith(_PRINTED):
                yield f"{head}{{{inner}}}"
        elif any(_needed(selector, classes) for selector in _selectors(head)):
            yield f"{_from_body(head)}{{{_plain(body)}}}"


def _from_body(head: str) -> str:
    """A rule that depends on the page around a piece names where the piece stands; of itself every
    selector begins there.
    """
    return ", ".join(
        item.strip().replace(" .wb", " :scope .wb", 1) if item.strip().startswith("body") else item
        for item in (_plain(selector) for selector in _selectors(head))
    )


def _needed(selector: str, classes: frozenset[str]) -> bool:
    """Whether all classes that a selector names outright are there."""
    return classes.issuperset(_CLASS.findall(_GROUP.sub("", selector)))


def _selectors(head: str) -> list[str]:
    """The selectors of a rule; a comma within brackets parts none."""
    found, depth = [""], 0
    for sign in head:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return found


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each rule or group of rules: what stands before its braces, and what within."""
    depth, start, opened, head = 0, 0, 0, ""
    for at, sign in enumerate(css):
        if sign == "{":
            depth += 1
            if depth == 1:
                head, opened = _plain(css[start:at]), at + 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield head, css[opened:at]
                start = at + 1


def _plain(text: str) -> str:
    return " ".join(text.split())
