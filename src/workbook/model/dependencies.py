"""What a number depends on, by name: the metrics, rules, entities, attributes, relationships and
fields under it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbook.errors import WorkbookError
from workbook.model.dated_by import dated_sources
from workbook.model.expressions import scalar_expression
from workbook.model.links import splitting_links
from workbook.model.metric_parts import metrics_named
from workbook.model.model import Model
from workbook.model.names import dimension_of
from workbook.model.schema import Clause, Measure


@dataclass
class Dependencies:
    """Names under one or more names of the model; `fields` are `system.table.field`,
    `attributes` `entity.attribute`.
    """

    metrics: set[str] = field(default_factory=set)
    measures: set[tuple[str, str]] = field(default_factory=set)  # semantic model, measure
    movements: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    relationships: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)

    @property
    def sources(self) -> set[str]:
        """The sources whose fields are read."""
        return {name.rpartition(".")[0] for name in self.fields}

    @property
    def names(self) -> set[str]:
        """Every name, as a caveat or a statement may call it."""
        plain = (
            self.metrics
            | self.movements
            | self.rules
            | self.events
            | self.entities
            | self.attributes
            | self.relationships
        )
        return plain | self.fields | self.sources


def dependencies_of(model: Model, names: Iterable[str]) -> Dependencies:
    """All that lies under these names, themselves included; a name that leads nowhere has
    nothing under it.
    """
    walk = _DependencyWalk(model)
    for name in names:
        walk.name(name)
    return walk.found


class _DependencyWalk:
    """One way down the model; each name is passed once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.found = Dependencies()

    def name(self, name: str) -> None:
        """Whatever kind of thing the name is."""
        model = self.model
        if name in model.metrics.metrics:
            self.metric(name)
        elif name in model.metrics.rules:
            self.rule(name)
        elif name in model.metrics.movements:
            self.movement(name)
        elif name in model.history.events:
            self.event(name)
        elif name in model.entities.relationships:
            self.relationship(name)
        elif name in model.entities.entities:
            self.entity(name)
        elif name in model.checks.checks:
            self.check(name)
        elif "." in name:
            named = dimension_of(name)
            self.attribute(named.entity, named.attribute)

    def check(self, name: str) -> None:
        """What a check of the team's own is about."""
        check = self.model.checks.checks[name]
        if check.on != name:
            self.name(check.on)
        if (
            check.must
            and not self.model.is_open("entities")
            and check.on in self.model.entities.entities
        ):
            self.expression(check.on, check.must)

    def metric(self, name: str) -> None:
        """A metric, the metrics that it is made from, its measure and its filter."""
        section = self.model.metrics
        if name not in section.metrics or name in self.found.metrics:
            return
        self.found.metrics.add(name)
        metric = section.metrics[name]
        for other in metrics_named(metric, section.metrics):
            self.metric(other)
        movement, dot, _ = metric.measure.partition(".")
        if dot and movement in section.movements:
            self.movement(movement)
            return
        for semantic, model in section.semantic_models.items():
            if metric.measure in model.measures:
                self.found.measures.add((semantic, metric.measure))
                self.measure(model.of, model.measures[metric.measure])
                self.expression(model.of, metric.filter)

    def measure(self, entity: str, measure: Measure) -> None:
        """The rows that a measure counts, what it adds, when its rows are true, in which
        currency.
        """
        self.entity(entity)
        for text in (measure.expr, measure.latest_per, measure.latest_by):
            self.expression(entity, text)
        sources = self.model.entity_sources(entity)
        if len(sources) == 1 and not self.model.is_open("sources"):
            source = sources[0]
            self.found.fields |= {
                f"{source}.{name}" for name in self.model.sources.sources[source].valid
            }
            self._currency(source, entity, measure.expr)

    def _currency(self, source: str, entity: str, expression: str) -> None:
        for ref in self.model.attributes(entity).get(expression, ()):
            currency = self.model.field(ref.source, ref.field).currency
            if currency in self.model.fields(source):
                self.found.fields.add(f"{source}.{currency}")
                rates = self.model.metrics.currency if not self.model.is_open("metrics") else None
                if rates and rates.rates:
                    self.found.fields.add(rates.rates)

    def movement(self, name: str) -> None:
        """A movement, the measure that moves, and whose changes have a name."""
        if name in self.found.movements:
            return
        self.found.movements.add(name)
        movement = self.model.metrics.movements[name]
        self.metric(movement.of)
        self.entity(movement.by)
        if self.model.is_open("metrics"):
            return
        for semantic, part in self.model.metrics.semantic_models.items():
            if movement.of in part.measures:
                self.found.measures.add((semantic, movement.of))
                self.measure(part.of, part.measures[movement.of])
                self._hop(part.of, movement.by)

    def rule(self, name: str) -> None:
        """A rule, its expressions, and what happened in its clauses."""
        if name in self.found.rules:
            return
        self.found.rules.add(name)
        rule = self.model.metrics.rules[name]
        self.entity(rule.of)
        for item in rule.conditions:
            if isinstance(item, str):
                self.expression(rule.of, item)
            else:
                self._clause(rule.of, item)

    def _clause(self, entity: str, clause: Clause) -> None:
        thing = clause.some or clause.no
        if thing in self.model.history.events:
            self.event(thing)
            return
        self.measure(thing, Measure(agg="count"))
        self.expression(thing, clause.where)
        self._hop(thing, entity)

    def event(self, name: str) -> None:
        """An event and the fields that tell it."""
        self.found.events.add(name)
        event = self.model.history.events[name]
        source = event.from_
        known = self.model.fields(source) if source in self.model.source_names else {}
        valid = (
            self.model.sources.sources[source].valid[:1]
            if known and not self.model.is_open("sources")
            else ()
        )
        names = {event.at, *valid, *_names(event.where)} & set(known)
        self.found.fields |= {f"{source}.{name}" for name in names}

    def entity(self, name: str) -> None:
        """An entity; what keys its rows decides how many there are."""
        if name in self.found.entities:
            return
        self.found.entities.add(name)
        part = (
            self.model.identity.identity.get(name) if not self.model.is_open("identity") else None
        )
        matched = (
            {word for rule in part.rules for word in rule.match} | set(part.never_merge)
            if part
            else set()
        )
        for attribute in matched:
            for ref in self.model.attributes(name).get(attribute, ()):
                self.found.fields.add(f"{ref.source}.{ref.field}")
        for source in self.model.entity_sources(name):
            keys = self.model.sources.sources[source].primary_key
            names = (*keys, *_names(self.model.where(name, source)))
            self.found.fields |= {f"{source}.{name}" for name in names}

    def attribute(self, entity: str, attribute: str) -> None:
        """An attribute or a rule of an entity, and the fields that it comes from."""
        if attribute in (words := self.model.rule_words(entity)):
            self.rule(words[attribute][0])
            return
        kept = (
            self.model.history.history.get(f"{entity}.{attribute}")
            if not self.model.is_open("history")
            else None
        )
        refs = self.model.attributes(entity).get(attribute, ())
        if refs or kept:
            self.found.attributes.add(f"{entity}.{attribute}")
            self.found.entities.add(entity)
            self.found.fields |= {f"{ref.source}.{ref.field}" for ref in refs}
            for dated in dated_sources(self.model, entity, attribute).values():
                names = {dated.field, dated.theirs, *_names(dated.where)}
                self.found.fields |= {
                    f"{dated.log}.{name}" for name in names if name in self.model.fields(dated.log)
                }
        if kept and kept.from_ in self.model.source_names:
            self.found.fields |= {
                f"{kept.from_}.{name}"
                for name in (kept.value, *_names(kept.where))
                if name in self.model.fields(kept.from_)
            }

    def relationship(self, name: str) -> None:
        """A relationship, its ends, and the identifier that carries it."""
        if name in self.found.relationships:
            return
        self.found.relationships.add(name)
        link = self.model.entities.relationships[name]
        for entity in (link.from_, link.to):
            self.entity(entity)
        for word in {link.by, link.as_} - {""}:
            for ref in self.model.identifier_places.get(word, ()):
                if ref.source in (
                    *self.model.entity_sources(link.from_),
                    *self.model.entity_sources(link.to),
                ):
                    self.found.fields.add(f"{ref.source}.{ref.field}")

    def expression(self, entity: str, text: str) -> None:
        """Every name in an expression over an entity."""
        for name in _names(text):
            owner, _, attribute = name.rpartition(".")
            known = self.model.entities.entities
            if owner and owner != entity:
                self._hop(entity, owner)
            elif (
                not owner and attribute in known and attribute not in self.model.attributes(entity)
            ):
                self._hop(entity, attribute)
            self.attribute(owner or entity, attribute)

    def _hop(self, entity: str, other: str) -> None:
        for name, _ in splitting_links(self.model, entity, other):
            self.relationship(name)


def _names(text: str) -> tuple[str, ...]:
    try:
        return scalar_expression(text)[1] if text else ()
    except WorkbookError:
        return ()
