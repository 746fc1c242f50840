"""A figure's table as a great-tables object that a person can take and change: over the redacted
data, with the library's own formatters, stub, groups, spanners and notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbook.errors import ShowError
from workbook.show.column import DRAWN, NUMERIC, SYMBOLS, Column
from workbook.show.text import clean, escape
from workbook.words import error_of

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class TableRecipe:
    """What a table was made from: its columns, the column whose words head groups, and heads
    over neighbouring columns.
    """

    columns: tuple[Column, ...]
    group: str
    spanners: Mapping[str, Sequence[str]]


def data_frame(heads: Sequence[Mapping[str, str]], rows: Rows) -> pl.DataFrame:
    """The redacted rows; dates are dates, numbers numbers, all else text. One row is one row of
    the table.
    """
    names = unique([head["name"] for head in heads])
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pl.DataFrame(
        [
            _series(name, head["kind"], values)
            for name, head, values in zip(names, heads, columns, strict=True)
        ]
    )


def unique(names: Sequence[str]) -> list[str]:
    """Column names that are all different: a name that comes again is numbered.

    >>> unique(["count", "name", "count"])
    ['count', 'name', 'count_2']
    """
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    count: dict[str, int] = {}
    found = []
    for name in names:
        count[name] = count.get(name, 0) + 1
        found.append(name if count[name] == 1 else f"{name}_{count[name]}")
    return found


def _series(name: str, kind: str, values: Sequence[Any]) -> pl.Series:
    known = [value for value in values if value is not None]
    if kind == "date" and all(isinstance(value, str) and len(value) == 10 for value in known):
        return pl.Series(name, values, dtype=pl.String).str.to_date(strict=False)
    numeric = all(isinstance(value, (int, float)) for value in known)
    if numeric and not any(isinstance(value, bool) for value in known):
        whole = all(isinstance(value, int) for value in known)
        return pl.Series(name, values, dtype=pl.Int64 if whole else pl.Float64)
    if any(isinstance(value, list) for value in known):
        return pl.Series(name, values, strict=False)
    return pl.Series(name, [None if value is None else str(value) for value in values], pl.String)


def great_table(
    recipe: TableRecipe,
    heads: Sequence[Mapping[str, str]],
    rows: Rows,
    texts: Sequence[Sequence[str]],
    **about: str,
) -> Any:
    """A `great_tables.GT` over the redacted data; `about` may hold title, subtitle and caption.

    Numbers, shares, amounts and days keep their type and are written by the library's
    formatters; what is drawn in a cell, checks and tokens are text.
    """
    from great_tables import GT, html

    kinds = {
        name: head["kind"]
        for name, head in zip(unique([h["name"] for h in heads]), heads, strict=True)
    }
    frame = data_frame(heads, rows).with_columns(
        pl.Series(name, [row[at] for row in texts], dtype=pl.String)
        for at, (name, kind) in enumerate(kinds.items())
        if kind in (*DRAWN, *SYMBOLS, "check", "history", "written")
    )
    group = recipe.group or None
    stub = next(name for name in kinds if name != group)
    table = GT(frame, rowname_col=stub, groupname_col=group)
    table = table.cols_label(
        {
            name: head["label"].strip() or name.replace("_", " ")
            for name, head in zip(kinds, heads, strict=True)
            if name not in (stub, group)
        }
    )
    table = table.tab_stubhead(heads[list(kinds).index(stub)]["label"])
    units = {clean(column.name): column for column in recipe.columns}
    for name, kind in kinds.items():
        if kind in NUMERIC and frame.schema[name].is_numeric():
            table = _formatted(table, name, units.get(name) or Column(name, kind=kind))
        elif kind == "date" and frame.schema[name] == pl.Date:
            table = table.fmt_date(name, date_style="day_m_year")
    for label, covered in recipe.spanners.items():
        table = table.tab_spanner(label, columns=[clean(name) for name in covered])
    table = table.sub_missing(missing_text="")
    if about.get("title"):
        subtitle = html(escape(about["subtitle"])) if about.get("subtitle") else None
        table = table.tab_header(html(escape(about["title"])), subtitle)
    if about.get("caption"):
        table = table.tab_source_note(html(escape(about["caption"])))
    return table


def _formatted(table: Any, name: str, column: Column) -> Any:
    """The column by the library's formatter of its kind."""
    if column.kind == "percent":
        decimals = 1 if column.decimals is None else column.decimals
        return table.fmt_percent(name, decimals=decimals)
    if column.kind == "money" and len(column.unit) == 3:
        return table.fmt_currency(name, currency=column.unit.upper())
    if column.kind == "int":
        return table.fmt_integer(name)
    return table.fmt_number(
        name, decimals=1 if column.decimals is None else column.decimals, drop_trailing_zeros=True
    )


def no_table(what: str) -> ShowError:
    """The refusal of a figure that is no single table."""
    return error_of(ShowError, "show.no_single_table", what=what)
