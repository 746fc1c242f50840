"""Tables of the plan and answers to SQL as frames: values of people are tokens, by the class of the
fields that a column is made from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from workbook.catalog import HIDDEN, ColumnClasses
from workbook.engine import Engine, Plan, tables_read
from workbook.engine.sql import fold
from workbook.errors import PlanError, WorkbookError
from workbook.model import Model
from workbook.model.table_names import table_of
from workbook.nearest_name import did_you_mean
from workbook.privacy import shown, tokens, without_mailboxes
from workbook.scenarios.context import Context
from workbook.scenarios.published_values import published as published_tables
from workbook.show import Column, Figure, table
from workbook.show.text import clean
from workbook.words import words_of

_WORDS = words_of("data")
_NO_COLUMN = re.compile(r'column "([^"]{1,80})" not found')


@dataclass(frozen=True)
class ClassedFrame:
    """Rows as they are, and the class of each column; `followed` is False where a query could not
    be followed, so that every column counts as personal.
    """

    raw: pl.DataFrame
    classes: tuple[str, ...]
    followed: bool = True

    @property
    def masked(self) -> pl.DataFrame:
        """The rows with a token for each personal or sensitive value, and for each mailbox in
        text of any class; equal values of a column have equal tokens.
        """
        columns = zip(self.raw.get_columns(), self.classes, strict=True)
        return pl.DataFrame([_masked(column, cls) for column, cls in columns])

    @property
    def hidden(self) -> tuple[str, ...]:
        """The columns whose values are tokens."""
        named = zip(self.raw.columns, self.classes, strict=True)
        return tuple(name for name, cls in named if not shown(cls))


def table_of_plan(context: Context, name: str) -> ClassedFrame:
    """All rows of a table of the plan, built first where it is missing.

    Raises:
        WorkbookError: the plan has no such table; the nearest name is given.
    """
    known = _table_name(context, name)
    classes = _classes(context).of_table(known)
    raw = context.frame(known)
    return ClassedFrame(raw, tuple(classes.get(column, HIDDEN) for column in raw.columns))


def answer_of_query(context: Context, sql: str) -> ClassedFrame:
    """The answer to one SELECT over tables of the plan, which are built first where missing.

    Raises:
        PlanError: the SQL fails, or reads a table that the plan has not.
    """
    try:
        raw = context.query(sql)
    except PlanError as error:
        raise _with_nearest(context, sql, error) from None
    classes = _classes(context).of_query(sql, tables_read(sql))
    if classes is None or len(classes) != raw.width:
        return ClassedFrame(raw, (HIDDEN,) * raw.width, followed=False)
    return ClassedFrame(raw, tuple(classes))


def tables_figure(context: Context, find: str = "", *, every: bool = False) -> Figure:
    """The tables of the plan: name, what a row is, keys, and rows where it is built. One row is one
    table: entities, what is published and the typed rows of sources, unless `every` asks for all or
    `find` for a word.
    """
    words = fold(find).split()
    published = _published(context)
    listed = [
        item
        for item in context.plan.tables.values()
        if every or words or item.name in published
        if all(word in fold(f"{item.name} {item.row_is}") for word in words)
    ]
    last = len(published)
    listed.sort(key=lambda item: (published.get(item.name, last), item.name))
    built = context.engine.built(context.plan, [item.name for item in listed])
    columns = [
        Column("name", _text("tables.columns.name")),
        Column("row_is", _text("tables.columns.row_is")),
        Column("keys", _text("tables.columns.keys")),
        Column("rows", _text("tables.columns.rows"), "int"),
    ]
    rows = [
        {
            "name": item.name,
            "row_is": item.row_is,
            "keys": ", ".join(item.keys),
            "rows": built[item.name].rows if item.name in built else None,
        }
        for item in listed
    ]
    schema = {"name": pl.String, "row_is": pl.String, "keys": pl.String, "rows": pl.Int64}
    whole, unbuilt = len(context.plan.tables), sum(row["rows"] is None for row in rows)
    return Figure(
        "",
        _text("tables.title"),
        _text("tables.subtitle", shown=len(rows), tables=whole, find=clean(find)[:80]),
        table(pl.DataFrame(rows, schema=schema), columns),
        _text("tables.caption", unbuilt=unbuilt),
    )


def _published(context: Context) -> dict[str, int]:
    """The tables that a reader looks for, each with its place: entities, what is published, and the
    typed rows of sources.
    """
    model = context.model
    groups: dict[str, list[str]] = {}
    for name, (group, _) in published_tables(context).items():
        groups.setdefault(group, []).append(name)
    names = [
        *model.entity_names,
        *groups.get("relationships", ()),
        *groups.get("views", ()),
        *groups.get("published", ()),
        *groups.get("past", ()),
        *map(table_of, model.source_names),
    ]
    return {name: place for place, name in enumerate(filter(context.has, names))}


def _with_nearest(context: Context, sql: str, error: PlanError) -> PlanError:
    """The same error, with the nearest name of a column that there is not."""
    asked = _NO_COLUMN.search(str(error))
    if asked is None:
        return error
    tables = [item for item in tables_read(sql) if item in context.plan]
    known = [
        name for item in tables for name in context.engine.artifact(context.plan, item).columns
    ]
    return PlanError(f"{error} {did_you_mean(asked[1], known)}".strip())


def _table_name(context: Context, name: str) -> str:
    """A name as the plan has it: a source's dotted name is that of its typed rows."""
    asked = str(name)
    plain = asked.replace(".", "__")
    found = next((item for item in (asked, plain) if item in context.plan), None)
    if found is None:
        hint = did_you_mean(plain, context.plan.tables) or _text("errors.list_tables")
        raise WorkbookError(_text("errors.no_table", name=clean(asked)[:80], hint=hint))
    return found


@lru_cache(maxsize=4)
def _followed(model: Model, plan: Plan, engine: Engine) -> ColumnClasses:
    return ColumnClasses(model, plan, lambda name: engine.artifact(plan, name).columns)


def _classes(context: Context) -> ColumnClasses:
    return _followed(context.model, context.plan, context.engine)


def _masked(column: pl.Series, cls: str) -> pl.Series:
    if not shown(cls):
        return mask(column, column.name)
    if column.dtype != pl.String or not column.str.contains("@", literal=True).any():
        return column
    return pl.Series(column.name, without_mailboxes(column.to_list()), dtype=pl.String)


def mask(column: pl.Series, word: str) -> pl.Series:
    """A token for each value of a column; nothing stays nothing."""
    values = [None if value is None else str(value) for value in column.to_list()]
    named = tokens(values, word)
    reported = [None if value is None else named[value] for value in values]
    return pl.Series(column.name, reported, dtype=pl.String)


def _text(name: str, /, **values: object) -> str:
    return _WORDS.text(name, **values)
