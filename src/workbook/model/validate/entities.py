"""Names in 04_entities.yml: entities come from sources, relationships join entities."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.links import LIMITS
from workbook.model.model import Model
from workbook.model.schema import Entity, Relationship
from workbook.model.validate.step_validator import Place, Validator


def entities(model: Model) -> Iterator[Problem]:
    """Entities stand on sources; relationships on entities and on what both sides hold."""
    section, validator = model.entities, Validator(model, "entities")
    if model.is_open("entities"):
        return
    yield from validator.owner(section)
    systems = model.sources.systems
    for name, entity in section.entities.items():
        path = ("entities", name)
        yield from validator.owner(entity, *path)
        yield from validator.named(path, name)
        if name in systems:
            yield validator.problem(path, "model.entities.system_and_entity", name=name)
        for number, source in enumerate(entity.from_):
            yield from validator.source((*path, "from"), source)
            if source in entity.from_[:number]:
                yield validator.problem(
                    (*path, "from"), "model.entities.source_twice", entity=name, source=source
                )
        yield from _where(validator, (*path, "where"), name, entity)
        for attribute, texts in entity.attributes.items():
            here = (*path, "attributes", attribute)
            yield from validator.named(here, attribute)
            for text in texts:
                yield from validator.located(here, text, attribute)
                source = ".".join(text.split(".")[:2])
                if source in model.source_names and source not in entity.from_:
                    yield validator.problem(
                        here,
                        "model.entities.source_of_another",
                        text=text,
                        entity=name,
                        source=source,
                    )
    for name, link in section.relationships.items():
        yield from _relationship(validator, name, link)


def _where(
    validator: Validator, path: tuple[str, ...], name: str, entity: Entity
) -> Iterator[Problem]:
    """Conditions over fields of the entity's own sources, each true or false of a row."""
    declared = (
        dict.fromkeys(entity.from_, entity.where) if isinstance(entity.where, str) else entity.where
    )
    for source, text in declared.items():
        here = path if isinstance(entity.where, str) else (*path, source)
        if source not in entity.from_:
            yield from validator.known(here, "source", source, entity.from_, of=name)
        elif text:
            yield from validator.condition(here, text, source)


def _relationship(validator: Validator, name: str, link: Relationship) -> Iterator[Problem]:
    path, model = ("relationships", name), validator.model
    yield from validator.named(path, name)
    yield from validator.owner(link, *path)
    yield from validator.entity((*path, "from"), link.from_)
    yield from validator.entity((*path, "to"), link.to)
    if bool(link.by) == bool(link.through):
        yield validator.problem(
            path, "model.entities.no_way", name=name, both=bool(link.by and link.through)
        )
    if link.by:
        yield from _by(validator, name, link)
    if link.through:
        yield from validator.source((*path, "through"), link.through)
        if link.through in model.source_names:
            for side in (link.from_, link.to):
                if not _held(model, side, link.through):
                    yield validator.problem(
                        (*path, "through"),
                        "model.entities.no_identifier_of",
                        source=link.through,
                        entity=side,
                    )
        for field in link.attributes:
            yield from validator.field((*path, "attributes"), link.through, field)
    for entity in link.at_most:
        yield from validator.known(
            (*path, "at_most"), "side", entity, (link.from_, link.to), of=name
        )
        yield from _idle_limit(validator, (*path, "at_most"), link, entity)


def _idle_limit(
    validator: Validator, path: Place, link: Relationship, entity: str
) -> Iterator[Problem]:
    """A limit that the cardinality keeps already, so that nothing could ever exceed it."""
    of_from, of_to = LIMITS[link.cardinality]
    limit = {link.to: of_to, link.from_: of_from}.get(entity)
    if link.from_ != link.to and limit is not None and limit <= link.at_most[entity]:
        other = link.from_ if entity == link.to else link.to
        yield validator.problem(
            path,
            "model.entities.idle_limit",
            entity=entity,
            other=other,
            most=link.at_most[entity],
            cardinality=link.cardinality,
            limit=limit,
        )


def _by(validator: Validator, name: str, link: Relationship) -> Iterator[Problem]:
    path, model = ("relationships", name, "by"), validator.model
    if model.is_open("sources") or any(
        e not in (validator.model.entities.entities) for e in (link.from_, link.to)
    ):
        return
    words = link.by.split(".")
    target = link.as_ or link.by
    if len(words) == 1:
        yield from validator.known(
            path, "identifier", link.by, model.attributes(link.from_), of=link.from_
        )
    elif len(words) == 2:
        yield from validator.attribute(path, link.from_, words[1])
    else:
        yield from validator.located(path, link.by, words[-1])
    if len(words) > 1 and not link.as_:
        yield validator.problem(path, "model.entities.no_target", by=link.by, entity=link.to)
    else:
        yield from validator.known(path, "attribute", target, model.attributes(link.to), of=link.to)


def _held(model: Model, entity: str, source: str) -> list[str]:
    """Identifiers of an entity that stand in another source."""
    places = model.identifier_places
    return [
        name
        for name in model.identifiers_of(entity)
        if any(ref.source == source for ref in places[name])
    ]
