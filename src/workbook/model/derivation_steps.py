"""What each thing of the model is derived from, one step away, read from the decisions alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbook.model.dated_by import dated_sources
from workbook.model.expressions import names_in
from workbook.model.keyed_fields import compared_by_identity
from workbook.model.links import strongest_identifier, to_one_links
from workbook.model.metric_parts import measures_under, metrics_named
from workbook.model.model import Model
from workbook.model.names import FieldRef, dimension_of, place_of
from workbook.model.schema import Clause

VALUE = "reads"  # its value is made from it, so it has its class
ROWS, LINK, CHOICE, MATCH = "is made from", "is linked by", "is chosen by", "is matched by"


class Thing(NamedTuple):
    """One thing of the model: its kind, and its name as the model writes it.

    Kinds: field, source, entity, id, attribute, key, past, states, rule, metric, measure, movement,
    event, link. A key is an attribute as identity compares it: its fields, without the choice
    among their values.
    """

    kind: str
    name: str


class Read(NamedTuple):
    """One thing that another is derived from, and how."""

    thing: Thing
    how: str = VALUE


class Steps:
    """What things of a model are derived from, one step away; each is found once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._found: dict[Thing, tuple[Read, ...]] = {}

    def reads(self, thing: Thing) -> tuple[Read, ...]:
        """What a thing is derived from, one step away; nothing of a field and of a source."""
        if thing not in self._found:
            find = getattr(self, f"_{thing.kind}", None)
            self._found[thing] = tuple(dict.fromkeys(find(thing.name))) if find else ()
        return self._found[thing]

    def in_expression(self, entity: str, text: str) -> Iterator[Read]:
        """What an expression over an entity reads."""
        for name in names_in(text):
            owner, _, attribute = name.rpartition(".")
            if name == "as_of" and name not in self.model.names_of(entity):
                continue
            if owner not in ("", entity):
                yield from self._links(entity, owner)
            yield from self.named(owner or entity, attribute)

    def in_source(self, source: str, text: str) -> Iterator[Read]:
        """What an expression over the fields of a source reads."""
        yield from (
            Read(_field(source, name))
            for name in names_in(text)
            if name in self.model.fields(source)
        )

    def of_field(self, entity: str, text: str) -> Iterator[Read]:
        """What a field of a view of an entity reads: an attribute, a rule or a metric in reach."""
        owner, attribute, event, _ = dimension_of(text)
        if owner not in ("", entity):
            yield from self._links(entity, owner)
        if attribute in self.model.metrics.metrics:
            yield Read(Thing("metric", attribute))
            for thing in self._entities_of(attribute):
                yield from self._links(thing, owner or entity)
            return
        yield from self.named(owner or entity, attribute)
        if event:
            yield Read(Thing("event", event))

    def named(self, entity: str, name: str) -> Iterator[Read]:
        """What a name in an expression over an entity leads to; nothing where it leads nowhere."""
        model = self.model
        if name == model.id_of(entity):
            yield Read(Thing("id", entity))
        elif model.attributes(entity).get(name):
            yield Read(Thing("attribute", f"{entity}.{name}"))
        elif name in (words := model.rule_words(entity)):
            yield Read(Thing("rule", words[name][0]))
        elif name in model.kept_of(entity):
            yield Read(Thing("past", f"{entity}.{name}"))
        elif (
            name == "lifecycle"
            and not model.is_open("history")
            and entity in model.history.lifecycle
        ):
            yield Read(Thing("states", f"{entity}.lifecycle"))

    # ---- one kind each

    def _attribute(self, name: str) -> Iterator[Read]:
        entity, _, attribute = name.partition(".")
        for ref in self.model.attributes(entity).get(attribute, ()):
            yield Read(Thing("field", ref.name))
        rule = self.model.rule(entity, attribute)
        for item in self.model.order(entity, attribute) if self.model.has_identity(entity) else ():
            for source in self.model.entity_sources(entity):
                if item.source in (source, self.model.system_of(source)):
                    yield from (
                        Read(read.thing, CHOICE) for read in self.in_source(source, item.only_if)
                    )
        if rule.expr:
            yield from (Read(read.thing, CHOICE) for read in self.in_expression(entity, rule.expr))
        for dated in dated_sources(self.model, entity, attribute).values():
            yield Read(_field(dated.log, dated.field), CHOICE)
            yield from (Read(read.thing, CHOICE) for read in self.in_source(dated.log, dated.where))
        yield from self._matched(entity)

    def _key(self, name: str) -> Iterator[Read]:
        entity, _, attribute = name.partition(".")
        for ref in self.model.attributes(entity).get(attribute, ()):
            yield Read(Thing("field", ref.name))

    def _entity(self, name: str) -> Iterator[Read]:
        for source in self.model.entity_sources(name):
            yield Read(Thing("source", source), ROWS)
            yield from self.in_source(source, self.model.where(name, source))
        yield from self._matched(name)

    def _id(self, name: str) -> Iterator[Read]:
        sources = self.model.entity_sources(name)
        if (
            len(sources) == 1
            and not self.model.has_identity(name)
            and not self.model.is_open("sources")
        ):
            yield from (
                Read(_field(sources[0], key))
                for key in self.model.sources.sources[sources[0]].primary_key
            )
        yield from self._matched(name)

    def _past(self, name: str) -> Iterator[Read]:
        kept = self.model.history.history.get(name) if not self.model.is_open("history") else None
        if kept:
            yield from (
                Read(_field(kept.from_, item)) for item in (kept.value, kept.before) if item
            )
            yield from self.in_source(kept.from_, kept.where)
            yield from self._told(name.partition(".")[0], kept.from_)

    def _states(self, name: str) -> Iterator[Read]:
        states = self.model.history.lifecycle.get(name.partition(".")[0], {})
        yield from (Read(Thing("event", state.starts)) for state in states.values())

    def _event(self, name: str) -> Iterator[Read]:
        event = self.model.history.events.get(name) if not self.model.is_open("history") else None
        if event:
            yield from (Read(_field(event.from_, item)) for item in [event.at] if item)
            yield from self.in_source(event.from_, event.where)
            yield from self._told(event.of, event.from_)

    def _rule(self, name: str) -> Iterator[Read]:
        rule = self.model.metrics.rules.get(name) if not self.model.is_open("metrics") else None
        for item in rule.conditions if rule else ():
            if isinstance(item, str):
                yield from self.in_expression(rule.of, item)
            else:
                yield from self._clause(rule.of, item)

    def _clause(self, entity: str, clause: Clause) -> Iterator[Read]:
        name = clause.some or clause.no
        event = self.model.history.events.get(name) if not self.model.is_open("history") else None
        things = [name]
        if event and name not in self.model.entity_names:
            yield Read(Thing("event", name))
            things = [
                entity_name
                for entity_name in self.model.entity_names
                if event.from_ in self.model.entity_sources(entity_name)
            ]
        for thing in things:
            yield Read(Thing("entity", thing))
            yield from self._time(thing)
            yield from self._links(thing, entity)
            yield from self.in_expression(thing, clause.where)

    def _metric(self, name: str) -> Iterator[Read]:
        section = self.model.metrics
        metric = section.metrics.get(name) if not self.model.is_open("metrics") else None
        if self.model.is_open("metrics") or metric is None:
            return
        yield from (Read(Thing("metric", item)) for item in metrics_named(metric, section.metrics))
        movement, dot, _ = metric.measure.partition(".")
        if dot:
            yield Read(Thing("movement", movement))
        elif metric.measure:
            yield Read(Thing("measure", metric.measure))
            for entity in self._entities_of(name):
                yield from self.in_expression(entity, metric.filter)

    def _measure(self, name: str) -> Iterator[Read]:
        for semantic in self.model.metrics.semantic_models.values():
            if name in semantic.measures:
                measure, entity = semantic.measures[name], semantic.of
                yield Read(Thing("entity", entity))
                yield from self._time(entity)
                for text in filter(None, (measure.expr, measure.latest_per, measure.latest_by)):
                    if text in self.model.entity_names:
                        yield Read(Thing("id", text))
                        yield from self._links(entity, text)
                    else:
                        yield from self.in_expression(entity, text)
                yield from self._currency(entity, measure.expr)

    def _movement(self, name: str) -> Iterator[Read]:
        movement = (
            self.model.metrics.movements.get(name) if not self.model.is_open("metrics") else None
        )
        if movement:
            yield Read(Thing("measure", movement.of))
            for entity in self._entities_of_measure(movement.of):
                yield from self._links(entity, movement.by)

    def _link(self, name: str) -> Iterator[Read]:
        link = (
            self.model.entities.relationships.get(name)
            if not self.model.is_open("entities")
            else None
        )
        if link is None or self.model.is_open("sources"):
            return
        for entity in dict.fromkeys((link.from_, link.to)):
            yield from self._matched(entity)
        if link.through:
            yield from self._told(link.from_, link.through)
            yield from self._told(link.to, link.through)
            return
        for entity, key in ((link.from_, link.by), (link.to, link.as_ or link.by)):
            ref = place_of(self.model.sources, key, "")
            refs: tuple[FieldRef, ...] = (
                (ref,) if ref else self.model.attributes(entity).get(key.rpartition(".")[2], ())
            )
            yield from (Read(Thing("field", ref.name)) for ref in refs)

    # ---- what several kinds share

    def _matched(self, entity: str) -> Iterator[Read]:
        """What decides which records are one row of an entity: compared attributes, told merges."""
        spec = (
            self.model.identity.identity.get(entity) if not self.model.is_open("identity") else None
        )
        for name in compared_by_identity(spec) if spec else ():
            if name in self.model.attributes(entity):
                yield Read(Thing("key", f"{entity}.{name}"), MATCH)
        for merge in self.model.merges(entity):
            for field in (merge.key, merge.field):
                yield Read(_field(merge.told_by, field), MATCH)

    def _told(self, entity: str, source: str) -> Iterator[Read]:
        """The rows of a source that tell of an entity: when they are true, by which key they
        lead.
        """
        if source not in self.model.source_names or self.model.is_open("sources"):
            return
        yield Read(Thing("source", source), ROWS)
        yield from self._matched(entity)
        yield from (Read(_field(source, name)) for name in self.model.sources.sources[source].valid)
        if source in self.model.entity_sources(entity):
            return
        ways = [
            name
            for name, link in to_one_links(self.model, end=entity)
            if self.model.entity_sources(link.from_) == (source,)
        ]
        found = None if len(ways) == 1 else strongest_identifier(self.model, entity, source)
        yield from (Read(Thing("link", name), LINK) for name in ways[:1] if len(ways) == 1)
        if found:
            yield Read(_field(source, found[1]), LINK)
            yield from (
                Read(Thing("field", ref.name), LINK)
                for ref in self.model.identifiers_of(entity)[found[0]]
            )

    def _links(self, start: str, end: str) -> Iterator[Read]:
        if start != end:
            yield from (
                Read(Thing("link", name), LINK) for name, _ in to_one_links(self.model, start, end)
            )

    def _time(self, entity: str) -> Iterator[Read]:
        """When rows of an entity of one source are true."""
        sources = self.model.entity_sources(entity)
        if len(sources) == 1 and not self.model.is_open("sources"):
            yield from (
                Read(_field(sources[0], name))
                for name in self.model.sources.sources[sources[0]].valid
            )

    def _currency(self, entity: str, text: str) -> Iterator[Read]:
        """What amounts are converted by: the currency of each row, and the rates."""
        section = self.model.metrics
        for name in names_in(text):
            for ref in self.model.attributes(entity).get(name, ()):
                currency = self.model.field(ref.source, ref.field).currency
                if currency in self.model.fields(ref.source):
                    yield Read(_field(ref.source, currency))
                if (
                    currency
                    and not self.model.is_open("metrics")
                    and section.currency
                    and section.currency.rates
                    and not self.model.is_open("sources")
                ):
                    rates = place_of(self.model.sources, section.currency.rates, "rate")
                    yield from (Read(Thing("field", item.name)) for item in [rates] if item)

    def _entities_of(self, metric: str) -> list[str]:
        """The entities whose rows a metric counts, through all that it is made from."""
        section = self.model.metrics
        titles = measures_under(metric, section.metrics)
        return list(
            dict.fromkeys(entity for title in titles for entity in self._entities_of_measure(title))
        )

    def _entities_of_measure(self, title: str) -> list[str]:
        section = self.model.metrics
        if self.model.is_open("metrics"):
            return []
        movement = section.movements.get(title.partition(".")[0]) if "." in title else None
        return [
            semantic_model.of
            for semantic_model in section.semantic_models.values()
            if (movement.of if movement else title) in semantic_model.measures
        ]


def _field(source: str, name: str) -> Thing:
    return Thing("field", f"{source}.{name}")
