"""Which entities are people, and of which each row leads to one person: their ids are personal,
whatever they look like.
"""

from __future__ import annotations

from workbook.model.links import to_one_links
from workbook.model.model import Model
from workbook.privacy import guess, shown

WHO = ("email", "full_name", "phone")  # types of an attribute that says who somebody is


def is_person(model: Model, entity: str) -> bool:
    """Whether each row of an entity is one person.

    It is where somebody may ask that it be forgotten, where a source names it by a personal id,
    or where it has an address, a number or a name of its own; the name of an employee who looks
    after it is none.
    """
    if entity not in model.entity_names:
        return False
    if entity in model.history.erasures:
        return True
    return any(
        _is_named_by_person(model, source) for source in model.entity_sources(entity)
    ) or any(_says_who(model, entity, name) for name in model.attributes(entity))


def leads_to_person(model: Model, entity: str) -> bool:
    """Whether each row of an entity is one person, or leads to one: a ticket to whoever asked."""
    seen, waiting = set[str](), [entity]
    while waiting:
        one = waiting.pop()
        if is_person(model, one):
            return True
        seen.add(one)
        waiting += [link.to for _, link in to_one_links(model, start=one) if link.to not in seen]
    return False


def _is_named_by_person(model: Model, source: str) -> bool:
    """Whether a source names each of its rows by one personal id."""
    keys = model.sources.sources[source].primary_key
    return (
        len(keys) == 1
        and keys[0] in model.fields(source)
        and not shown(model.field(source, keys[0]).cls)
    )


def _says_who(model: Model, entity: str, name: str) -> bool:
    refs = model.attributes(entity)[name]
    if not refs or shown(model.class_of(f"{entity}.{name}")):
        return False
    kind = model.type_of(entity, name)
    if kind != "person_name":
        return kind in WHO
    found = [guess(ref.field) for ref in refs]
    return any(
        ref.part or (one is not None and one.word == "name")
        for ref, one in zip(refs, found, strict=True)
    )
