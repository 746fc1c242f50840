"""Rebuilds HTML from a notebook by an allow-list of tags, attributes and values; anything else
raises.

Nothing is copied: what the parser understood is written anew, every text escaped and every
value matched in full, so that a difference between this parser and a browser's cannot let
markup through.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from workbook.errors import WorkbookError
from workbook.show import unstyled
from workbook.words import error_of


class UnsafeMarkupError(WorkbookError):
    """Evidence holds markup that a dossier may not carry."""

    exit_code = 3


_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_LENGTH = rf"{_NUMBER}(?:%|px)?"
_NAME = r"[A-Za-z][A-Za-z0-9_-]*"
_COLOUR = (
    r"(?:none|currentColor|inherit|transparent|white|black|#[0-9a-fA-F]{3,8}|rgba?\([0-9., %]+\))"
)
_ANY = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*"


def _words(*words: str) -> str:
    return "(?:" + "|".join(words) + ")"


_GLOBAL = {
    "class": rf"\s*(?:{_NAME}(?:\s+{_NAME})*)?\s*",
    "id": _NAME,
    "role": _words(
        "table",
        "img",
        "note",
        "list",
        "listitem",
        "presentation",
        "none",
        "row",
        "cell",
        "group",
        "region",
        "columnheader",
        "rowheader",
        "rowgroup",
        "graphics-document",
        "graphics-object",
        "graphics-symbol",
    ),
    "aria-label": _ANY,
    "aria-hidden": _words("true", "false"),
    "aria-labelledby": rf"{_NAME}(?: {_NAME})*",
    "aria-describedby": rf"{_NAME}(?: {_NAME})*",
    "title": _ANY,
    "data-label": _ANY,
    "lang": r"[A-Za-z]{2}(?:-[A-Za-z]{2})?",
    "tabindex": "0",
}
_CELL = {
    "colspan": r"\d{1,3}",
    "rowspan": r"\d{1,5}",
    "headers": rf"(?:{_NAME}(?: {_NAME})*)?",
    "scope": _words("col", "row", "colgroup", "rowgroup"),
}
_HTML: dict[str, dict[str, str]] = {
    **{
        tag: {}
        for tag in [
            "div",
            "span",
            "p",
            "h2",
            "h3",
            "h4",
            "h5",
            "ul",
            "li",
            "dl",
            "dt",
            "dd",
            "strong",
            "b",
            "em",
            "small",
            "sub",
            "sup",
            "code",
            "pre",
            "br",
            "hr",
            "figure",
            "figcaption",
            "section",
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "colgroup",
            "details",
            "summary",
            "header",
            "footer",
        ]
    },
    "ol": {"start": r"\d{1,4}"},
    "td": _CELL,
    "th": _CELL,
    "col": {"span": r"\d{1,3}"},
    "a": {"href": rf"#{_NAME}"},
    "time": {"datetime": r"[0-9T:.Z+-]*"},
    "abbr": {},
}
_PAINT = {
    "fill": _COLOUR,
    "stroke": _COLOUR,
    "opacity": _NUMBER,
    "fill-opacity": _NUMBER,
    "stroke-opacity": _NUMBER,
    "stroke-width": _LENGTH,
    "stroke-dasharray": rf"(?:none|{_NUMBER}(?:[ ,]+{_NUMBER})*)",
    "stroke-dashoffset": _NUMBER,
    "stroke-linecap": _words("butt", "round", "square"),
    "stroke-linejoin": _words("miter", "round", "bevel"),
    "stroke-miterlimit": _NUMBER,
    "fill-rule": _words("nonzero", "evenodd"),
    "clip-path": rf"url\(#{_NAME}\)",
    "transform": rf"(?:\s*(?:translate|rotate|scale)\(\s*{_NUMBER}(?:[ ,]+{_NUMBER})*\s*\)\s*)*",
    "shape-rendering": _words("auto", "crispEdges", "geometricPrecision"),
    "pointer-events": "none",
    "vector-effect": "non-scaling-stroke",
    "aria-roledescription": r"[A-Za-z -]*",
}
_BOX = dict.fromkeys(("x", "y", "width", "height", "rx", "ry"), _LENGTH)
_TEXT = {
    "x": _LENGTH,
    "y": _LENGTH,
    "dx": rf"{_NUMBER}(?:em|px|%)?",
    "dy": rf"{_NUMBER}(?:em|px|%)?",
    "text-anchor": _words("start", "middle", "end"),
    "font-size": _LENGTH,
    "font-weight": r"(?:\d{3}|normal|bold)",
    "font-family": r"[A-Za-z0-9 ,\"'-]*",
    "font-style": "normal",
    "dominant-baseline": _words("auto", "middle", "central", "hanging", "alphabetic"),
}
_SVG: dict[str, dict[str, str]] = {
    "svg": {
        **_BOX,
        "viewbox": rf"{_NUMBER}(?:[ ,]+{_NUMBER}){{3}}",
        "xmlns": re.escape("http://www.w3.org/2000/svg"),
        "version": r"1\.1",
        "xmlns:xlink": re.escape("http://www.w3.org/1999/xlink"),
        "focusable": "false",
        "preserveaspectratio": r"(?:none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max)(?: (?:meet|slice))?)",
    },
    "g": {},
    "defs": {},
    "title": {},
    "desc": {},
    "rect": _BOX,
    "clippath": {"clippathunits": _words("userSpaceOnUse", "objectBoundingBox")},
    "line": dict.fromkeys(("x1", "y1", "x2", "y2"), _LENGTH),
    "circle": dict.fromkeys(("cx", "cy", "r"), _LENGTH),
    "ellipse": dict.fromkeys(("cx", "cy", "rx", "ry"), _LENGTH),
    "path": {"d": r"[MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]*"},
    "polyline": {"points": r"[0-9eE\s,.+-]*"},
    "polygon": {"points": r"[0-9eE\s,.+-]*"},
    "text": _TEXT,
    "tspan": _TEXT,
}
_VOID = {"br", "hr", "col"}
_TEXT_ONLY = {"title", "desc"}  # a browser parses their children as HTML again
_CASE = {
    "viewbox": "viewBox",
    "preserveaspectratio": "preserveAspectRatio",
    "clippath": "clipPath",
    "clippathunits": "clipPathUnits",
}
_REFERS = {"id", "headers", "aria-labelledby", "aria-describedby"}
_RULES = {
    **{(tag, False): {**_GLOBAL, **own} for tag, own in _HTML.items()},
    **{(tag, True): {**_GLOBAL, **_PAINT, **own} for tag, own in _SVG.items()},
}
_MATCH = {
    key: {name: re.compile(rule, re.ASCII) for name, rule in rules.items()}
    for key, rules in _RULES.items()
}


def rebuild(html: str, *, prefix: str = "", style: str = "") -> str:
    """The same HTML written anew, ids prefixed; a `<style>` that is exactly `style`, or the rules
    that its own classes bring into a notebook, are left out.

    Raises:
        UnsafeMarkupError: a tag, an attribute, a value or a nesting that is not on the list.
    """
    builder = _Builder(prefix, style)
    builder.feed(unstyled(html))
    builder.close()
    if builder.open:
        raise error_of(UnsafeMarkupError, "dossier.sanitize.left_open", tag=builder.open[-1])
    return "".join(builder.out)


class _Builder(HTMLParser):
    def __init__(self, prefix: str, style: str) -> None:
        super().__init__(convert_charrefs=True)
        self.prefix, self.style = prefix, style
        self.out: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs, closed=True)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]], closed: bool) -> None:
        if tag == "style" and self.style and not attrs and not closed and "svg" not in self.open:
            self.open.append(tag)
            return
        drawn = tag == "svg" or "svg" in self.open
        rules = _MATCH.get((tag, drawn))
        if rules is None or (tag == "svg" and "svg" in self.open):
            raise error_of(UnsafeMarkupError, "dossier.sanitize.element", tag=tag[:40])
        if self.open and self.open[-1] in _TEXT_ONLY:
            raise error_of(
                UnsafeMarkupError, "dossier.sanitize.inside", tag=tag, around=self.open[-1]
            )
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            raise error_of(UnsafeMarkupError, "dossier.sanitize.attribute_twice", tag=tag)
        written = "".join(self._attribute(tag, rules, name, value or "") for name, value in attrs)
        self.out.append(f"<{_CASE.get(tag, tag)}{written}>")
        if tag in _VOID:
            return
        if closed and not drawn:
            raise error_of(UnsafeMarkupError, "dossier.sanitize.closed_in_itself", tag=tag)
        if closed:
            self.out.append(f"</{_CASE.get(tag, tag)}>")
        else:
            self.open.append(tag)

    def _attribute(self, tag: str, rules: dict[str, re.Pattern[str]], name: str, value: str) -> str:
        rule = rules.get(name)
        if rule is None:
            raise error_of(UnsafeMarkupError, "dossier.sanitize.attribute", tag=tag, name=name[:40])
        if not rule.fullmatch(value):
            raise error_of(
                UnsafeMarkupError, "dossier.sanitize.attribute_value", tag=tag, name=name
            )
        if self.prefix and name in _REFERS:
            value = " ".join(self.prefix + word for word in value.split())
        elif self.prefix and name == "clip-path":
            value = value.replace("#", "#" + self.prefix)
        elif self.prefix and name == "href" and not value.startswith("#page-"):
            value = "#" + self.prefix + value[1:]
        return f' {_CASE.get(name, name)}="{escape(value)}"'

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            raise error_of(UnsafeMarkupError, "dossier.sanitize.not_open", tag=tag[:40])
        self.open.pop()
        if tag != "style":
            self.out.append(f"</{_CASE.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            if data.strip() != self.style.strip():
                raise error_of(UnsafeMarkupError, "dossier.sanitize.own_stylesheet")
        else:
            self.out.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        raise error_of(UnsafeMarkupError, "dossier.sanitize.comment")

    def handle_decl(self, decl: str) -> None:
        raise error_of(UnsafeMarkupError, "dossier.sanitize.declaration")

    def handle_pi(self, data: str) -> None:
        raise error_of(UnsafeMarkupError, "dossier.sanitize.instruction")

    def unknown_decl(self, data: str) -> None:
        raise error_of(UnsafeMarkupError, "dossier.sanitize.marked_section")
