"""Lays a table out with great-tables, which sees cell numbers and never a value, and puts the
cells in afterwards.

What great-tables writes is read by one strict pass: its tags, attributes and classes are mapped
to ours, and anything that is not expected raises, so that neither an inline style nor a random
id reaches a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

import polars as pl

from workbook.errors import ShowError
from workbook.show.text import escape, said


@dataclass(frozen=True)
class Head:
    """A column's head and how it aligns; `kind` becomes a class of its cells; a blank label is
    said, as `name`.
    """

    name: str
    label: str
    align: str
    kind: str


@dataclass(frozen=True)
class Grid:
    """A table before it is laid out: cells are safe HTML, labels are still text."""

    heads: Sequence[Head]
    cells: Sequence[Sequence[str]]
    groups: Sequence[str]
    spanners: Mapping[str, Sequence[int]]
    row_classes: Mapping[int, str]
    cls: str = ""


def layout(grid: Grid) -> str:
    """The table as HTML of our classes only."""
    filler = _Filler(grid)
    filler.feed(_great_table(grid))
    filler.close()
    if filler.open or filler.filled != len(grid.cells) * len(grid.heads):
        raise ShowError("The table library wrote a table of another shape than it was given.")
    return "".join(filler.out)


def _great_table(grid: Grid) -> str:
    from great_tables import GT

    wide = len(grid.heads)
    names = [f"c{column}" for column in range(wide)]
    numbers = {
        name: [row * wide + column for row in range(len(grid.cells))]
        for column, name in enumerate(names)
    }
    labels = list(dict.fromkeys(grid.groups))
    frame = pl.DataFrame(numbers, schema=dict.fromkeys(names, pl.Int64))
    if labels:
        frame = frame.with_columns(
            group=pl.Series([f"g{labels.index(group)}" for group in grid.groups], dtype=pl.String)
        )
    table = GT(
        frame, rowname_col="c0", groupname_col="group" if labels else None, id="wb"
    ).tab_stubhead("h0")
    table = table.cols_label(
        dict(zip(names[1:], (f"h{column}" for column in range(1, wide)), strict=True))
    )
    for align in ("left", "center", "right"):
        columns = [
            name
            for name, head in zip(names, grid.heads, strict=True)
            if head.align == align and name != "c0"
        ]
        table = table.cols_align(align, columns) if columns else table  # type: ignore[arg-type]
    for at, columns_of in enumerate(grid.spanners.values()):
        table = table.tab_spanner(
            f"s{at}", columns=[names[column] for column in columns_of], id=f"s{at}", gather=False
        )
    return table.as_raw_html(inline_css=False)


_ATTRIBUTES = {
    "div": {"id", "style"},
    "style": set(),
    "table": {"style", "class", "data-quarto-disable-processing", "data-quarto-bootstrap"},
    "colgroup": set(),
    "col": set(),
    "thead": set(),
    "tbody": {"class"},
    "tr": {"class"},
    "span": {"class"},
    "th": {"class", "rowspan", "colspan", "scope", "id", "headers"},
    "td": {"class", "headers"},
}
_STYLES = {"div": None, "table": {"table-layout: fixed;", ""}}
_CLASSES = {
    "gt_table",
    "gt_col_headings",
    "gt_spanner_row",
    "gt_col_heading",
    "gt_columns_bottom_border",
    "gt_columns_top_border",
    "gt_left",
    "gt_right",
    "gt_center",
    "gt_column_spanner_outer",
    "gt_column_spanner",
    "gt_table_body",
    "gt_group_heading_row",
    "gt_group_heading",
    "gt_empty_group_heading",
    "gt_row",
    "gt_stub",
}
_SILENT = {"div", "style", "colgroup", "col", "span", "tbody"}


class _Filler(HTMLParser):
    """Reads the library's table and writes ours."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(convert_charrefs=True)
        self.grid = grid
        self.labels = list(dict.fromkeys(grid.groups))
        self.out: list[str] = []
        self.open: list[str] = []
        self.here: dict[str, str] = {}
        self.row: list[str] = []
        self.row_class = ""
        self.in_body = False
        self.filled = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._expect(tag, values)
        if tag != "col":
            self.open.append(tag)
        if tag == "table":
            self.out.append(
                f'<table class="wb-table{" " + self.grid.cls if self.grid.cls else ""}">'
            )
        elif tag == "thead":
            self.out.append("<thead>")
        elif tag == "tbody":
            self.in_body = True
            self.out.append("<tbody>")
        elif tag == "tr":
            self.row, self.row_class = (
                [],
                ("wb-spans" if "gt_spanner_row" in values.get("class", "") else ""),
            )
        elif tag in ("th", "td"):
            self.here = values

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "col":
            raise ShowError(f"The table library closed a <{tag}> in its own tag.")
        self._expect(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ShowError(f"The table library closed a <{tag}> that was not open.")
        if tag in ("th", "td") and self.here:
            if not self.in_body:
                self.row.append(self._cell("", "th", "", scope=self.here.get("scope", "col")))
            self.here = {}
        elif tag == "tr":
            self._close_row()
        elif tag in ("table", "thead", "tbody"):
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or (self.open and self.open[-1] == "style"):
            return
        if not self.here:
            raise ShowError("The table library wrote text outside of a cell.")
        self.row.append(self._fill(text))
        self.here = {}

    def handle_comment(self, data: str) -> None:
        raise ShowError("The table library wrote a comment.")

    def _expect(self, tag: str, values: Mapping[str, str]) -> None:
        unknown = set(values) - _ATTRIBUTES.get(tag, set()) if tag in _ATTRIBUTES else {tag}
        styles = _STYLES.get(tag, {""})
        strange = set(values.get("class", "").split()) - _CLASSES
        if unknown or strange or (styles is not None and values.get("style", "") not in styles):
            raise ShowError(
                f"The table library wrote something unexpected in <{tag}>:"
                f" {sorted(unknown | strange)}."
            )

    def _fill(self, text: str) -> str:
        letter, digits = (text[0], text[1:]) if text[0] in "hsg" else ("", text)
        if not digits.isdigit():
            raise ShowError("The table library wrote text that it was not given.")
        at = int(digits)
        if letter == "h":
            head = self.grid.heads[at]
            return self._cell(_label(head), "th", _align(head), scope="col")
        if letter == "s":
            return self._cell(
                f'<span class="wb-spanner">{escape(list(self.grid.spanners)[at])}</span>',
                "th",
                "wb-span-head",
                scope="colgroup",
            )
        if letter == "g":
            label = self.labels[at]
            self.row_class = "wb-group" if label else "wb-none"
            return (
                f'<th class="wb-group-head" colspan="{len(self.grid.heads)}"'
                f' scope="rowgroup">{escape(label)}</th>'
            )
        return self._body_cell(*divmod(at, len(self.grid.heads)))

    def _body_cell(self, row: int, column: int) -> str:
        self.filled += 1
        self.row_class = self.grid.row_classes.get(row, "")
        head = self.grid.heads[column]
        html = self.grid.cells[row][column]
        if column == 0:
            return f'<th class="{_align(head)}" scope="row">{html}</th>'
        label = (
            f' data-label="{escape(head.label.strip())}"'
            if "wb-cards" in self.grid.cls and html
            else ""
        )
        return f'<td class="{_align(head)}"{label}>{html}</td>'

    def _cell(self, html: str, tag: str, cls: str, scope: str) -> str:
        spans = "".join(
            f' {name}="{int(self.here[name])}"'
            for name in ("rowspan", "colspan")
            if self.here.get(name, "1") != "1"
        )
        return f'<{tag} class="{cls}"{spans} scope="{scope}">{html}</{tag}>'

    def _close_row(self) -> None:
        if self.row_class == "wb-none":
            return
        if self.row_class == "wb-group" and self.out[-1] != "<tbody>":
            self.out.append("</tbody><tbody>")
        cls = f' class="{self.row_class}"' if self.row_class else ""
        self.out.append(f"<tr{cls}>{''.join(self.row)}</tr>")


def _label(head: Head) -> str:
    return escape(head.label.strip()) or said(head.name.replace("_", " "))


def _align(head: Head) -> str:
    return f"wb-{head.align} wb-k-{head.kind}"
