"""The attributes about which sources can disagree."""

from __future__ import annotations

from workbook.model.model import Model

Field = tuple[str, str]  # entity, attribute


def shared_attributes(model: Model) -> tuple[Field, ...]:
    """The attributes that several sources hold; identifiers connect records and are left out unless they were decided."""
    decided = model.survivorship.fields if model.survivorship else {}
    found = []
    for entity in model.entity_names:
        if model.has_identity(entity):
            identifiers = set(model.identifiers_of(entity))
            for name, refs in model.attributes(entity).items():
                if len({ref.source for ref in refs}) > 1 and (name not in identifiers or f"{entity}.{name}" in decided):
                    found.append((entity, name))
    return tuple(found)
