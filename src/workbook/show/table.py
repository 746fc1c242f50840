"""Tables: each cell is rendered and redacted first, then laid out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from workbook.errors import ShowError
from workbook.privacy import WITHHELD, tokens, withheld, without_mailboxes
from workbook.show.cell import Shown, hidden, plain
from workbook.show.cell_charts import drawn
from workbook.show.column import DRAWN, NUMERIC, SYMBOLS, TONES, Column, check_columns
from workbook.show.figure_body import Body, Cell, nothing
from workbook.show.great_table import TableRecipe
from workbook.show.table_layout import Grid, Head, layout
from workbook.show.text import clean
from workbook.words import error_of, number


def table(
    frame: pl.DataFrame,
    columns: Sequence[Column],
    *,
    group: str | Column = "",
    total: bool = False,
    highlight: Collection[int] = (),
    spanners: Mapping[str, Sequence[str]] | None = None,
    key: bytes | None = None,
) -> Body:
    """A frame as a table; the first column is the row's head.

    Args:
        frame: One row of it is one row of the table.
        columns: What is shown, in this order.
        group: The column whose words head a group of rows (a Column where they are values of
          the data).
        total: Whether the last row is a total.
        highlight: Rows, from 0, that a decision chose.
        spanners: Heads over neighbouring columns, by the columns' names.
        key: The key of the tokens (default: the project's).

    Raises:
        ShowError: a column is missing, has no class, or holds a number that is not finite.
    """
    columns = list(columns)
    grouped = Column(group) if isinstance(group, str) and group else group or None
    everything = ([grouped] if grouped else []) + columns
    check_columns(everything, frame.columns)
    heads = tuple(head for column in everything for head in heads_of(column))
    if frame.is_empty():
        return nothing(heads)
    named = tokens_of(frame, everything, key)
    results = [cells_of(frame, column, named, total) for column in everything]
    groups = [cell[0].text for cell in results[0]] if grouped else []
    html = layout(
        _grid(
            columns,
            results[1:] if grouped else results,
            groups,
            _row_classes(frame.height, total, highlight),
            spanners or {},
        )
    )
    rows, texts = rows_of(results)
    recipe = TableRecipe(tuple(columns), grouped.name if grouped else "", spanners or {})
    return Body(html, heads, rows, texts, number.plural(frame.height, "row"), recipe=recipe)


Cells = list[tuple[Shown, Shown | None, str]]  # a cell, its second line, its tone


def cells_of(
    frame: pl.DataFrame, column: Column, named: Mapping[str, Mapping[str, str]], total: bool = False
) -> Cells:
    """A column's cells with their second lines and tones."""
    gone = withheld(_counts(frame, column.small), total=total) if column.small else {}
    tones = _tones(frame, column)
    first = _column(frame, column, named, tones, gone)
    second = (
        _column(frame, column.second, named, tones, gone)
        if column.second
        else [None] * frame.height
    )
    return list(zip(first, second, tones, strict=True))


def _column(
    frame: pl.DataFrame,
    column: Column,
    named: Mapping[str, Mapping[str, str]],
    tones: Sequence[str],
    gone: Mapping[int, str],
) -> list[Shown]:
    values = [
        None if row in gone else value for row, value in enumerate(_values(frame, column.name))
    ]
    if column.kind == "value" and not column.hides:
        values = without_mailboxes(values)  # a key may be one, whatever its class
    if column.kind in DRAWN:
        return drawn(column, values, tones)
    decimals = _decimals(column, values)
    written = [plain(column, value, named.get(column.word, {}), decimals) for value in values]
    return [_gone(column, gone[row]) if row in gone else cell for row, cell in enumerate(written)]


def _gone(column: Column, words: str) -> Shown:
    return hidden(words if column.name == column.small else WITHHELD)


def _values(frame: pl.DataFrame, name: str) -> list[Any]:
    series = frame.get_column(name)
    if series.dtype.is_float() and (series.is_nan().any() or series.is_infinite().any()):
        raise error_of(ShowError, "show.not_finite", column=name)
    return series.to_list()


def _counts(frame: pl.DataFrame, name: str) -> list[int | None]:
    if not frame.schema[name].is_integer():
        raise error_of(ShowError, "show.no_whole_numbers", column=name)
    return frame.get_column(name).to_list()


def _tones(frame: pl.DataFrame, column: Column) -> list[str]:
    tones = (
        [str(tone or "") for tone in frame.get_column(column.tone)]
        if column.tone
        else [""] * frame.height
    )
    for tone in tones:
        if tone not in TONES:
            raise error_of(
                ShowError, "show.unknown_row_tone", column=column.tone, tone=tone, known=TONES[1:]
            )
    return tones


def _decimals(column: Column, values: Sequence[Any]) -> int | None:
    """One number of decimals per column, so that figures stand under each other."""
    if column.hides or column.decimals is not None or column.kind not in ("number", "money"):
        return column.decimals
    exact = [number.finite(value) for value in values if value is not None]
    if column.kind == "money":
        return max(map(number.cents, exact), default=0)
    return 1 if any(value != value.to_integral_value() for value in exact) else 0


def tokens_of(
    frame: pl.DataFrame, columns: Sequence[Column], key: bytes | None
) -> dict[str, dict[str, str]]:
    """The tokens of each word over all columns that bear it: equal values of one frame get
    equal tokens.
    """
    values: dict[str, list[Any]] = {}
    for column in (item for first in columns for item in (first, first.second) if item):
        if column.hides:
            values.setdefault(column.word, []).extend(frame.get_column(column.name))
    return {word: tokens(found, word, key) for word, found in values.items()}


def _row_classes(height: int, total: bool, highlight: Collection[int]) -> dict[int, str]:
    classes = {row: "wb-chosen" for row in highlight if 0 <= row < height}
    return {**classes, height - 1: "wb-total"} if total else classes


def _grid(
    columns: Sequence[Column],
    cellses: Sequence[Cells],
    groups: Sequence[str],
    row_classes: Mapping[int, str],
    spanners: Mapping[str, Sequence[str]],
) -> Grid:
    heads = [
        Head(clean(column.name), clean(column.head), column.align, column.kind)
        for column in columns
    ]
    names = [column.name for column in columns]
    for label, covered in spanners.items():
        for name in covered:
            if name not in names:
                raise error_of(
                    ShowError, "show.unknown_spanned", label=clean(label), name=name, known=names
                )
    spans = {
        clean(label): [names.index(name) for name in covered] for label, covered in spanners.items()
    }
    cells = [[_html(*cell) for cell in row] for row in zip(*cellses, strict=True)]
    symbols = sum(column.kind in (*SYMBOLS, "check") for column in columns)
    # they need more room than numbers
    words = not any(column.kind in (*NUMERIC, *DRAWN, "written") for column in columns)
    cls = (
        "wb-matrix"
        if symbols >= 3
        else (
            "wb-cards wb-many"
            if len(columns) > 6
            else "wb-cards"
            if len(columns) > (3 if words else 4)
            else ""
        )
    )
    bars = sum(column.kind in DRAWN for column in columns)
    return Grid(
        heads,
        cells,
        groups,
        spans,
        row_classes,
        f"{cls} wb-drawn-{min(bars, 4)}".strip() if bars > 1 else cls,
    )


def _html(cell: Shown, second: Shown | None, tone: str) -> str:
    html = (
        f'<span class="wb-t-{tone}">{cell.html}</span>'
        if tone and cell.html and not cell.html.startswith("<svg")
        else cell.html
    )
    return html + (
        f' <span class="wb-detail">{second.html}</span>' if second and second.html else ""
    )


def heads_of(column: Column) -> list[dict[str, str]]:
    """A column and its second line as the JSON names them."""
    heads = [{"name": clean(column.name), "label": clean(column.head), "kind": column.kind}]
    if column.second:
        heads.append(
            {
                "name": clean(column.detail),
                "label": clean(column.second.head),
                "kind": column.second.kind,
            }
        )
    return heads


def rows_of(
    cellses: Sequence[Cells],
) -> tuple[tuple[tuple[Cell, ...], ...], tuple[tuple[str, ...], ...]]:
    """The redacted rows as data, and as a page writes them."""
    flat = [
        [shown for cell, second, _ in row for shown in (cell, second) if shown is not None]
        for row in zip(*cellses, strict=True)
    ]
    return tuple(tuple(cell.data for cell in row) for row in flat), tuple(
        tuple(cell.text for cell in row) for row in flat
    )
