"""Checks names: where something stands, what it may be called, which known name is nearest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from workbook.errors import Problem, WorkbookError
from workbook.model.calendar import calendar_of
from workbook.model.comparisons import MethodOf, refusal
from workbook.model.durations import optional_duration
from workbook.model.equality import in_entity, in_source
from workbook.model.expressions import is_condition, monday_week, scalar_expression
from workbook.model.links import to_one_links
from workbook.model.model import Model
from workbook.model.names import dimension_of, place_of
from workbook.model.periods import fiscal_example, period_of
from workbook.model.validate.hints import closest, instead, kind_in_words
from workbook.model.zones import known_zones, nearest_zone
from workbook.words import problem_of

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Validator:
    """One step's file and the model around it."""

    model: Model
    word: str

    def problem(self, place: Place, code: str, /, **values: Any) -> Problem:
        """The problem of a code of the catalogue at a place of this step's file."""
        text = self.model.texts[self.word]
        return problem_of(code, text.file, text.line(place), **values)

    def of(self, path: Place, error: WorkbookError) -> Problem:
        """What was raised, as a problem at a place of this step's file."""
        text = self.model.texts[self.word]
        return error.at(text.file, text.line(path))

    def named(self, path: Place, name: str) -> Iterator[Problem]:
        """A name that becomes part of tables and columns: a word, so that it is never code
        anywhere.
        """
        if not re.fullmatch(r"[^\W\d_]\w*", name):
            yield self.problem(path, "model.not_a_name", name=name)

    def known(
        self,
        path: Place,
        kind: str,
        name: str,
        known: Collection[str],
        where: str = "",
        of: str = "",
    ) -> Iterator[Problem]:
        """A problem unless the name is known.

        `kind` is one of `[kind]` of the catalogue, `of` what the name belongs to, and `where` the
        file that declares such names.
        """
        if name not in known:
            yield self.problem(
                path,
                "model.unknown_name",
                kind=kind_in_words(kind),
                name=name,
                of=of,
                known=sorted(known),
                closest=closest(name, known),
                instead=instead(self.model, kind, of, name),
                where=where,
                attributes=kind == "metric_or_rule",
            )

    def departments(self, path: Place, names: Collection[str]) -> Iterator[Problem]:
        """Owners and askers are departments of workbook.yml, where that names any."""
        known = self.model.project.departments
        for name in names:
            if known and name:
                yield from self.known(path, "department", name, known, "workbook.yml")

    def owner(self, section: object, *path: str | int) -> Iterator[Problem]:
        """The owner written on a part."""
        owner = getattr(section, "owner", "")
        if owner:
            yield from self.departments((*path, "owner"), [owner])

    def zone(self, path: Place, name: str) -> Iterator[Problem]:
        """A time zone by its IANA name."""
        if name and name not in known_zones():
            yield self.problem(path, "model.unknown_zone", name=name, hint=nearest_zone(name))

    def length(
        self, path: Place, text: str, *, zero: bool = False, of_days: bool = False
    ) -> Iterator[Problem]:
        """A length of time, where one is written; `of_days`: it must be whole days."""
        try:
            length = optional_duration(text)
        except WorkbookError as error:
            yield self.of(path, error)
            return
        if length and not length.count and not zero:
            yield self.problem(path, "model.no_length", text=text)
        elif length and of_days and length.unit in ("minute", "hour"):
            yield self.problem(path, "model.shorter_than_a_day", text=text)

    def period(self, path: Place, text: str) -> Iterator[Problem]:
        """A period by the project's calendar, where one is written."""
        calendar = calendar_of(self.model)
        if text and period_of(text, calendar) is None:
            quarter = fiscal_example(calendar)
            yield self.problem(path, "model.not_a_period", text=text, quarter=quarter)

    def source(self, path: Place, name: str) -> Iterator[Problem]:
        """A source of 03."""
        if not self.model.is_open("sources"):
            yield from self.known(path, "source", name, self.model.source_names, "03_sources.yml")
        else:
            yield self.problem(path, "model.no_sources_yet", name=name)

    def field(self, path: Place, source: str, name: str) -> Iterator[Problem]:
        """A field of a source that is known."""
        if source in self.model.source_names:
            yield from self.known(path, "field", name, self.model.fields(source), of=source)

    def located(self, path: Place, text: str, default: str) -> Iterator[Problem]:
        """`system.table`, `system.table.field` or `system.table.field.part`."""
        section = self.model.sources
        if self.model.is_open("sources") or place_of(section, text, default):
            return
        source, words = ".".join(text.split(".")[:2]), text.split(".")
        if source not in section.sources:
            yield from self.source(path, source)
        elif len(words) > 3 and words[3] not in ("first", "last"):
            yield self.problem(path, "model.not_a_part_of_a_name", text=text, part=words[3])
        else:
            yield from self.field(path, source, words[2] if len(words) > 2 else default)

    def entity(self, path: Place, name: str) -> Iterator[Problem]:
        """An entity of 04."""
        if not self.model.is_open("entities"):
            yield from self.known(
                path, "entity", name, self.model.entities.entities, "04_entities.yml"
            )

    def waits(self, entity: str) -> bool:
        """Whether an entity names sources of which none is declared: that is told once, and not
        of each of its attributes.
        """
        named = (
            self.model.entities.entities[entity].from_
            if entity in self.model.entities.entities
            else ()
        )
        return bool(named) and not self.model.entity_sources(entity)

    def attribute(self, path: Place, entity: str, name: str) -> Iterator[Problem]:
        """An attribute of an entity, or a rule, where the entity is known."""
        if entity in self.model.entities.entities and not self.waits(entity):
            known = {
                **self.model.attributes(entity),
                **dict.fromkeys(self.model.rule_words(entity)),
            }
            yield from self.known(path, "attribute", name, known, of=entity)

    def dotted(self, path: Place, name: str) -> Iterator[Problem]:
        """`entity.attribute`, also with `then` or `at event` behind it; the event is checked
        where 06 is decided.
        """
        entity, attribute, event, _ = dimension_of(name)
        if not re.fullmatch(r"[\w.]*", f"{entity}.{attribute}.{event}"):
            yield self.problem(path, "model.expression_for_a_name", name=name)
            return
        if event and not self.model.is_open("history"):
            yield from self.known(path, "event", event, self.model.history.events, "06_history.yml")
        if not (entity and attribute):
            yield self.problem(path, "model.no_entity_in_name", name=name)
            return
        yield from self.entity(path, entity)
        if attribute not in (
            "lifecycle",
            "id",
            self.model.id_of(entity),
            *self.model.kept_of(entity),
        ):
            yield from self.attribute(path, entity, attribute)

    def metric(self, path: Place, name: str) -> Iterator[Problem]:
        """A metric of 07."""
        if not self.model.is_open("metrics"):
            yield from self.known(
                path, "metric", name, self.model.metrics.metrics, "07_metrics.yml"
            )

    def expression(self, path: Place, text: str, entity: str) -> Iterator[Problem]:
        """One scalar expression over an entity: its attributes and rules, and `other.attribute`
        one to-one hop away.
        """
        yield from self.names(path, text, lambda name: self._in_entity(path, entity, name))
        if (
            not self.model.is_open("entities")
            and not self.model.is_open("sources")
            and entity in self.model.entities.entities
        ):
            yield from self.comparable(path, text, in_entity(self.model, entity))

    def over_source(self, path: Place, text: str, source: str) -> Iterator[Problem]:
        """One scalar expression over the fields of a source."""
        yield from self.names(path, text, lambda name: self.field(path, source, name))
        if source in self.model.source_names:
            yield from self.comparable(path, text, in_source(self.model, source))

    def comparable(self, path: Place, text: str, method_of: MethodOf) -> Iterator[Problem]:
        """A problem where values are compared that have no one way to be compared."""
        try:
            why = refusal(text, method_of)
        except WorkbookError:  # it is no expression, which is said already
            return
        if why:
            yield self.of(path, why)

    def condition(self, path: Place, text: str, source: str) -> Iterator[Problem]:
        """A condition over the fields of a source: an expression that is true or false of a row."""
        problems = list(self.over_source(path, text, source))
        yield from problems
        if problems or source not in self.model.source_names:
            return
        tree, _ = scalar_expression(text)
        kinds = {name: field.type for name, field in self.model.fields(source).items()}
        if not is_condition(tree, kinds):
            yield self.problem(path, "model.not_a_condition", text=text)

    def names(
        self, path: Place, text: str, check: Callable[[str], Iterator[Problem]]
    ) -> Iterator[Problem]:
        try:
            tree, names = scalar_expression(text)
        except WorkbookError as error:
            yield self.of(path, error)
            return
        if self.model.project.week_starts != "monday" and (found := monday_week(tree)):
            day = self.model.project.week_starts.capitalize()
            yield self.problem(path, "model.weeks_from_monday", sql=found, day=day)
        for name in names:
            if name != "as_of":
                yield from check(name)

    def _in_entity(self, path: Place, entity: str, name: str) -> Iterator[Problem]:
        other, _, attribute = name.rpartition(".")
        if entity not in self.model.entities.entities or name in ("id", self.model.id_of(entity)):
            return
        if other in ("", entity):
            if attribute not in self.model.kept_of(entity):
                yield from self.attribute(path, entity, attribute)
            return
        hops = list(to_one_links(self.model, entity, other))
        if other not in self.model.entities.entities:
            yield from self.entity(path, other)
        elif len(hops) != 1:
            yield self.problem(
                path, "model.not_related", name=name, entity=entity, other=other, links=len(hops)
            )
        elif attribute not in ("id", self.model.id_of(other), *self.model.kept_of(other)):
            yield from self.attribute(path, other, attribute)
