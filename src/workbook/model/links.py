"""The relationships by which a row leads to at most one row of another entity, and what names
an entity elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.model.model import Model
from workbook.model.names import FieldRef
from workbook.model.schema import Relationship

TO_ONE = ("many to one", "one to one")
# How many rows of `from` may share one of `to`, and how many of `to` one of `from` may lead to;
# None: any number.
LIMITS: dict[str, tuple[int | None, int | None]] = {
    "many to one": (None, 1),
    "one to one": (1, 1),
    "one to many": (1, None),
    "many to many": (None, None),
}


def is_to_one(link: Relationship) -> bool:
    """Whether each row of its `from` leads to at most one row of its `to`."""
    return link.cardinality in TO_ONE


def to_one_links(
    model: Model, start: str = "", end: str = ""
) -> Iterator[tuple[str, Relationship]]:
    """The to-one relationships by name, in the order of the model; from one entity, and to
    another, where named.
    """
    for name, link in (model.entities.relationships).items():
        if is_to_one(link) and start in ("", link.from_) and end in ("", link.to):
            yield name, link


def splitting_links(
    model: Model, start: str = "", end: str = ""
) -> Iterator[tuple[str, Relationship]]:
    """The relationships along which a number can be split, by name.

    They are the to-one ones, and those that are many to many, of which rows that belong to several
    are a segment of their own.
    """
    for name, link in (model.entities.relationships).items():
        splits = is_to_one(link) or link.cardinality == "many to many"
        if splits and start in ("", link.from_) and end in ("", link.to):
            yield name, link


def strongest_identifier(model: Model, entity: str, source: str) -> tuple[str, str] | None:
    """The identifier by which rows of a source name an entity, and the source's field that
    holds it; None without one.

    One that is the key of a source of the entity comes first, then a strong one, then the order of
    the declaration; of its fields one that holds a single value comes before a list.
    """
    part, places = model.sources, model.identifier_places
    found = []
    for number, (name, own) in enumerate(model.identifiers_of(entity).items()):
        is_key = any(is_home(model, ref) for ref in own)
        strong = (
            part.identifiers[name].strength == "strong" if not model.is_open("sources") else False
        )
        found += [
            (
                not is_key,
                not strong,
                number,
                bool(model.field(source, ref.field).split),
                name,
                ref.field,
            )
            for ref in places[name]
            if ref.source == source
        ]
    if not found:
        return None
    *_, name, field = min(found)
    return name, field


def is_home(model: Model, ref: FieldRef) -> bool:
    """Whether a field is the whole key of its source."""
    return bool(
        not model.is_open("sources")
        and model.sources.sources[ref.source].primary_key == (ref.field,)
    )
