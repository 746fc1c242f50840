"""Attributes of which a record holds several values: each value as a row, to be compared."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.comparison_keys import key_sql
from workbook.engine.list_value_rows import value_rows
from workbook.entities.attribute_sql import STEP, key_attributes, part_sql
from workbook.entities.records import records_in
from workbook.model import FieldRef, Model
from workbook.model.keyed_fields import lists_by_value
from workbook.model.table_names import listed_name


def listed_tables(model: Model, entity: str) -> list[Table]:
    """`<entity>__<attribute>__listed` of every list by which records are matched or counted.

    A record's values are those of all places of the attribute: a mailbox of its own, and those in
    a list beside it.
    """
    return [_table(model, entity, name) for name in lists_by_value(model, entity)]


def _table(model: Model, entity: str, attribute: str) -> Table:
    refs = [
        ref
        for ref in model.attributes(entity)[attribute]
        if ref.source in model.entity_sources(entity)
    ]
    keyed = not any(ref.part for ref in refs)  # a part of a name has no key of its own
    parts = [_values(model, entity, ref, keyed=keyed) for ref in refs]
    parts += [
        _keys_alone(entity, source, keyed=keyed)
        for source in dict.fromkeys(merge.source for merge in model.merges(entity))
        if attribute in key_attributes(model, entity, source)
    ]
    columns = ("value", "key") if keyed else ("value",)
    return Table(
        name=listed_name(entity, model.column_of(entity, attribute)),
        row_is=f"one value of {attribute} that one record of {entity} holds",
        step=STEP,
        pattern="source-aligned",
        keys=("_record", *columns),
        sql="\nunion\n".join(parts),
        classes=dict.fromkeys(columns, model.class_of(f"{entity}.{attribute}")),
    )


def _values(model: Model, entity: str, ref: FieldRef, *, keyed: bool) -> str:
    """The values of one place in the rows that are records of the entity."""
    value = part_sql(ref, f"v.{quote(ref.field)}")
    key = f", {key_sql(model, ref.source, ref.field, 'v')} as key" if keyed else ""
    return (
        f"select r._key as _record, cast({value} as varchar) as value{key}\n"
        f"from (select _row, _key from {records_in(model, entity, ref.source)}) as r\n"
        f"join {value_rows(model, ref.source, ref.field)} as v on v._row = r._row\n"
        f"where {value} is not null"
    )


def _keys_alone(entity: str, source: str, *, keyed: bool) -> str:
    """Records that the source merged away and of which nothing stands but the key."""
    key = ", cast(m.key as varchar) as key" if keyed else ""
    return (
        f"select m.record as _record, cast(m.key as varchar) as value{key}\n"
        f"from {quote(f'{entity}__merges')} as m\nwhere m.source = '{source}' and m.stands = 'key'"
    )
