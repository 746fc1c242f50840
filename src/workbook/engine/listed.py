"""Rows of a source with one of its fields, one row for each value where the field holds a list."""

from __future__ import annotations

from workbook.engine.sql import quote
from workbook.model import Model
from workbook.model.table_names import list_table


def value_rows(model: Model, source: str, field: str) -> str:
    """What follows FROM, before an alias: the source's table, or `_row`, `_record` and each value of a list."""
    if not model.field(source, field).split:
        return quote(source.replace(".", "__"))
    values = quote(list_table(source, field))
    return f"(select _row, _record, value as {quote(field)} from {values})"
