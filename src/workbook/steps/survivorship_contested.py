"""The customers with the most conflicts: who to look at first."""

from __future__ import annotations

import polars as pl

from workbook import survivorship
from workbook.engine import quote
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, nothing, table
from workbook.words import words_of
from workbook.words.wording import capital, humanize, truncate_list

_WORDS = words_of("data")
_FIELDS = 8  # attributes that a row names


def contested_customers(
    context: Context, entity: str, names: list[str], spelled: set[tuple[str, str]], most: int
) -> Figure:
    """One row per customer (or other thing of an entity) with values that differ in meaning, the
    most conflicts first.
    """
    columns = [
        Column("id", capital(humanize(entity)), "value", cls="internal"),
        Column("conflicts", _WORDS.text("contested.columns.conflicts"), "int"),
        Column("fields", _WORDS.text("contested.columns.fields")),
    ]
    title = _WORDS.text("contested.title", entity=entity)
    queries = [
        f"select cast({number} as integer) as field, id from"
        f" ({survivorship.in_conflict_sql(context.model, entity, name, spelled=(entity, name) in spelled)})"
        f" as found_{number}"
        for number, name in enumerate(names)
    ]
    found = context.query("\nunion all\n".join(queries)) if queries else pl.DataFrame()
    if found.is_empty():
        return Figure("", title, "", nothing(why=_WORDS.text("contested.empty")))
    rows = (
        found.sort("field")
        .group_by("id", maintain_order=True)
        .agg(conflicts=pl.len().cast(pl.Int64), fields=pl.col("field"))
        .sort(["conflicts", "id"], descending=[True, False])
    )
    labels = [humanize(name) for name in names]
    top = rows.head(most).with_columns(
        pl.col("fields").map_elements(
            lambda item: capital(truncate_list([labels[one] for one in item], _FIELDS)),
            return_dtype=pl.String,
        )
    )
    whole = context.query(f"select count(*) as n from {quote(entity)}")["n"][0]
    return Figure(
        "",
        title,
        _WORDS.text("contested.subtitle", entity=entity, found=rows.height, all=whole),
        table(top, columns),
        _WORDS.text("contested.caption"),
    )
