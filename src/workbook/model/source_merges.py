"""The source's own merges: which of its records it says to be one, and where it says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workbook.model.names import FieldRef
from workbook.model.schema import Sources


@dataclass(frozen=True)
class Merge:
    """A field that names merges: in the rows of `told_by`, of records of `source`, which the
    field `key` names.

    `listed` says that the row is the survivor and the field lists what was merged into it; else
    the row was merged away and the field names its survivor.
    """

    source: str
    told_by: str
    key: str
    field: str
    listed: bool


def merges_among(
    sources: Sources,
    own: Collection[str],
    identifiers: Mapping[str, Collection[FieldRef]],
    places: Mapping[str, Collection[FieldRef]],
) -> tuple[Merge, ...]:
    """Every field that tells of merges among the records of an entity: in its own sources, or
    in a table of merges.

    A table of merges is a source whose key is an identifier that is also the key of a source of
    the entity. `own` are the sources of the entity, `identifiers` the places of its identifiers
    in them, `places` those of all identifiers.
    """
    found = []
    for told_by, spec in sources.sources.items():
        named = [
            (field, listed)
            for field, listed in ((spec.merged_into, False), (spec.merged_from, True))
            if field in spec.fields
        ]
        if (
            named
            and len(spec.primary_key) == 1
            and (source := _about(sources, told_by, own, identifiers, places))
        ):
            found += [
                Merge(source, told_by, spec.primary_key[0], field, listed)
                for field, listed in named
            ]
    return tuple(found)


def _about(
    sources: Sources,
    told_by: str,
    own: Collection[str],
    identifiers: Mapping[str, Collection[FieldRef]],
    places: Mapping[str, Collection[FieldRef]],
) -> str:
    """The source of the entity whose records the merges are about; '' where they are about none
    of it.
    """
    if told_by in own:
        return told_by

    def is_key(ref: FieldRef) -> bool:
        return sources.sources[ref.source].primary_key == (ref.field,)

    for name, refs in identifiers.items():
        homes = [ref.source for ref in refs if is_key(ref)]
        if homes and any(ref.source == told_by and is_key(ref) for ref in places[name]):
            return homes[0]
    return ""
