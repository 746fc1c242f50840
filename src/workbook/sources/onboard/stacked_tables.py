"""Several tables in one sheet or file: one below another, one beside another, a second header."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook.engine.landing import SourceSpec
from workbook.engine.landing.formats.delimited import text_lines
from workbook.engine.landing.formats.excel import EXCEL, sheet_rows
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.footers import cells_of_lines
from workbook.sources.onboard.table_bounds import Row, contrasts, filled, is_labels, is_value

_FEW = 2  # rows below a header, before it is one
_MOST = 1 << 22  # bytes: a larger file is one table


def table_below(spec: SourceSpec) -> str:
    """What the header of another table begins with, behind an empty row; '' where there is none.

    Its cells are names, and values stand below some of them, where the row before it had a value.
    """
    if len(spec.files) != 1 or Path(spec.files[0]).stat().st_size > _MOST:
        return ""
    rows = _rows(spec)
    start = next((at for at, row in enumerate(rows) if filled(row)), len(rows))
    for at in range(start + 2, len(rows)):
        row, gap = rows[at], not filled(rows[at - 1])
        if not (gap and len(filled(row)) > 1 and is_labels(row)):
            continue
        end = next((place for place in range(at + 1, len(rows)) if not filled(rows[place])), None)
        below = rows[at + 1 : end]
        text = (row[filled(row)[0]] or "").strip()
        named = [place for place in filled(row) if place not in _text_columns(rows[start:at])]
        if len(below) >= _FEW and contrasts([row, *below], 0, set(filled(row))) and named:
            return text
    return ""


def _text_columns(rows: Sequence[Row]) -> set[int]:
    """The columns of a table in which no value stands."""
    below = [row for row in rows[1:] if filled(row)]
    wide = max((len(row) for row in rows), default=0)
    return {
        place
        for place in range(wide)
        if not any(len(row) > place and is_value(row[place]) for row in below)
    }


def _rows(spec: SourceSpec) -> Sequence[Row]:
    path = Path(spec.files[0])
    if spec.format == EXCEL.name:
        rows = sheet_rows(path, spec.sheet)
    elif spec.format in ("csv", "tsv"):
        rows = cells_of_lines(text_lines(spec, path), spec.delimiter)
    else:
        return []
    found = rows[spec.skip_before :]
    if not spec.starts_at:
        return found
    firsts = [(row[filled(row)[0]] or "").strip() if filled(row) else "" for row in found]
    return found[firsts.index(spec.starts_at) :] if spec.starts_at in firsts else []


def is_second_header(columns: Sequence[ColumnValues]) -> bool:
    """Whether the first record is units or explanations: no value in it, where values follow."""
    firsts = [(column, column.cells[0]) for column in columns if len(column.cells) > _FEW]
    told = [(column, cell) for column, cell in firsts if cell]
    if not told or any(is_value(cell) for _, cell in told):
        return False
    return any(
        column.cells[1:].drop_nulls().map_elements(is_value, return_dtype=bool).mean() == 1
        for column, _ in told
        if column.cells[1:].is_not_null().any()
    )


def gap_between(columns: Sequence[ColumnValues]) -> str:
    """The place of an empty column without a name that parts columns of other lengths; ''
    where none does.
    """
    for at, column in enumerate(columns[1:-1], 1):
        if column.distinct or column.header[:1] != "#":
            continue
        left, right = (
            max((each.filled_rows for each in side), default=0)
            for side in (columns[:at], columns[at + 1 :])
        )
        if left and right and left != right:
            return column.header
    return ""
