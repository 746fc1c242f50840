"""Columns whose cells hold several values, and the separator between them."""

from __future__ import annotations

import json

import polars as pl

from workbook.onboard.column import Column

_MARKS = (";", "|", ",")
_TAGGED = {"tag", "tags", "label", "labels", "segments", "interests"}
_AT_LEAST = 3  # cells with several values


def separator_of(column: Column) -> str:
    """What stands between the values of one cell: a mark, `json` for arrays, '' where a cell holds one value.

    A mark counts where cells share their parts: what stands in a list also stands alone, or in another list.
    """
    if not column.distinct:
        return ""
    if column.share(r"^\[.*\]$") == 1:
        return "json" if _scalars(column.sample) else ""
    marks = (*_MARKS, " ") if set(column.words) & _TAGGED else _MARKS
    return next((mark for mark in marks if _shared_parts(column, mark)), "")


def parts_of(column: Column, separator: str) -> pl.Series:
    """Every different value in the lists of a column."""
    lists = column.values.str.json_decode(pl.List(pl.String)) if separator == "json" else column.values.str.split(separator)
    return lists.explode().str.strip_chars().replace("", None).drop_nulls().unique(maintain_order=True)


def _scalars(sample: list[str]) -> bool:
    """Whether every array holds plain values, and some array holds one."""
    try:
        lists = [json.loads(value) for value in sample]
    except ValueError:
        return False
    flat = [each for some in lists for each in some]
    return bool(flat) and all(isinstance(each, str) for each in flat)


def _shared_parts(column: Column, mark: str) -> bool:
    several = column.values.str.contains(mark, literal=True)
    if int(column.counts.filter(several).sum()) < _AT_LEAST:
        return False
    parts = column.values.filter(several).str.split(mark).explode().str.strip_chars()
    if (parts == "").any():
        return False
    if set(column.words) & _TAGGED:
        return bool(parts.str.contains(r"^[\w.:-]+$").all()) or mark != " "
    counts = pl.concat([parts, column.values.filter(~several).str.strip_chars()]).value_counts(name="n")
    again = counts.filter(pl.col(parts.name or "").is_in(parts.unique().to_list()), pl.col("n") > 1)
    return len(again) >= 0.5 * parts.n_unique()
