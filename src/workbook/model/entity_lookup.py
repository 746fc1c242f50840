"""Entities of a model by name: their sources, attributes, columns, identifiers and merges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from workbook.model.distinct_columns import OWN, SCORED, distinct_columns
from workbook.model.names import FieldRef, place_of
from workbook.model.rule_words import words_of
from workbook.model.schema import Entity
from workbook.model.source_lookup import SourceLookup
from workbook.model.source_merges import Merge, merges_among
from workbook.model.valid_time import unnamed_valid


class EntityLookup(SourceLookup):
    """Looks up entities, and what each is made from."""

    @cached_property
    def entity_names(self) -> tuple[str, ...]:
        """Every declared entity that has a source, in the order of the file."""
        return tuple(name for name, entity in self._entities.items() if self.entity_sources(name))

    @property
    def _entities(self) -> Mapping[str, Entity]:
        return self.entities.entities

    def entity_sources(self, entity: str) -> tuple[str, ...]:
        """The sources that an entity is made from; one that 03 does not declare (yet) is none."""
        named = self._entities[entity].from_ if entity in self._entities else ()
        return tuple(source for source in named if source in self._fields)

    def where(self, entity: str, source: str) -> str:
        """The condition that a row of a source meets to be a record of the entity; '' where
        every row is one.
        """
        declared = self._entities[entity].where if entity in self._entities else ""
        return declared if isinstance(declared, str) else declared.get(source, "")

    def attributes(self, entity: str) -> dict[str, tuple[FieldRef, ...]]:
        """Each attribute of an entity and the places it comes from; identifiers that reach it
        are attributes too.
        """
        return self._attributes.get(entity, {})

    @cached_property
    def _attributes(self) -> dict[str, dict[str, tuple[FieldRef, ...]]]:
        return {
            name: dict(self._attributes_of(name, entity)) for name, entity in self._entities.items()
        }

    def _attributes_of(
        self, name: str, entity: Entity
    ) -> Iterator[tuple[str, tuple[FieldRef, ...]]]:
        if self.is_open("sources"):
            return
        named = dict(entity.attributes)
        if len(entity.from_) == 1 and not named and entity.from_[0] in self.sources.sources:
            source = entity.from_[0]
            yield from (
                (field, (FieldRef(source, field),)) for field in self.sources.sources[source].fields
            )
        for attribute, places in named.items():
            refs = (place_of(self.sources, path, attribute) for path in places)
            yield attribute, tuple(ref for ref in refs if ref)
        if not self.has_identity(name):
            yield from unnamed_valid(self.sources, entity)
        single = (
            set() if named or len(entity.from_) != 1 else set(self._fields.get(entity.from_[0], ()))
        )
        for identifier, refs in self.identifiers_of(name).items():
            if identifier not in named and identifier not in single:
                yield identifier, refs

    def column_of(self, entity: str, name: str) -> str:
        """The column of an attribute in the tables of its entity, and its word in the names of
        tables.

        It is the name itself wherever that is free: names that differ in case only, and an
        attribute named as a column of our own, get a number. Kept values and rules have one
        too, which no attribute shares.
        """
        return self._columns.get(entity, {}).get(name, name)

    def columns_of(self, entity: str) -> dict[str, str]:
        """Each attribute of an entity and its column."""
        return {name: self.column_of(entity, name) for name in self.attributes(entity)}

    @cached_property
    def _columns(self) -> dict[str, dict[str, str]]:
        return {
            entity: distinct_columns(self.names_of(entity), self._taken(entity))
            for entity in self._entities
        }

    def _taken(self, entity: str) -> tuple[str, ...]:
        """Words that no attribute of an entity has as its column: those of our own columns
        beside it.
        """
        spec = self.identity.identity.get(entity) if not self.is_open("identity") else None
        return (*OWN, *(SCORED if spec and spec.suggest and spec.suggest.compare else ()))

    def names_of(self, entity: str) -> tuple[str, ...]:
        """Every name that an expression over an entity may hold: its attributes, its kept
        values, its rules.
        """
        return tuple(
            dict.fromkeys(
                (*self.attributes(entity), *self.kept_of(entity), *self.rule_words(entity))
            )
        )

    def kept_of(self, entity: str) -> tuple[str, ...]:
        """The names of an entity's values of which 06_history keeps the past."""
        kept = self.history.history
        return tuple(name.partition(".")[2] for name in kept if name.startswith(f"{entity}."))

    def id_of(self, entity: str) -> str:
        """How an expression over an entity names our own id: `id`, or `_id` where the model has
        another thing of that name.
        """
        return "_id" if "id" in self.names_of(entity) else "id"

    def identifiers_of(self, entity: str) -> dict[str, tuple[FieldRef, ...]]:
        """The identifiers that stand in the sources of an entity, and where."""
        sources = set(self.entity_sources(entity))
        found = {}
        for name, places in self.identifier_places.items():
            here = tuple(path for path in places if path.source in sources)
            if here:
                found[name] = here
        return found

    @cached_property
    def identifier_places(self) -> dict[str, tuple[FieldRef, ...]]:
        """Every identifier, and each field that holds it."""
        section = self.sources
        return {
            name: tuple(
                ref for ref in (place_of(section, place, name) for place in identifier.in_) if ref
            )
            for name, identifier in section.identifiers.items()
        }

    def has_identity(self, entity: str) -> bool:
        """Whether records of the entity must be resolved: it has several sources, identity
        rules, or a source that merged some.
        """
        return (
            len(self.entity_sources(entity)) > 1
            or bool(entity in self.identity.identity)
            or bool(self.merges(entity))
        )

    def merges(self, entity: str) -> tuple[Merge, ...]:
        """The fields by which sources tell that they merged records of the entity."""
        return self._merges.get(entity, ())

    @cached_property
    def _merges(self) -> dict[str, tuple[Merge, ...]]:
        if self.is_open("sources") or not any(
            spec.merged_into or spec.merged_from for spec in self.sources.sources.values()
        ):
            return {}
        return {
            name: merges_among(
                self.sources,
                self.entity_sources(name),
                self.identifiers_of(name),
                self.identifier_places,
            )
            for name in self._entities
        }

    def rules_of(self, entity: str) -> tuple[str, ...]:
        """The rules (yes-or-no attributes) of an entity."""
        return tuple(name for name, rule in self.metrics.rules.items() if rule.of == entity)

    def rule_words(self, entity: str) -> dict[str, tuple[str, str]]:
        """Every word that a rule of an entity gives to expressions: the rule, and the column of
        its table that is meant.
        """
        return words_of(self.metrics, entity)
