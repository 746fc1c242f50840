"""The seven building blocks of a customer model, counted in this one."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.model import Model


@dataclass(frozen=True)
class BuildingBlock:
    """One building block by its name in the catalogue (`blocks.events`), and what this model
    has of it.
    """

    name: str
    found: tuple[str, ...]


def blocks(model: Model) -> tuple[BuildingBlock, ...]:
    """Entities, identifiers, attributes, relationships, events, rules and states, measures: in
    this order.
    """
    entities = model.entities.entities
    links = model.entities.relationships
    attributes = tuple(
        f"{entity}.{name}" for entity in entities for name in model.attributes(entity)
    )
    events = tuple(model.history.events)
    dated = tuple(name for name in model.entity_names if _happens(model, name))
    metrics = model.metrics
    rules = (
        *metrics.rules,
        *(f"{e} {s}" for e, states in _lifecycle(model) for s in states),
    )
    measures = tuple(
        m for semantic_model in metrics.semantic_models.values() for m in semantic_model.measures
    )
    return (
        BuildingBlock("entities", tuple(entities)),
        BuildingBlock("identifiers", tuple(model.identifier_places)),
        BuildingBlock("attributes", attributes),
        BuildingBlock("relationships", tuple(links)),
        BuildingBlock("events", (*dated, *events)),
        BuildingBlock("rules", rules),
        BuildingBlock("measures", measures),
    )


def _happens(model: Model, entity: str) -> bool:
    sources = model.entity_sources(entity)
    return len(sources) == 1 and bool(
        not model.is_open("sources") and model.sources.sources[sources[0]].valid
    )


def _lifecycle(model: Model) -> list[tuple[str, tuple[str, ...]]]:
    return [(entity, tuple(states)) for entity, states in model.history.lifecycle.items()]
