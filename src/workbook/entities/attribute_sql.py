"""One attribute of an entity as SQL over one of its sources."""

from __future__ import annotations

from workbook.engine import quote
from workbook.engine.comparison_keys import key_sql
from workbook.model import FieldRef, Model, nothing_sql
from workbook.model.as_of import as_of_day
from workbook.model.conditions import condition
from workbook.model.times import begins, wall_begins, zone_of

STEP = "04_entities"


def sql_type(model: Model, entity: str, attribute: str) -> str:
    """The SQL type of an attribute's column."""
    return model.sql_type_of(entity, attribute)


def classes_of(model: Model, entity: str) -> dict[str, str]:
    """The privacy class of each attribute's column."""
    return {
        model.column_of(entity, name): model.class_of(f"{entity}.{name}")
        for name, refs in model.attributes(entity).items()
        if refs
    }


def attribute_sql(model: Model, entity: str, attribute: str, source: str) -> str:
    """The attribute's value in a row of the source, cast to its type; NULL where the source has
    none.
    """
    kind = sql_type(model, entity, attribute)
    refs = [ref for ref in model.attributes(entity)[attribute] if ref.source == source]
    values = [_value(model, ref, kind) for ref in refs]
    if not values:
        return f"cast(null as {kind})"
    value = values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"
    return f"cast({value} as {kind})"


def stated_sql(model: Model, entity: str, attribute: str, value: str) -> str:
    """A value of an attribute, NULL also where it is a word that means nothing (`N/A`,
    `unknown`).
    """
    if sql_type(model, entity, attribute) != "VARCHAR":
        return value
    return (
        f"case when {nothing_sql(value, model.placeholders(entity, attribute))} then null else"
        f" {value} end"
    )


def condition_sql(model: Model, entity: str, source: str) -> str:
    """The condition that rows of a source meet to be records of an entity, over the fields of
    the source; '' where all are.
    """
    said = model.where(entity, source)
    return condition(model, source, said, as_of_day(model)) if said else ""


def key_attributes(model: Model, entity: str, source: str) -> tuple[str, ...]:
    """The attributes of an entity that hold the key of a source."""
    key = model.sources.sources[source].primary_key
    return tuple(
        name
        for name, refs in model.attributes(entity).items()
        if any(ref.source == source and (ref.field,) == key and not ref.part for ref in refs)
    )


def attribute_key_sql(
    model: Model, entity: str, attribute: str, source: str, alias: str = ""
) -> str:
    """The key by which the attribute's value in a row of the source is compared; NULL where the
    source has none.
    """
    before = f"{alias}." if alias else ""
    refs = [ref for ref in model.attributes(entity)[attribute] if ref.source == source]
    keys = [key_sql(model, source, ref.field, alias) for ref in refs]
    if len(keys) < 2:
        return keys[0] if keys else "cast(null as varchar)"
    turns = " ".join(
        f"when {before}{quote(ref.field)} is not null then {key}"
        for ref, key in zip(refs, keys, strict=True)
    )
    return f"case {turns} end"


def key_fields(model: Model, entity: str, attribute: str, source: str) -> tuple[str, ...]:
    """The fields of a source that an attribute comes from."""
    return tuple(ref.field for ref in model.attributes(entity)[attribute] if ref.source == source)


def recorded_sql(model: Model, source: str) -> str:
    """When the system last wrote the row, or NULL where the source does not say."""
    field = model.sources.sources[source].recorded
    return begins(model, source, field, quote(field)) if field else "cast(null as timestamp)"


def _value(model: Model, ref: FieldRef, kind: str) -> str:
    """The field; a day among times is the business's midnight, and a time among days its day of
    the business.
    """
    field, own = quote(ref.field), model.field(ref.source, ref.field).type
    if zone_of(model) and (own, kind) == ("date", "TIMESTAMP"):
        return begins(model, ref.source, ref.field, field)
    if zone_of(model) and (own, kind) == ("timestamp", "DATE"):
        return f"cast({wall_begins(model, ref.source, ref.field, field)} as date)"
    return part_sql(ref, field)


def part_sql(ref: FieldRef, value: str) -> str:
    """The part of a full name that a place means; any other value as it is."""
    return {"first": first_name, "last": last_name}[ref.part](value) if ref.part else value


def first_name(name: str) -> str:
    """The given name in `Karen Smith` and in `Smith, Karen`; a single word is a given name."""
    return (
        f"nullif(case when strpos({name}, ',') > 0 then trim(split_part({name}, ',', 2)) "
        f"else split_part(trim({name}), ' ', 1) end, '')"
    )


def last_name(name: str) -> str:
    """The family name in `Karen Smith` (the last word) and in `Smith, Karen`; NULL for a single
    word.
    """
    last = f"reverse(split_part(reverse(trim({name})), ' ', 1))"
    return (
        f"nullif(case when strpos({name}, ',') > 0 then trim(split_part({name}, ',', 1)) "
        f"when strpos(trim({name}), ' ') > 0 then {last} end, '')"
    )
