"""Names in 05_survivorship.yml: orders name sources, fields name attributes."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.dated_by import dated_sources, sources_of
from workbook.model.equality import in_records
from workbook.model.model import Model
from workbook.model.schema import FieldRule, OrderItem
from workbook.model.validate.one_record_rules import dated_by, together
from workbook.model.validate.step_validator import Validator


def survivorship(model: Model) -> Iterator[Problem]:
    """Rules stand on attributes, orders on systems or sources that have the attribute."""
    section, validator = model.survivorship, Validator(model, "survivorship")
    if model.is_open("survivorship"):
        return
    yield from validator.owner(section)
    for entity, order in section.default.items():
        yield from validator.entity(("default", entity), entity)
        sources = model.entity_sources(entity)
        known = {*sources, *(model.system_of(source) for source in sources)}
        for name in order if known else ():
            yield from validator.known(
                ("default", entity), "source", name, known, "04_entities.yml", of=entity
            )
    yield from together(validator, section)
    for name, rule in section.fields.items():
        entity, _, attribute = name.partition(".")
        path = ("fields", name)
        yield from validator.dotted(path, name)
        yield from validator.owner(rule, *path)
        refs = model.attributes(entity).get(attribute, ())
        if not refs:
            continue
        sources = sources_of(model, entity, attribute)
        yield from dated_by(validator, name, rule)
        yield from _order(validator, (*path, "order"), rule.order, sources, name)
        yield from validator.length((*path, "no_older_than"), rule.no_older_than)
        yield from _dated(
            validator,
            path,
            rule,
            _undated(model, entity, attribute, rule),
            model.type_of(entity, attribute),
        )
        yield from _preferred(validator, path, rule, entity)
        for title, other in rule.considered.items():
            yield from _order(validator, (*path, "considered", title), other.order, sources, name)
            yield from validator.length(
                (*path, "considered", title, "no_older_than"), other.no_older_than
            )
            taken = {
                word: value
                for word in ("rule", "order", "no_older_than", "expr")
                if (value := getattr(other, word))
            }
            if taken:
                instead = rule.model_copy(update={"expr": ""} | taken if other.rule else taken)
                yield from _dated(
                    validator,
                    (*path, "considered", title),
                    instead,
                    _undated(model, entity, attribute, instead),
                    model.type_of(entity, attribute),
                )
                yield from _preferred(validator, (*path, "considered", title), instead, entity)


def _undated(model: Model, entity: str, attribute: str, rule: FieldRule) -> tuple[str, ...]:
    """The sources whose `recorded` a rule reads: an age limit that of all, another rule that of
    those which nothing else dates.
    """
    known = () if rule.no_older_than else dated_sources(model, entity, attribute)
    return tuple(source for source in sources_of(model, entity, attribute) if source not in known)


def _order(
    validator: Validator,
    path: tuple[str, ...],
    order: tuple[OrderItem, ...],
    sources: tuple[str, ...],
    name: str,
) -> Iterator[Problem]:
    known = {*sources, *(validator.model.system_of(source) for source in sources)}
    every = {
        *validator.model.source_names,
        *(validator.model.system_of(source) for source in validator.model.source_names),
    }
    for item in order:
        if item.source not in every:
            yield from validator.known(path, "source", item.source, known, "03_sources.yml")
        elif item.source not in known:
            yield validator.problem(
                path,
                "model.survivorship.source_without",
                source=item.source,
                name=name,
                sources=sources,
            )
        elif item.only_if:
            for source in sources:
                if item.source in (source, validator.model.system_of(source)):
                    yield from validator.over_source(path, item.only_if, source)


def _preferred(
    validator: Validator, path: tuple[str, ...], rule: FieldRule, entity: str
) -> Iterator[Problem]:
    """An expression over the attributes that a record holds, and when it was written."""
    if rule.rule != "expression":
        if rule.expr:
            yield validator.problem(
                (*path, "expr"),
                "model.survivorship.idle_expression",
                rule=rule.rule,
            )
        return
    if not rule.expr:
        yield validator.problem((*path, "rule"), "model.survivorship.no_expression")
        return
    held = [name for name, refs in validator.model.attributes(entity).items() if refs]
    yield from validator.names(
        (*path, "expr"),
        rule.expr,
        lambda name: validator.known(
            (*path, "expr"), "attribute", name, [*held, "recorded"], of=entity
        ),
    )
    yield from validator.comparable((*path, "expr"), rule.expr, in_records(validator.model, entity))


def _dated(
    validator: Validator,
    path: tuple[str, ...],
    rule: FieldRule,
    sources: tuple[str, ...],
    kind: str,
) -> Iterator[Problem]:
    """Rules that go by the time at which a record was written; the earliest and the latest of
    times go by the times themselves.
    """
    by_time = rule.rule == "most_recent" or (
        rule.rule in ("earliest", "latest") and kind not in ("date", "timestamp")
    )
    if not by_time and not rule.no_older_than:
        return
    word = "no_older_than" if rule.no_older_than else rule.rule
    section = validator.model.sources
    named = {item.source for item in rule.order}
    for source in sources:
        asked = not named or source in named or validator.model.system_of(source) in named
        if asked and source in section.sources and not section.sources[source].recorded:
            yield validator.problem(
                path, "model.survivorship.undated_source", word=word, source=source
            )
