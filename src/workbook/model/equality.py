"""What the model's names are compared by: attributes of entities, fields of sources, and the
conditions over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sqlglot import exp

from workbook.errors import WorkbookError
from workbook.model.comparisons import MethodOf, compared_columns
from workbook.model.expressions import ExpressionError
from workbook.model.model import Model
from workbook.model.names import dimension_of
from workbook.model.types import EXACT, METHODS, TYPES, grouping_of
from workbook.words import error_of


def method_of(model: Model, entity: str, attribute: str) -> str:
    """The method by which values of an attribute, or of what is only kept of its past, are
    compared; '' of what is no text, or unknown.
    """
    kept = (
        model.history.history.get(f"{entity}.{attribute}") if not model.is_open("history") else None
    )
    refs = model.attributes(entity).get(attribute, ())
    if any(model.field(ref.source, ref.field).split for ref in refs):
        return ""
    if refs:
        kind, method = model.type_of(entity, attribute), model.normaliser_of(entity, attribute)
    elif kept and kept.from_ in model.source_names and kept.value in model.fields(kept.from_):
        field = model.field(kept.from_, kept.value)
        kind, method = field.type, field.method
    else:
        return EXACT if attribute == model.id_of(entity) else ""
    return method if TYPES[kind].sql_type == "VARCHAR" else ""


def grouped_by(model: Model, entity: str, attribute: str) -> str:
    """The method by which values of an attribute share a segment, a filter and a count; '' of
    what is no text, or unknown.
    """
    name, colon, region = method_of(model, entity, attribute).partition(":")
    return grouping_of(name) + colon + region


def one_spelling(model: Model, entity: str, attribute: str) -> bool:
    """Whether tables of an entity hold one spelling of each value of an attribute."""
    refs = model.attributes(entity).get(attribute, ())
    method = model.normaliser_of(entity, attribute).partition(":")[0]
    whole = not any(ref.part or model.field(ref.source, ref.field).split for ref in refs)
    return bool(refs) and METHODS[method].one_spelling and whole


def spelled_once(model: Model, entity: str, attribute: str) -> bool:
    """Whether tables of entities and their past hold one spelling of each value of an attribute."""
    if model.attributes(entity).get(attribute):
        return one_spelling(model, entity, attribute)
    name = method_of(model, entity, attribute)
    return name in METHODS and METHODS[name].one_spelling


def in_entity(model: Model, entity: str) -> MethodOf:
    """The method of every column of an expression over an entity."""
    return lambda column: grouped_by(model, column.table or entity, column.name)


def in_records(model: Model, entity: str) -> MethodOf:
    """The method of every column of an expression over the records of an entity; pages, which
    are matched by their domain, are refused.
    """

    def of_attribute(column: exp.Column) -> str:
        method = grouped_by(model, entity, column.name)
        if method == "web_address":
            raise error_of(ExpressionError, "model.sql.url_in_records", name=column.name)
        return method

    return of_attribute


def in_source(model: Model, source: str) -> MethodOf:
    """The method of every column of a condition over a source; names and pages, which are
    matched by less than their text, are refused.
    """

    def of_field(column: exp.Column) -> str:
        field = model.fields(source).get(column.name)
        if field is None or field.split or TYPES[field.type].sql_type != "VARCHAR":
            return ""
        if grouping_of(field.normalise) != field.normalise:
            raise error_of(
                ExpressionError,
                "model.sql.not_compared_in_a_source",
                name=column.name,
                type=field.declared_type,
            )
        return field.method

    return of_field


@lru_cache(maxsize=8)
def segmented(model: Model) -> tuple[tuple[str, str], ...]:
    """Attributes (entity, attribute) that are grouped or compared by a key which no column of
    their table holds.
    """
    found = dict.fromkeys(_used(model))
    return tuple(
        (entity, name)
        for entity, name in found
        if grouped_by(model, entity, name) not in ("", EXACT)
        and not spelled_once(model, entity, name)
    )


def _used(model: Model) -> Iterator[tuple[str, str]]:
    known = set(model.entity_names)
    for name in model.history.history:
        entity, _, attribute = name.partition(".")
        if entity in known and model.attributes(entity).get(attribute):
            yield entity, attribute
    for _, of, name in names_used(model):
        owner, _, attribute = name.rpartition(".")
        if (owner or of) in known and model.attributes(owner or of).get(attribute):
            yield owner or of, attribute


def names_used(model: Model) -> Iterator[tuple[str, str, str]]:
    """What uses it, the entity, and `attribute` or `other.attribute`, of every segment,
    comparison, count of different values and `latest_per`.
    """
    yield from _in_metrics(model)
    for name, check in model.checks.checks.items():
        yield from _compared(name, check.on, check.must)
    for name, view in model.customer_360.views.items():
        yield from _compared(name, view.of, view.only)
    for name, item in model.customer_360.audiences.items():
        yield from (
            found
            for text in (item.only, item.consent, item.opt_out)
            for found in _compared(name, item.of, text)
        )
    for name, purpose in model.ai_context.purposes.items():
        yield from (
            found
            for entity in model.entity_names
            for found in _compared(name, entity, purpose.only_if)
        )


def _in_metrics(model: Model) -> Iterator[tuple[str, str, str]]:
    section = model.metrics
    if model.is_open("metrics"):
        return
    measured = {
        title: (semantic.of, measure)
        for semantic in section.semantic_models.values()
        for title, measure in semantic.measures.items()
    }
    for name, metric in section.metrics.items():
        of, measure = measured.get(metric.measure, ("", None))
        yield from (
            (name, of, dimension_of(text)._replace(event="", then=False).name) for text in metric.by
        )
        yield from _compared(name, of, metric.filter)
        if measure:
            yield from (
                (name, of, text)
                for text in (
                    measure.expr if measure.agg == "count_distinct" else "",
                    measure.latest_per,
                )
                if text
            )
            yield from _compared(name, of, measure.expr)
    for name, rule in section.rules.items():
        for item in rule.conditions:
            yield from (
                _compared(name, rule.of, item)
                if isinstance(item, str)
                else _compared(name, _thing(model, item.some or item.no), item.where)
            )


def _thing(model: Model, name: str) -> str:
    """The entity whose rows a clause counts."""
    event = model.history.events.get(name) if not model.is_open("history") else None
    return next(
        (
            entity
            for entity in model.entity_names
            if event and model.entity_sources(entity) == (event.from_,)
        ),
        name,
    )


def _compared(user: str, entity: str, text: str) -> Iterator[tuple[str, str, str]]:
    try:
        columns = compared_columns(text) if text else ()
    except WorkbookError:  # validation names it
        return
    yield from ((user, entity, ".".join(part.name for part in column.parts)) for column in columns)
