"""The past that is lost: fields that a system writes over and of which nobody keeps the values
before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from workbook.engine import quote
from workbook.history.entity_links import is_about
from workbook.model import FieldRef, Model, scalar_expression
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins

_DATED = ("date", "timestamp")


@dataclass(frozen=True)
class Overwritten:
    """An attribute that is kept nowhere: the source that writes over it, and what depends on it."""

    entity: str
    attribute: str
    source: str
    field: str
    used_by: tuple[str, ...]
    also_in: tuple[str, ...]  # dated sources with a field of that name, which could keep it

    @property
    def name(self) -> str:
        """As the model writes it."""
        return f"{self.entity}.{self.attribute}"


def overwritten(model: Model) -> tuple[Overwritten, ...]:
    """Every attribute, identifiers and times left out, whose source says when it wrote a row
    and not when it is true.
    """
    kept = set(model.history.history)
    found = []
    for entity in model.entity_names:
        identifiers = set(model.identifiers_of(entity))
        for attribute, refs in model.attributes(entity).items():
            written = [ref for ref in refs if _writes_over(model, ref)]
            if written and attribute not in identifiers and f"{entity}.{attribute}" not in kept:
                used = tuple(dict.fromkeys(_uses(model, entity, attribute)))
                found.append(
                    Overwritten(
                        entity,
                        attribute,
                        written[0].source,
                        written[0].field,
                        used,
                        _dated(model, entity, written[0]),
                    )
                )
    return tuple(sorted(found, key=lambda item: (-len(item.used_by), not item.also_in)))


def _writes_over(model: Model, ref: FieldRef) -> bool:
    source = model.sources.sources[ref.source]
    key = ref.field in source.primary_key
    return bool(
        source.recorded
        and not source.valid
        and ref.field != source.recorded
        and not key
        and model.field(ref.source, ref.field).type not in _DATED
    )


def _dated(model: Model, entity: str, ref: FieldRef) -> tuple[str, ...]:
    """Sources with a valid time that hold a field of the same name, type and words, and are
    about the entity.
    """
    own, found = model.field(ref.source, ref.field), []
    for name, source in model.sources.sources.items():
        if (
            source.valid
            and ref.field in source.fields
            and name != ref.source
            and is_about(model, entity, name)
        ):
            other = model.field(name, ref.field)
            if (other.declared_type, other.values) == (own.declared_type, own.values):
                found.append(name)
    return tuple(found)


def _uses(model: Model, entity: str, attribute: str) -> Iterator[str]:
    """Rules, metrics, questions, views and audiences that name an attribute."""
    section = model.metrics
    for name, rule in section.rules.items():
        texts = [
            (item, rule.of) if isinstance(item, str) else (item.where, item.some or item.no)
            for item in rule.conditions
        ]
        if any(_names(text, of, entity, attribute) for text, of in texts if text):
            yield name
    for name, metric in section.metrics.items():
        if f"{entity}.{attribute}" in metric.by:
            yield name
    for semantic in section.semantic_models.values():
        if semantic.of == entity and attribute in semantic.dimensions:
            yield f"{entity} by {attribute}"
    for name, question in model.questions.questions.items():
        if f"{entity}.{attribute}" in question.by:
            yield name
    yield from _views(model, entity, attribute)


def _views(model: Model, entity: str, attribute: str) -> Iterator[str]:
    """Views and audiences that show an attribute."""
    section = model.customer_360
    for name, shown in (*section.views.items(), *section.audiences.items()):
        own = shown.of == entity and attribute in shown.fields
        if own or f"{entity}.{attribute}" in shown.fields:
            yield name


def _names(text: str, of: str, entity: str, attribute: str) -> bool:
    tree, _ = scalar_expression(text)
    return any(
        node.name == attribute and (node.table or of) == entity
        for node in tree.find_all(exp.Column)
    )


def written_again_sql(model: Model, source: str) -> str:
    """One row: rows of a source, and those written more than a day after the earliest time that
    stands in them.

    NULL where no field tells when a row first appeared.
    """
    part = model.sources.sources[source]
    times = [
        name
        for name in part.fields
        if name != part.recorded and model.field(source, name).type in _DATED
    ]
    table, written = (
        quote(table_of(source)),
        wall_begins(model, source, part.recorded, quote(part.recorded)),
    )
    if not times:
        return (
            f"select count(*) as records, cast(null as bigint) as again, max({written}) as newest"
            f" from {table}"
        )
    stamps = [wall_begins(model, source, name, quote(name)) for name in times]
    first = f"least({', '.join(stamps)})" if len(stamps) > 1 else stamps[0]
    return (
        f"select count(*) as records, count(case when {written} > {first} + interval '1' day then 1"
        f" end) as again, max({written}) as newest from {table}"
    )
