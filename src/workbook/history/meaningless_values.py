"""Kept values that mean nothing (`N/A`, `unknown`): none for history, as for identity and
survivorship.
"""

from __future__ import annotations

from workbook.engine import quote
from workbook.history.entity_links import condition_sql, rows_for
from workbook.model import Model, Placeholders, nothing_sql
from workbook.model.schema import Kept


def stated(model: Model, name: str, value: str) -> str:
    """A kept value, NULL also where it is a word that means nothing; `value` is SQL that gives
    it.
    """
    if not _is_text(model, name):
        return value
    nothing = nothing_sql(value, _words(model, name))
    return f"case when {nothing} then null else {value} end"


def placeholders_sql(model: Model, name: str) -> str:
    """One row: rows of a kept value's source that say a word which means nothing (`said`); ''
    of what is no text.
    """
    if not _is_text(model, name):
        return ""
    kept = _kept(model, name)
    value = quote(kept.value)
    nothing = nothing_sql(value, _words(model, name))
    where = f"({condition_sql(model, kept.from_, kept.where)}) and " if kept.where else ""
    rows = rows_for(model, kept.from_, kept.where)
    return (
        f"select count(*) as said from {rows} as held "
        f"where {where}{value} is not null and ({nothing})"
    )


def _kept(model: Model, name: str) -> Kept:
    return model.history.history[name]


def _words(model: Model, name: str) -> Placeholders:
    """Those of the attribute, and of the field that holds its past."""
    entity, _, attribute = name.partition(".")
    kept = _kept(model, name)
    return model.placeholders(entity, attribute, (model.field(kept.from_, kept.value),))


def _is_text(model: Model, name: str) -> bool:
    kept = _kept(model, name)
    return model.field(kept.from_, kept.value).sql_type == "VARCHAR"
