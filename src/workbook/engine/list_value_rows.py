"""Rows of a source with one of its fields, one row for each value where the field holds a list."""

from __future__ import annotations

from workbook.engine.comparison_keys import by_row, key_name, keyed_rows, list_keys_name
from workbook.engine.sql import quote
from workbook.model import Model
from workbook.model.keyed_fields import keyed_fields
from workbook.model.table_names import list_table


def value_rows(model: Model, source: str, field: str) -> str:
    """What follows FROM, before an alias: the source's rows, or `_row`, `_record` and each
    value of a list; with the field's key where it has one.
    """
    if not model.field(source, field).split:
        return keyed_rows(model, source, [field])
    values, name = quote(list_table(source, field)), quote(field)
    if field not in keyed_fields(model, source):
        return f"(select _row, _record, value as {name} from {values})"
    key = quote(key_name(field))
    join = f"left join {quote(list_keys_name(source, field))} as k on k.value = v.value"
    if by_row(model.field(source, field)):
        join += " and k._row = v._row"
    return (
        f"(select v._row as _row, v._record as _record, v.value as {name}, k.{key} as {key}\nfrom"
        f" {values} as v\n{join})"
    )
