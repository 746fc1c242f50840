"""The fields that say when a row of a source is true belong to the rows that are made of it,
named or not.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.model.names import FieldRef, place_of
from workbook.model.schema import Entity, Sources


def unnamed_valid(sources: Sources, entity: Entity) -> Iterator[tuple[str, tuple[FieldRef, ...]]]:
    """The fields of `valid` of an entity's only source that none of its `attributes` names,
    each as an attribute.

    So a number has a month or has none by what the source says, and not by which attributes are
    listed.
    """
    if not entity.attributes or len(entity.from_) != 1 or entity.from_[0] not in sources.sources:
        return
    source = entity.from_[0]
    refs = [
        place_of(sources, path, name)
        for name, places in entity.attributes.items()
        for path in places
    ]
    held = {ref.field for ref in refs if ref and ref.source == source and not ref.part}
    for name in sources.sources[source].valid:
        if name not in held and name not in entity.attributes:
            yield name, (FieldRef(source, name),)
