"""The records of an entity that several systems know: one row each, before anything is resolved."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine import Table, quote
from workbook.engine.comparison_keys import key_name, keyed_rows, with_keys
from workbook.entities.attribute_sql import (
    STEP,
    attribute_key_sql,
    attribute_sql,
    classes_of,
    condition_sql,
    key_attributes,
    key_fields,
    recorded_sql,
    sql_type,
)
from workbook.entities.shown_spelling import shown_join
from workbook.model import Model
from workbook.model.conditions import condition_fields
from workbook.model.equality import one_spelling
from workbook.model.keyed_fields import carried, keyed_fields
from workbook.model.table_names import table_of


def records_table(model: Model, entity: str) -> Table:
    """`<entity>__records`: one record of one source, with the attributes of the entity that it
    holds.

    Our own columns (`_record`, `_source`, `_system`, `_recorded`) begin with an underscore, as
    no attribute may. `<attribute> key` is what identity and relationships compare of an
    attribute that is compared by more than its text.

    Rows of one source that repeat a key are the same record; the newest stands for them, as
    `single` has it.
    """
    classes = classes_of(model, entity)
    parts = [_records_of(model, entity, source) for source in model.entity_sources(entity)]
    return Table(
        name=f"{entity}__records",
        row_is=f"one record of one system about one {entity}",
        step=STEP,
        pattern="source-aligned",
        keys=("_record",),
        sql="\nunion all\n".join(parts),
        classes=classes
        | {
            key_name(model.column_of(entity, name)): model.class_of(f"{entity}.{name}")
            for name in carried(model, entity)
        },
    )


def _records_of(model: Model, entity: str, source: str) -> str:
    columns = [
        "_key as _record",
        f"cast('{source}' as varchar) as _source",
        f"cast('{model.system_of(source)}' as varchar) as _system",
        f"{recorded_sql(model, source)} as _recorded",
    ]
    values, joins = attribute_columns(model, entity, source)
    columns += [f"{value} as {quote(column)}" for column, value in values.items()]
    columns += [
        f"{attribute_key_sql(model, entity, name, source)} as"
        f" {quote(key_name(model.column_of(entity, name)))}"
        for name in carried(model, entity)
    ]
    fields = [
        field
        for name in carried(model, entity)
        for field in key_fields(model, entity, name, source)
    ]
    if not model.merges(entity):
        return (
            "select\n  "
            + ",\n  ".join(columns)
            + f"\nfrom {records_in(model, entity, source, fields, joins)}"
        )
    told = any(merge.source == source for merge in model.merges(entity))
    merged = "case when m.state = 'merged' then 1 else 0 end" if told else "0"
    whole = (
        "select\n  "
        + ",\n  ".join([*columns, f"{merged} as _merged"])
        + f"\nfrom {records_in(model, entity, source, fields, joins)}"
    )
    return f"{whole}\nunion all\n{_key_alone(model, entity, source)}" if told else whole


def attribute_columns(model: Model, entity: str, source: str) -> tuple[dict[str, str], list[str]]:
    """The value of each column of an entity over rows of a source, in the one spelling of its
    type, and the joins that it needs.
    """
    values, joins = {}, []
    for name, column in model.columns_of(entity).items():
        values[column] = attribute_sql(model, entity, name, source)
        if one_spelling(model, entity, name) and key_fields(model, entity, name, source):
            values[column], join = shown_join(entity, name, values[column])
            joins.append(join)
    return values, joins


def _key_alone(model: Model, entity: str, source: str) -> str:
    """Records that the source merged away and of which nothing stands but the key, which leads
    to their survivor.
    """
    held = key_attributes(model, entity, source)
    values = [
        f"cast({'m.key' if name in held else 'null'} as {sql_type(model, entity, name)}) as"
        f" {quote(column)}"
        for name, column in model.columns_of(entity).items()
    ]
    keys = [
        f"{'m.compared' if name in held else 'cast(null as varchar)'} as"
        f" {quote(key_name(model.column_of(entity, name)))}"
        for name in carried(model, entity)
    ]
    columns = [
        "m.record as _record",
        f"cast('{source}' as varchar) as _source",
        f"cast('{model.system_of(source)}' as varchar) as _system",
        "cast(null as timestamp) as _recorded",
    ]
    table = quote(f"{entity}__merges")
    return (
        "select\n  "
        + ",\n  ".join([*columns, *values, *keys, "1 as _merged"])
        + f"\nfrom {table} as m\nwhere m.source = '{source}' and m.stands = 'key'"
    )


def left_out_table(model: Model, entity: str) -> Table | None:
    """`<entity>__left_out`: rows that stand for their key and do not meet the entity's
    condition; None without one.

    A record that its source merged into one that does not meet it is left out with it.
    """
    asked = [source for source in model.entity_sources(entity) if model.where(entity, source)]
    reported = {merge.source for merge in model.merges(entity)}
    parts = []
    for source in asked:
        join = (
            f"\nleft join {quote(f'{entity}__merges')} as m on m.record = newest._key"
            if source in reported
            else ""
        )
        gone = (
            "not coalesce(m.stands = 'whole', coalesce(_met, 0) = 1)"
            if join
            else "coalesce(_met, 0) = 0"
        )
        parts.append(
            f"select cast('{source}' as varchar) as source, _row, _record as record, _met is null"
            f" as unknown\nfrom ({newest(model, entity, source)}) as newest{join}\nwhere _turn = 1"
            f" and {gone}"
        )
    row_is = (
        f"one row of a source that is no record of {entity}: the condition of the entity is false"
        " of it, or has no value (unknown)"
    )
    return (
        Table(
            f"{entity}__left_out",
            row_is,
            STEP,
            keys=("source", "_row"),
            sql="\nunion all\n".join(parts),
        )
        if parts
        else None
    )


def records_in(
    model: Model, entity: str, source: str, fields: Sequence[str] = (), joins: Sequence[str] = ()
) -> str:
    """What follows `from` to read the rows of a source that are records of an entity, with
    `_key`, the keys of some fields, and more joins.
    """
    met = " and _met = 1" if model.where(entity, source) else ""
    joined = "".join(f"\n{join}" for join in joins)
    rows = with_keys(model, source, fields, newest(model, entity, source))
    if any(merge.source == source for merge in model.merges(entity)):
        met = f" and coalesce(m.stands = 'whole', {'coalesce(_met, 0) = 1' if met else 'true'})"
        joined = f"\nleft join {quote(f'{entity}__merges')} as m on m.record = newest._key{joined}"
    return f"{rows} as newest{joined}\nwhere _turn = 1{met}"


def newest(model: Model, entity: str, source: str) -> str:
    """The rows of a source with `_turn` 1 where they stand, and `_key`, unique among those that do.

    Where the system says when it wrote a row, the newest row of a key stands. Where it does
    not, only exact copies give way: rows that share a key and differ are all kept, as `key`,
    `key~2`, so that no fact is lost. Where the entity has a condition, `_met` is 1 of a row
    that meets it, 0 of one that does not, NULL where it has no value; it is asked of the row
    that stands, so that no older version of a deleted row comes back.
    """
    table, field = (
        quote(table_of(source)),
        (model.sources.sources[source].recorded),
    )
    condition, apart = condition_sql(model, entity, source), ""
    if condition:
        met = f"case when {condition} then 1 when not ({condition}) then 0 end"
        fields = [
            name
            for name in condition_fields(model.where(entity, source))
            if name in keyed_fields(model, source)
        ]
        own = (
            ", ".join(quote(name) for name in ("_row", "_record", *model.fields(source)))
            if fields
            else "*"
        )
        rows = f"{keyed_rows(model, source, fields)} as compared" if fields else table
        table, apart = f"(select {own}, {met} as _met from {rows}) as asked", ", _met"
    if field:
        known = f"case when {quote(field)} is null then 1 else 0 end"
        window = f"partition by _record order by {known}, {quote(field)} desc, _row"
        return f"select *, _record as _key, row_number() over ({window}) as _turn from {table}"
    same = ", ".join(["_record", *(quote(name) for name in model.fields(source))])
    turns = f"select *, row_number() over (partition by {same} order by _row) as _turn from {table}"
    number = f"row_number() over (partition by _record, _turn{apart} order by _row)"
    again = "case when _turn = 1 and _copy > 1 then '~' || cast(_copy as varchar) else '' end"
    return (
        f"select *, _record || {again} as _key from (select *, {number} as _copy from ({turns}) as"
        " turns) as copies"
    )
