"""Which fields need a key of their own, because something joins, matches or compares them by
more than their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from workbook.errors import WorkbookError
from workbook.model.dated_by import logged_conditions
from workbook.model.expressions import scalar_expression
from workbook.model.model import Model
from workbook.model.names import FieldRef
from workbook.model.schema import EntityIdentity
from workbook.model.types import METHODS


def keyed_fields(model: Model, source: str) -> tuple[str, ...]:
    """The fields of a source whose values are compared by a key, in the order of the source."""
    return _keyed(model).get(source, ())


def carried(model: Model, entity: str) -> tuple[str, ...]:
    """The attributes whose keys the records of an entity bring along."""
    return _carried(model).get(entity, ())


def compared_by_identity(spec: EntityIdentity) -> tuple[str, ...]:
    """The attributes that rules, never-merge keys, the guard and suggestions compare."""
    named = [name for rule in spec.rules for name in rule.match]
    suggest = spec.suggest
    more = (
        [
            *suggest.compare,
            *(word for block in suggest.block_on for word in re.findall(r"\w+", block)),
        ]
        if suggest
        else []
    )
    return tuple(dict.fromkeys([*named, *spec.never_merge, *spec.guard.distinct_per_value, *more]))


def lists_by_value(model: Model, entity: str) -> tuple[str, ...]:
    """The lists of which each value counts: identifiers, and what identity compares."""
    spec = model.identity.identity.get(entity) if not model.is_open("identity") else None
    named = (*(compared_by_identity(spec) if spec else ()), *model.identifiers_of(entity))
    return tuple(name for name in dict.fromkeys(named) if model.is_list(entity, name))


@lru_cache(maxsize=8)
def _keyed(model: Model) -> dict[str, tuple[str, ...]]:
    wanted = set(_wanted(model))
    return {
        source: tuple(
            name
            for name, field in model.fields(source).items()
            if not field.exact and (source, name) in wanted
        )
        for source in model.source_names
    }


@lru_cache(maxsize=8)
def _carried(model: Model) -> dict[str, tuple[str, ...]]:
    found = {}
    for entity in model.entity_names:
        if model.has_identity(entity):
            named = set(_compared(model, entity))
            found[entity] = tuple(
                name
                for name, refs in model.attributes(entity).items()
                if name in named and _has_key(model, refs)
            )
    return found


def _has_key(model: Model, refs: tuple[FieldRef, ...]) -> bool:
    """Whether an attribute is a whole field everywhere, and compared by more than its text
    somewhere.
    """
    return any(not model.field(ref.source, ref.field).exact for ref in refs) and not any(
        ref.part or model.field(ref.source, ref.field).split for ref in refs
    )


def _wanted(model: Model) -> Iterator[tuple[str, str]]:
    for refs in model.identifier_places.values():
        yield from ((ref.source, ref.field) for ref in refs)
    for entity in model.entity_names:
        for attribute in _compared(model, entity):
            refs = model.attributes(entity).get(attribute, ())
            yield from ((ref.source, ref.field) for ref in refs if not ref.part)
    for link in model.entities.relationships.values():
        source, _, field = link.by.rpartition(".")
        if source in model.source_names:
            yield source, field
    yield from _in_conditions(model)


def _compared(model: Model, entity: str) -> Iterator[str]:
    """The attributes of an entity that something compares by a key which its records bring."""
    yield from _joined(model, entity)
    yield from _by_identity(model, entity)
    yield from _by_rules(model, entity)
    yield from _by_place(model, entity)


def _joined(model: Model, entity: str) -> Iterator[str]:
    """The attributes of an entity by which a relationship finds it."""
    for link in model.entities.relationships.values():
        by = link.by.split(".")
        if link.from_ == entity and len(by) < 3:
            yield by[-1]
        if link.to == entity:
            yield link.as_ or by[-1]
        if link.through and entity in (link.from_, link.to):
            yield from model.identifiers_of(entity)


def _by_identity(model: Model, entity: str) -> Iterator[str]:
    """What identity compares and no table holds in one spelling already; no table does of lists."""
    spec = model.identity.identity.get(entity) if not model.is_open("identity") else None
    for name in compared_by_identity(spec) if spec else ():
        method = model.normaliser_of(entity, name).partition(":")[0]
        if not METHODS[method].one_spelling or model.is_list(entity, name):
            yield name


def _by_rules(model: Model, entity: str) -> Iterator[str]:
    """What expressions of survivorship compare of an entity's records."""
    fields = model.survivorship.fields
    for name, rule in fields.items():
        if rule.expr and name.partition(".")[0] == entity:
            yield from _names(rule.expr)


def _by_place(model: Model, entity: str) -> Iterator[str]:
    """Phone numbers whose region differs from place to place or from row to row: no value alone
    says its key.
    """
    for name, refs in model.attributes(entity).items() if model.has_identity(entity) else ():
        if model.normaliser_of(entity, name) == "phone" and any(
            model.field(ref.source, ref.field).region for ref in refs
        ):
            yield name


def _in_conditions(model: Model) -> Iterator[tuple[str, str]]:
    """Fields that a condition over rows of a source names."""
    history = model.history
    texts = [
        (source, model.where(entity, source))
        for entity in model.entity_names
        for source in model.entity_sources(entity)
    ]
    texts += [(item.from_, item.where) for item in history.history.values()]
    texts += [
        (item.from_, item.where)
        for part in (history.events, history.erasures)
        for item in part.values()
    ]
    texts += [(check.on, check.must) for check in model.checks.checks.values()]
    for rule in model.survivorship.fields.values():
        for item in rule.order:
            texts += [
                (source, item.only_if)
                for source in model.source_names
                if item.source in (source, model.system_of(source))
            ]
    texts += list(logged_conditions(model))
    for source, text in texts:
        if text and source in model.source_names:
            yield from ((source, name) for name in _names(text) if name in model.fields(source))


def _names(text: str) -> tuple[str, ...]:
    try:
        return scalar_expression(text)[1]
    except WorkbookError:  # validation names it
        return ()
