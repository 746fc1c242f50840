"""Names in 04 entities, 04b identity and 05 survivorship."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from workbook.errors import Problem
from workbook.model import labels
from workbook.model.crosscheck.desk import Desk
from workbook.model.model import Model
from workbook.model.parts import FieldRule, OrderItem, Relationship


def entities(model: Model) -> Iterator[Problem]:
    """Entities stand on sources; relationships on entities and on what both sides hold."""
    part, desk = model.entities, Desk(model, "entities")
    if part is None:
        return
    yield from desk.owner(part)
    systems = model.sources.systems if model.sources else {}
    for name, entity in part.entities.items():
        place = ("entities", name)
        yield from desk.owner(entity, *place)
        yield from desk.named(place, name)
        if name in systems:
            yield desk.problem(place, f"'{name}' is a system and an entity.", "Rename one: a dotted name must say which is meant.")
        for source in entity.from_:
            yield from desk.source((*place, "from"), source)
        for attribute, texts in entity.attributes.items():
            here = (*place, "attributes", attribute)
            yield from desk.named(here, attribute)
            if attribute == "id" or attribute.startswith("_"):
                yield desk.problem(here, f"'{attribute}' is kept for the workbook's own columns.", "Name it differently.")
            for text in texts:
                yield from desk.located(here, text, attribute)
                source = ".".join(text.split(".")[:2])
                if source in model.source_names and source not in entity.from_:
                    yield desk.problem(here, f"'{text}' is not one of the sources of {name}.", f"Add {source} to its `from`.")
    for name, link in part.relationships.items():
        yield from _relationship(desk, name, link)


def _relationship(desk: Desk, name: str, link: Relationship) -> Iterator[Problem]:
    place, model = ("relationships", name), desk.model
    yield from desk.named(place, name)
    yield from desk.owner(link, *place)
    yield from desk.entity((*place, "from"), link.from_)
    yield from desk.entity((*place, "to"), link.to)
    if bool(link.by) == bool(link.through):
        yield desk.problem(place, f"relationship '{name}' needs either `by` (a key) or `through` (a source).")
    if link.by:
        yield from _by(desk, name, link)
    if link.through:
        yield from desk.source((*place, "through"), link.through)
        if link.through in model.source_names:
            for side in (link.from_, link.to):
                if not _held(model, side, link.through):
                    yield desk.problem((*place, "through"), f"{link.through} holds no identifier of {side}.",
                                       "Add its field to an identifier in 03_sources.yml.")  # fmt: skip
        for field in link.attributes:
            yield from desk.field((*place, "attributes"), link.through, field)
    for entity in link.at_most:
        yield from desk.known((*place, "at_most"), "side", entity, (link.from_, link.to))


def _by(desk: Desk, name: str, link: Relationship) -> Iterator[Problem]:
    place, model = ("relationships", name, "by"), desk.model
    if model.sources is None or any(e not in (desk.model.entities.entities if model.entities else {}) for e in (link.from_, link.to)):
        return
    words = link.by.split(".")
    target = link.as_ or link.by
    if len(words) == 1:
        yield from desk.known(place, f"identifier held by {link.from_}", link.by, model.attributes(link.from_))
    elif len(words) == 2:
        yield from desk.attribute(place, link.from_, words[1])
    else:
        yield from desk.located(place, link.by, words[-1])
    if len(words) > 1 and not link.as_:
        yield desk.problem(place, f"`by: {link.by}` does not say what it holds.", f"Add `as:` with an attribute of {link.to}.")
    else:
        yield from desk.known(place, f"attribute of {link.to}", target, model.attributes(link.to))


def _held(model: Model, entity: str, source: str) -> list[str]:
    """Identifiers of an entity that stand in another source."""
    places = model.identifier_places
    return [name for name in model.identifiers_of(entity) if any(ref.source == source for ref in places[name])]


def identity(model: Model) -> Iterator[Problem]:
    """Rules, keys and guards name attributes of their entity."""
    part, desk = model.identity, Desk(model, "identity")
    if part is None:
        return
    yield from desk.owner(part)
    for entity, spec in part.identity.items():
        place = ("identity", entity)
        yield from desk.entity(place, entity)
        yield from desk.owner(spec, *place)
        names = [rule.name for rule in spec.rules]
        for number, rule in enumerate(spec.rules):
            here = (*place, "rules", number)
            if rule.name in names[:number]:
                yield desk.problem(here, f"two rules are named '{rule.name}'.", "Name each rule once.")
            for attribute in rule.match:
                yield from desk.attribute(here, entity, attribute)
        checked = {"never_merge": spec.never_merge, "guard": (*spec.guard.distinct_per_value, *spec.guard.ignore)}
        if spec.suggest:
            checked["suggest"] = spec.suggest.compare
        for word, attributes in checked.items():
            for attribute in attributes:
                yield from desk.attribute((*place, word), entity, attribute)
        for text in spec.suggest.block_on if spec.suggest else ():
            yield from desk.expression((*place, "suggest", "block_on"), f"({text})", entity)
        if spec.labels:
            matched = {name for names in (*(rule.match for rule in spec.rules), *checked.values()) for name in names}
            yield from _labels(desk, (*place, "labels"), entity, spec.labels, matched)


def _labels(desk: Desk, place: tuple[str, ...], entity: str, text: str, matched: Collection[str]) -> Iterator[Problem]:
    """An attribute of the entity that nothing matches on, or a file of the project that holds labels."""
    if labels.is_file(text):
        why = labels.why_not(desk.model.root, text)
        if why:
            heads = " or ".join(",".join(head) for head in labels.HEADS)
            yield desk.problem(place, why, f"Labels are a CSV or Parquet file below the project's folder, with the columns {heads}.")
    elif desk.model.entities and entity in desk.model.entities.entities:
        yield from desk.known(place, f"attribute of {entity}", text, desk.model.attributes(entity))
    if text in matched:
        yield desk.problem(place, f"'{text}' is the truth to measure by, and is matched on too.", "Matching on it would measure it by itself.")


def survivorship(model: Model) -> Iterator[Problem]:
    """Rules stand on attributes, orders on systems or sources that have the attribute."""
    part, desk = model.survivorship, Desk(model, "survivorship")
    if part is None:
        return
    yield from desk.owner(part)
    for entity, order in part.default.items():
        yield from desk.entity(("default", entity), entity)
        sources = model.entity_sources(entity)
        known = {*sources, *(model.system_of(source) for source in sources)}
        for name in order if known else ():
            yield from desk.known(("default", entity), f"source of {entity}", name, known, "04_entities.yml")
    for name, rule in part.fields.items():
        entity, _, attribute = name.partition(".")
        place = ("fields", name)
        yield from desk.dotted(place, name)
        yield from desk.owner(rule, *place)
        refs = model.attributes(entity).get(attribute, ())
        if not refs:
            continue
        sources = tuple(ref.source for ref in refs)
        yield from _order(desk, (*place, "order"), rule.order, sources, name)
        yield from _dated(desk, place, rule, sources)
        yield from _preferred(desk, place, rule, entity)
        for title, other in rule.considered.items():
            yield from _order(desk, (*place, "considered", title), other.order, sources, name)
            taken = {word: value for word in ("rule", "order", "no_older_than", "expr") if (value := getattr(other, word))}
            if taken:
                instead = rule.model_copy(update={"expr": ""} | taken if other.rule else taken)
                yield from _dated(desk, (*place, "considered", title), instead, sources)
                yield from _preferred(desk, (*place, "considered", title), instead, entity)


def _order(desk: Desk, place: tuple[str, ...], order: tuple[OrderItem, ...], sources: tuple[str, ...], name: str) -> Iterator[Problem]:
    known = {*sources, *(desk.model.system_of(source) for source in sources)}
    every = {*desk.model.source_names, *(desk.model.system_of(source) for source in desk.model.source_names)}
    for item in order:
        if item.source not in every:
            yield from desk.known(place, "source", item.source, known, "03_sources.yml")
        elif item.source not in known:
            yield desk.problem(place, f"'{item.source}' has no {name}.", f"It comes from: {', '.join(sources)}.")
        elif item.only_if:
            for source in sources:
                if item.source in (source, desk.model.system_of(source)):
                    yield from desk.over_source(place, item.only_if, source)


def _preferred(desk: Desk, place: tuple[str, ...], rule: FieldRule, entity: str) -> Iterator[Problem]:
    """An expression over the attributes that a record holds, and when it was written."""
    if rule.rule != "expression":
        if rule.expr:
            yield desk.problem((*place, "expr"), f"rule {rule.rule} reads no expr.", "Write `rule: expression`, or leave `expr` out.")
        return
    if not rule.expr:
        yield desk.problem((*place, "rule"), "rule expression has no expr.", "Write one over the record's own attributes, such as `expr: length(vat_id) > 0`; the greatest wins.")
        return
    held = [name for name, refs in desk.model.attributes(entity).items() if refs]
    yield from desk.names((*place, "expr"), rule.expr, lambda name: desk.known((*place, "expr"), f"attribute of {entity}", name, [*held, "recorded"]))


def _dated(desk: Desk, place: tuple[str, ...], rule: FieldRule, sources: tuple[str, ...]) -> Iterator[Problem]:
    if rule.rule != "most_recent" and not rule.no_older_than:
        return
    word = "no_older_than" if rule.no_older_than else "most_recent"
    part = desk.model.sources
    named = {item.source for item in rule.order}
    for source in sources:
        asked = not named or source in named or desk.model.system_of(source) in named
        if part and asked and not part.sources[source].recorded:
            what = f"{word} needs to know when a row was written, and {source} does not say."
            yield desk.problem(place, what, "Name its `recorded:` field in 03_sources.yml, or leave the source out of `order`.")
