"""The records of an entity that several systems know: one row each, before anything is resolved."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.keys import key_name, with_keys
from workbook.entities.columns import STEP, attribute_key_sql, attribute_sql, classes_of, key_fields, recorded_sql, table_of
from workbook.entities.spelling import shown_join
from workbook.model import Model
from workbook.model.keys import carried


def records_table(model: Model, entity: str) -> Table:
    """`<entity>__records`: one record of one source, with the attributes of the entity that it holds.

    `<attribute> key` is what identity and relationships compare of an attribute that is compared by more than its text.

    Rows of one source that repeat a key are the same record; the newest stands for them, as `single` has it.
    """
    classes = classes_of(model, entity)
    parts = [_records_of(model, entity, source) for source in model.entity_sources(entity)]
    return Table(
        name=f"{entity}__records",
        row_is=f"one record of one system about one {entity}",
        step=STEP,
        pattern="source-aligned",
        keys=("record",),
        sql="\nunion all\n".join(parts),
        classes=classes | {key_name(name): classes.get(name, "internal") for name in carried(model, entity)},
    )


def _records_of(model: Model, entity: str, source: str) -> str:
    columns = [
        "_key as record",
        f"cast('{source}' as varchar) as source",
        f"cast('{model.system_of(source)}' as varchar) as system",
        f"{recorded_sql(model, source)} as recorded",
    ]
    values, joins = attribute_columns(model, entity, source)
    keys = [f"{attribute_key_sql(model, entity, name, source)} as {quote(key_name(name))}" for name in carried(model, entity)]
    fields = [field for name in carried(model, entity) for field in key_fields(model, entity, name, source)]
    rows = with_keys(model, source, fields, f"select * from ({newest(model, source)}) as turned where _turn = 1")
    return "select\n  " + ",\n  ".join([*columns, *values, *keys]) + f"\nfrom {rows} as newest" + "".join(f"\n{join}" for join in joins)


def attribute_columns(model: Model, entity: str, source: str) -> tuple[list[str], list[str]]:
    """Every attribute as a column over rows of a source, in the one spelling of its type, and the joins that it needs."""
    columns, joins = [], []
    for name in model.attributes(entity):
        value = attribute_sql(model, entity, name, source)
        if model.one_spelling(entity, name) and key_fields(model, entity, name, source):
            value, join = shown_join(entity, name, value)
            joins.append(join)
        columns.append(f"{value} as {quote(name)}")
    return columns, joins


def newest(model: Model, source: str) -> str:
    """The rows of a source with `_turn` 1 where they stand, and `_key`, unique among those that do.

    Where the system says when it wrote a row, the newest row of a key stands. Where it does not, only exact copies
    give way: rows that share a key and differ are all kept, as `key`, `key~2`, so that no fact is lost.
    """
    table, field = quote(table_of(source)), model.sources.sources[source].recorded if model.sources else ""
    if field:
        known = f"case when {quote(field)} is null then 1 else 0 end"
        turn = f"partition by _record order by {known}, {quote(field)} desc, _row"
        return f"select *, _record as _key, row_number() over ({turn}) as _turn from {table}"
    same = ", ".join(["_record", *(quote(name) for name in model.fields(source))])
    turns = f"select *, row_number() over (partition by {same} order by _row) as _turn from {table}"
    number = "row_number() over (partition by _record, _turn order by _row)"
    again = "case when _turn = 1 and _copy > 1 then '~' || cast(_copy as varchar) else '' end"
    return f"select *, _record || {again} as _key from (select *, {number} as _copy from ({turns}) as turns) as copies"
