"""Columns whose cells hold several values, and the separator between them."""

from __future__ import annotations

import json

import polars as pl

from workbook.sources.onboard.column_values import ColumnValues

_MARKS = (";", "|", ",")
_TAGGED = {"tag", "tags", "label", "labels", "segments", "interests"}
_MOSTLY = 0.9  # of the values of a form in lists; the others are words for none
_AT_LEAST = 3  # cells with several values


def separator_of(column: ColumnValues) -> str:
    """What stands between the values of one cell: a mark, `json` for arrays, '' where a cell
    holds one value.

    A mark counts where cells share their parts: what stands in a list also stands alone, or in
    another list.
    """
    if not column.distinct:
        return ""
    if column.share(r"^\[.*\]$") == 1:
        return "json" if _scalars(column.sample) else ""
    marks = (*_MARKS, " ") if set(column.words) & _TAGGED else _MARKS
    return next((mark for mark in marks if _shared_parts(column, mark)), "")


def separator_of_form(column: ColumnValues, form: str) -> str:
    """What stands between values of one form, such as mailboxes; '' where no cell holds several.

    They need not come again, as the words of other lists do: their form shows what they are.
    """
    for mark in _MARKS:
        several = column.values.filter(column.values.str.contains(mark, literal=True))
        lists = several.str.split(mark).list.eval(pl.element().str.strip_chars().str.contains(form))
        if (lists.list.sum() > 1).any() and share_of(parts_of(column, mark), form) >= _MOSTLY:
            return mark
    return ""


def share_of(parts: pl.Series, form: str) -> float:
    """The share of values that are of a form; 0 of none."""
    return float(parts.str.contains(form).sum() / len(parts)) if len(parts) else 0.0


def parts_of(column: ColumnValues, separator: str) -> pl.Series:
    """Every different value in the lists of a column."""
    return values_in(column.values, separator)


def values_in(cells: pl.Series, separator: str) -> pl.Series:
    """Every different value in cells that hold lists."""
    json_ = separator == "json"
    lists = cells.str.json_decode(pl.List(pl.String)) if json_ else cells.str.split(separator)
    return (
        lists.explode().str.strip_chars().replace("", None).drop_nulls().unique(maintain_order=True)
    )


def _scalars(sample: list[str]) -> bool:
    """Whether every array holds plain values, and some array holds one."""
    try:
        lists = [json.loads(value) for value in sample]
    except ValueError:
        return False
    flat = [each for some in lists for each in some]
    return bool(flat) and all(isinstance(each, str) for each in flat)


def _shared_parts(column: ColumnValues, mark: str) -> bool:
    several = column.values.str.contains(mark, literal=True)
    if int(column.counts.filter(several).sum()) < _AT_LEAST:
        return False
    parts = column.values.filter(several).str.split(mark).explode().str.strip_chars()
    if (parts == "").any():
        return False
    if set(column.words) & _TAGGED:
        return bool(parts.str.contains(r"^[\w.:-]+$").all()) or mark != " "
    counts = pl.concat([parts, column.values.filter(~several).str.strip_chars()]).value_counts(
        name="n"
    )
    again = counts.filter(pl.col(parts.name or "").is_in(parts.unique().to_list()), pl.col("n") > 1)
    return len(again) >= 0.5 * parts.n_unique()
