"""The attributes about which sources can disagree."""

from __future__ import annotations

from workbook.model.model import Model

Field = tuple[str, str]  # entity, attribute


def shared_attributes(model: Model) -> tuple[Field, ...]:
    """The attributes that several sources hold; identifiers connect records and are left out
    unless they were decided.
    """
    decided = model.survivorship.fields
    return tuple(
        field
        for field in _held_by_several(model)
        if not _connects(model, field) or ".".join(field) in decided
    )


def shared_identifiers(model: Model) -> tuple[Field, ...]:
    """The attributes that `shared_attributes` leaves out: several sources hold them, and they
    only connect records.
    """
    shared = set(shared_attributes(model))
    return tuple(field for field in _held_by_several(model) if field not in shared)


def owner_of_attribute(model: Model, entity: str, name: str) -> str:
    """Who answers for an attribute: of one that several sources hold or that has a rule,
    whoever decides which wins; else its entity's owner.
    """
    decided = model.survivorship.fields
    chosen = f"{entity}.{name}" in decided or (entity, name) in shared_attributes(model)
    owner = model.owner_of("survivorship", "fields", f"{entity}.{name}") if chosen else ""
    return owner or model.owner_of("entities", "entities", entity)


def _held_by_several(model: Model) -> list[Field]:
    return [
        (entity, name)
        for entity in model.entity_names
        if model.has_identity(entity)
        for name, refs in model.attributes(entity).items()
        if len({ref.source for ref in refs}) > 1
    ]


def _connects(model: Model, field: Field) -> bool:
    return field[1] in model.identifiers_of(field[0])
