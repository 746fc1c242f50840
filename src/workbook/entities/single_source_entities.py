"""Entities with one source and nothing to resolve: their rows by key, and the rows that a key
has twice.
"""

from __future__ import annotations

from dataclasses import replace

from workbook.engine import Table, quote
from workbook.entities.attribute_sql import STEP, classes_of, stated_sql
from workbook.entities.records import attribute_columns, newest, records_in
from workbook.model import Model, erased_name, scalar_expression


def single_tables(model: Model, entity: str) -> list[Table]:
    """`<entity>`: one row per key of its source.

    `<entity>__set_aside`: rows that repeat a key, so that none is lost.

    Where people may ask to be forgotten, `<entity>__as_held` is the row as its system holds it,
    and `<entity>` is without the personal values of whoever asked.
    """
    source = model.entity_sources(entity)[0]
    values, joins = attribute_columns(model, entity, source)
    attributes = [
        f"{stated_sql(model, entity, name, values[column])} as {quote(column)}"
        for name, column in model.columns_of(entity).items()
    ]
    columns = [f"substr(_key, {len(source) + 2}) as id", *attributes, "_record"]
    row_is = model.entities.entities[entity].row_is
    held = Table(
        name=model.as_held(entity),
        row_is=row_is or f"one {entity}",
        step=STEP,
        pattern=pattern_of(model, entity, source),
        keys=("id",),
        sql="select\n  "
        + ",\n  ".join(columns)
        + f"\nfrom {records_in(model, entity, source, joins=joins)}",
        classes=classes_of(model, entity),
    )
    aside = Table(
        name=f"{entity}__set_aside",
        row_is=(
            f"one row of {source} that another stands for: an older version of it, or an exact copy"
        ),
        step=STEP,
        keys=("_row",),
        sql=(
            f"select _row, _record, _turn as turn\nfrom ({newest(model, entity, source)}) as"
            " newest\nwhere _turn > 1"
        ),
    )
    return (
        [held, aside]
        if held.name == entity
        else [held, aside, _without_the_erased(model, entity, held)]
    )


def _without_the_erased(model: Model, entity: str, held: Table) -> Table:
    gone = model.forgotten(entity)
    columns = [
        (
            f"case when asked.id is null then held.{quote(column)} end as {quote(column)}"
            if name in gone
            else f"held.{quote(column)} as {quote(column)}"
        )
        for name, column in model.columns_of(entity).items()
    ]
    sql = (
        "select held.id as id, "
        + ",\n  ".join([*columns, "held._record as _record"])
        + f"\nfrom {quote(held.name)} as held\nleft join {quote(erased_name(entity))} as asked on"
        " asked.id = held.id"
    )
    return replace(held, name=entity, sql=sql)


def pattern_of(model: Model, entity: str, source: str) -> str:
    """What kind of table it is: consent where a permission is kept from its source, event where
    rows happen, else canonical.
    """
    if source in permission_sources(model):
        return "consent"
    return (
        "event"
        if not model.is_open("sources") and len(model.sources.sources[source].valid) == 1
        else "canonical"
    )


def permission_sources(model: Model) -> set[str]:
    """Sources of the attributes on which a purpose or an audience makes use of a person depend."""
    conditions = [purpose.only_if for purpose in model.ai_context.purposes.values()]
    if not model.is_open("customer_360"):
        conditions += [
            text
            for audience in model.customer_360.audiences.values()
            for text in (audience.consent, audience.opt_out)
        ]
    asked = {name for text in conditions if text for name in scalar_expression(text)[1]}
    kept = model.history.history
    return {part.from_ for name, part in kept.items() if name in asked}
