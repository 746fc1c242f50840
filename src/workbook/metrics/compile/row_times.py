"""What an entity's rows say about themselves: since when they are true, until when, when they
were written.
"""

from __future__ import annotations

from workbook.engine import quote
from workbook.model import Model
from workbook.model.times import wall_begins, wall_ends


def time_of(model: Model, entity: str) -> str:
    """The attribute that says when a row of an entity is true (its start), or ''.

    It is what a semantic model declares as its `time`, else the `valid` of the only source. A row
    that is resolved from several records has no valid time of its own, whatever its attributes are.
    """
    parts = model.metrics.semantic_models.values()
    declared = [part.time for part in parts if part.of == entity and part.time]
    return declared[0] if declared else _valid(model, entity, 0)


def end_time_of(model: Model, entity: str) -> str:
    """The attribute that says when a row of an entity stops being true, or ''."""
    starts = _valid(model, entity, 0)
    return _valid(model, entity, 1) if starts and starts == time_of(model, entity) else ""


def moment_sql(model: Model, entity: str, attribute: str, alias: str = "e") -> str:
    """What the business's clock shows at an attribute's value, as a timestamp; a date is its
    midnight.
    """
    place = model.attributes(entity)[attribute][0]
    return wall_begins(
        model, place.source, place.field, f"{alias}.{quote(model.column_of(entity, attribute))}"
    )


def end_sql(model: Model, entity: str, attribute: str, alias: str = "e") -> str:
    """What the business's clock shows when a row of a single-source entity no longer counts."""
    place = model.attributes(entity)[attribute][0]
    return wall_ends(
        model, place.source, place.field, f"{alias}.{quote(model.column_of(entity, attribute))}"
    )


def recorded_of(model: Model, entity: str) -> str:
    """The attribute that says when a row of a single-source entity was written, or ''."""
    source = _only_source(model, entity)
    recorded = (
        model.sources.sources[source].recorded if source and not model.is_open("sources") else ""
    )
    return attribute_of(model, entity, source, recorded) if recorded else ""


def attribute_of(model: Model, entity: str, source: str, field: str) -> str:
    """The attribute of the entity that holds a field of its source, or ''."""
    for name, places in model.attributes(entity).items():
        if any(
            place.source == source and place.field == field and not place.part for place in places
        ):
            return name
    return ""


def _valid(model: Model, entity: str, number: int) -> str:
    source = "" if model.has_identity(entity) else _only_source(model, entity)
    valid = model.sources.sources[source].valid if source and not model.is_open("sources") else ()
    return attribute_of(model, entity, source, valid[number]) if len(valid) > number else ""


def _only_source(model: Model, entity: str) -> str:
    sources = model.entity_sources(entity)
    known = model.sources.sources
    return sources[0] if len(sources) == 1 and sources[0] in known else ""
