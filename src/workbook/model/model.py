"""The model of a project: what was decided, and every name in it looked up in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.errors import ModelError, Problem, WorkbookError, did_you_mean
from workbook.model.columns import OWN, SCORED, distinct_columns
from workbook.model.decimals import RATE_PLACES
from workbook.model.empty_words import Placeholders
from workbook.model.merges import Merge, merges_among
from workbook.model.names import FieldRef, ResolvedField, place_of, resolve
from workbook.model.places import at_place, keys_of, with_value_at
from workbook.model.rule_words import TYPES, words_of
from workbook.model.schema import (
    AiContext,
    Checks,
    CustomerViews,
    Diagnosis,
    Dialect,
    Documentation,
    Entities,
    Entity,
    FieldRule,
    Grain,
    History,
    Identity,
    Metrics,
    OrderItem,
    Project,
    Questions,
    Review,
    Sources,
    Survivorship,
)
from workbook.model.together import rule_in
from workbook.model.types import EXACT
from workbook.model.valid_time import unnamed_valid
from workbook.model.yaml_read import part_of
from workbook.model.yaml_text import Place, Text
from workbook.privacy import shown

CLASSES = ("public", "internal", "personal", "sensitive")


@dataclass(frozen=True, eq=False)
class Model:
    """A validated model; a step that is not decided yet is None.

    `texts` hold each file as it was written.

    `unwritten` are rows of decision files, by file, that a what-if adds to those that are written.
    """

    root: Path
    project: Project
    data_root: Path
    texts: Mapping[str, Text]
    validate: Callable[[Model], Iterable[Problem]]
    diagnosis: Diagnosis | None = None
    questions: Questions | None = None
    grain: Grain | None = None
    sources: Sources | None = None
    entities: Entities | None = None
    identity: Identity | None = None
    survivorship: Survivorship | None = None
    history: History | None = None
    metrics: Metrics | None = None
    checks: Checks | None = None
    documentation: Documentation | None = None
    review: Review | None = None
    customer_360: CustomerViews | None = None
    ai_context: AiContext | None = None
    unwritten: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def at(self, as_of: Any) -> Model:
        """The same model at another date."""
        return replace(self, project=self.project.model_copy(update={"as_of": as_of}))

    def as_if(self, file: str, *rows: Mapping[str, str]) -> Model:
        """The same model as if these rows stood at the end of a file of decisions: a preview of
        what nobody wrote yet.
        """
        return replace(
            self, unwritten={**self.unwritten, file: (*self.unwritten.get(file, ()), *rows)}
        )

    # ---- sources

    @cached_property
    def source_names(self) -> tuple[str, ...]:
        """Every source as `system.table`, in the order of the file."""
        return tuple(self.sources.sources) if self.sources else ()

    def system_of(self, source: str) -> str:
        """The system of a source: its first word."""
        return source.partition(".")[0]

    def field(self, source: str, name: str) -> ResolvedField:
        """A field of a source with all that its type brings."""
        return self.fields(source)[name]

    def fields(self, source: str) -> dict[str, ResolvedField]:
        """Every declared field of a source, in order; a source that nobody declares has none."""
        return self._fields.get(source, {})

    @cached_property
    def _fields(self) -> dict[str, dict[str, ResolvedField]]:
        part = self.sources
        if part is None:
            return {}
        fields = {
            source: {name: resolve(part, source, name, self.project.region) for name in spec.fields}
            for source, spec in part.sources.items()
        }
        currency = self.metrics.currency if self.metrics else None
        source, _, name = currency.rates.rpartition(".") if currency else ("", "", "")
        if (
            (rate := fields.get(source, {}).get(name))
            and rate.type == "decimal"
            and rate.decimals is None
        ):
            # six would round a small one away
            fields[source][name] = replace(rate, decimals=RATE_PLACES, places=RATE_PLACES)
        return fields

    def dialect(self, source: str) -> Dialect:
        """How the source's file is written: its own dialect, its system's, or the default."""
        part = self.sources or Sources()
        system = part.systems.get(self.system_of(source))
        name = part.sources[source].dialect or (system.dialect if system else "default")
        return part.dialects.get(name) or part.dialects.get("default") or Dialect()

    # ---- entities

    @cached_property
    def entity_names(self) -> tuple[str, ...]:
        """Every declared entity that has a source, in the order of the file."""
        return tuple(name for name, entity in self._entities.items() if self.entity_sources(name))

    @property
    def _entities(self) -> Mapping[str, Entity]:
        return self.entities.entities if self.entities else {}

    def entity_sources(self, entity: str) -> tuple[str, ...]:
        """The sources that an entity is made from; one that 03 does not declare (yet) is none."""
        named = self._entities[entity].from_ if entity in self._entities else ()
        return tuple(source for source in named if source in self._fields)

    def where(self, entity: str, source: str) -> str:
        """The condition that a row of a source meets to be a record of the entity; '' where
        every row is one.
        """
        said = self._entities[entity].where if entity in self._entities else ""
        return said if isinstance(said, str) else said.get(source, "")

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
        if self.sources is None:
            return
        named = dict(entity.attributes)
        if len(entity.from_) == 1 and not named and entity.from_[0] in self.sources.sources:
            source = entity.from_[0]
            yield from (
                (field, (FieldRef(source, field),)) for field in self.sources.sources[source].fields
            )
        for attribute, places in named.items():
            refs = (place_of(self.sources, place, attribute) for place in places)
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
        spec = self.identity.identity.get(entity) if self.identity else None
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
        kept = self.history.history if self.history else {}
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
            here = tuple(place for place in places if place.source in sources)
            if here:
                found[name] = here
        return found

    @cached_property
    def identifier_places(self) -> dict[str, tuple[FieldRef, ...]]:
        """Every identifier, and each field that holds it."""
        part = self.sources
        if part is None:
            return {}
        return {
            name: tuple(
                ref for ref in (place_of(part, place, name) for place in identifier.in_) if ref
            )
            for name, identifier in part.identifiers.items()
        }

    def has_identity(self, entity: str) -> bool:
        """Whether records of the entity must be resolved: it has several sources, identity
        rules, or a source that merged some.
        """
        return (
            len(self.entity_sources(entity)) > 1
            or bool(self.identity and entity in self.identity.identity)
            or bool(self.merges(entity))
        )

    def merges(self, entity: str) -> tuple[Merge, ...]:
        """The fields by which sources tell that they merged records of the entity."""
        return self._merges.get(entity, ())

    @cached_property
    def _merges(self) -> dict[str, tuple[Merge, ...]]:
        if self.sources is None or not any(
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

    def type_of(self, entity: str, attribute: str) -> str:
        """The built-in type of an attribute: that of the first place it comes from (a part of a
        name is a person_name).
        """
        refs = self.attributes(entity).get(attribute, ())
        if not refs:
            return TYPES.get(self.rule_words(entity).get(attribute, ("", ""))[1], "text")
        return "person_name" if refs[0].part else self.field(refs[0].source, refs[0].field).type

    def placeholders(
        self, entity: str, attribute: str, past: tuple[ResolvedField, ...] = ()
    ) -> Placeholders:
        """Which of its values mean nothing: by its type, by the team's words, and never what
        its fields declare; `past` are fields that hold its past.
        """
        said = self.sources.empty_words if self.sources else {}
        places = [
            self.field(ref.source, ref.field) for ref in self.attributes(entity).get(attribute, ())
        ]
        kind = self.type_of(entity, attribute) if places or not past else past[0].type
        own = [
            said[name]
            for name in dict.fromkeys((kind, *(place.declared_type for place in (*places, *past))))
            if name in said
        ]
        meant = [value for place in (*places, *past) for value in place.values]
        return Placeholders(
            kind,
            tuple(word for each in own for word in each.add),
            (*(word for each in own for word in each.keep), *meant),
        )

    def sql_type_of(self, entity: str, attribute: str) -> str:
        """The SQL type of an attribute's column; of amounts from several places, the one that
        keeps the most digits.
        """
        refs = self.attributes(entity).get(attribute, ())
        if not refs or refs[0].part:
            return "VARCHAR"
        fields = [self.field(ref.source, ref.field) for ref in refs]
        same = [field for field in fields if field.type == fields[0].type]
        return (
            max(same, key=lambda field: field.places).sql_type
            if fields[0].type in ("money", "decimal")
            else fields[0].sql_type
        )

    def is_list(self, entity: str, attribute: str) -> bool:
        """Whether a record may hold several values of an attribute in one cell."""
        return any(
            self.field(ref.source, ref.field).split
            for ref in self.attributes(entity).get(attribute, ())
        )

    def normaliser_of(self, entity: str, attribute: str) -> str:
        """How values of an attribute are compared; phone numbers of one region for all of its
        places name it (`phone:GB`).
        """
        refs = self.attributes(entity).get(attribute, ())
        if not refs:
            return EXACT
        methods = [self.field(ref.source, ref.field).method for ref in refs]
        return methods[0] if len(set(methods)) == 1 else methods[0].partition(":")[0]

    def class_of(self, name: str) -> str:
        """The privacy class of `entity.attribute` (the strictest of its places) or of
        `system.table.field`.

        Raises:
            WorkbookError: the name leads nowhere.
        """
        first, _, rest = name.partition(".")
        if first in self._entities:
            if rest in (self.id_of(first), "_record"):
                return self._class_of_id(first)
            refs = self.attributes(first).get(rest, ())
        else:
            source, _, field = name.rpartition(".")
            refs = (FieldRef(source, field),) if field in self._fields.get(source, {}) else ()
        if not refs:
            known = [f"{first}.{attribute}" for attribute in self.attributes(first)]
            raise WorkbookError(
                f"'{name}' is no attribute or field of the model. {did_you_mean(name, known)}".strip()
            )
        return max((self.field(ref.source, ref.field).cls for ref in refs), key=CLASSES.index)

    def _class_of_id(self, entity: str) -> str:
        """An id of our own says nothing about anybody; the key of a single source has the class
        of its fields.
        """
        sources = self.entity_sources(entity)
        if (
            self.has_identity(entity)
            or not sources
            or not self.sources
            or sources[0] not in self._fields
        ):
            return "internal"
        keys = self.sources.sources[sources[0]].primary_key
        return max(
            (self.field(sources[0], name).cls for name in keys if name in self._fields[sources[0]]),
            key=CLASSES.index,
            default="internal",
        )

    # ---- survivorship

    def rule(self, entity: str, attribute: str) -> FieldRule:
        """How the value of an attribute is chosen, by the first of those that belong together;
        where nothing was decided, the order of its sources.
        """
        return rule_in(self.survivorship, entity, attribute)

    def order(self, entity: str, attribute: str) -> tuple[OrderItem, ...]:
        """The order of sources for an attribute: its own, the entity's default, or that of the
        entity's `from`.
        """
        own = self.rule(entity, attribute).order
        if own:
            return own
        default = self.survivorship.default.get(entity, ()) if self.survivorship else ()
        return tuple(OrderItem(source=name) for name in default or self.entity_sources(entity))

    # ---- history

    def forgets(self, entity: str, cls: str) -> bool:
        """Whether values of this class are taken away from whoever asks to be forgotten: those
        that no page may show.
        """
        return not shown(cls) and bool(self.history and entity in self.history.erasures)

    def forgotten(self, entity: str) -> tuple[str, ...]:
        """The attributes of an entity that are taken away from whoever asks to be forgotten."""
        return tuple(
            name
            for name in self.attributes(entity)
            if self.forgets(entity, self.class_of(f"{entity}.{name}"))
        )

    def as_held(self, entity: str) -> str:
        """The table of an entity of one source with what the source still holds of whoever
        asked to be forgotten.
        """
        return (
            f"{entity}__as_held"
            if self.forgotten(entity) and not self.has_identity(entity)
            else entity
        )

    # ---- names and places

    def rules_of(self, entity: str) -> tuple[str, ...]:
        """The rules (yes-or-no attributes) of an entity."""
        return (
            tuple(name for name, rule in self.metrics.rules.items() if rule.of == entity)
            if self.metrics
            else ()
        )

    def rule_words(self, entity: str) -> dict[str, tuple[str, str]]:
        """Every word that a rule of an entity gives to expressions: the rule, and the column of
        its table that is meant.
        """
        return words_of(self.metrics, entity)

    def owner_of(self, word: str, *parts: str) -> str:
        """Who answers for a decision: the nearest owner written around it, in its block or
        under `decisions:`.

        A metric that counts what one rule says, and names no owner, is answered for by the rule's.
        """
        values, owner = self.texts[word].values, ""
        for depth in range(len(parts) + 1):
            place = parts[:depth]
            apart = at_place(values, ("decisions", ".".join(place))) if place else None
            for block in (at_place(values, place), apart):
                owner = str(block.get("owner") or owner) if isinstance(block, dict) else owner
        own = at_place(values, parts) if word == "metrics" and parts[:1] == ("metrics",) else None
        if isinstance(own, dict) and not own.get("owner"):
            rule = at_place(values, ("rules", str(own.get("filter"))))
            owner = str(rule.get("owner") or owner) if isinstance(rule, dict) else owner
        return owner

    def place(self, path: str) -> str:
        """`model/05_survivorship.yml:14` for a path such as `survivorship.fields.account.name`."""
        word, place = self.split(path)
        return f"{self.texts[word].file}:{self.texts[word].line(place)}"

    def split(self, path: str) -> tuple[str, Place]:
        """The step and the keys of a dotted path; a key may itself hold dots.

        Raises:
            WorkbookError: the first word is no step.
        """
        word, _, rest = path.partition(".")
        if word not in self.texts:
            raise WorkbookError(
                f"'{word}' is no step of the model. {did_you_mean(word, self.texts)}".strip()
            )
        return word, tuple(keys_of(self.texts[word].values, rest.split(".") if rest else []))

    def with_change(self, path: str, value: Any) -> Model:
        """The same model with one decision changed, validated and cross-checked again: a what-if.

        Raises:
            ModelError: the changed model contradicts itself.
        """
        word, place = self.split(path)
        return self.with_values(word, [(place, value)])

    def with_values(self, word: str, changes: Iterable[tuple[Place, Any]]) -> Model:
        """The same model with values at places of one file, validated and cross-checked again.

        Raises:
            ModelError: the changed model contradicts itself.
        """
        values: Any = self.texts[word].values
        for place, value in changes:
            values = with_value_at(values, place, value)
        text = replace(self.texts[word], values=values, problems=[])
        part = part_of(word, text)
        changed = replace(self, texts={**self.texts, word: text}, **{word: part})
        problems = text.problems or list(self.validate(changed))
        if problems:
            raise ModelError(problems)
        return changed
