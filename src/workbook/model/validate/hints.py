"""What to do about a name that is not known: the nearest known ones, or what it is instead and
how to declare what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from workbook.model.model import Model
from workbook.words import advice_of, words_of

# The kinds in whose place somebody may write an expression.
_NAMED = (
    "field",
    "attribute",
    "identifier",
    "key",
    "metric",
    "measure",
    "entity",
    "event",
    "rule",
)


def kind_in_words(kind: str) -> str:
    """What a name is asked for, as the catalogue calls it."""
    return words_of("errors/model").text(f"kind.{kind}")


def closest(name: str, known: Collection[str]) -> list[str]:
    """The known names, the most similar first."""
    return sorted(
        sorted(known), key=lambda item: -SequenceMatcher(None, name.lower(), item.lower()).ratio()
    )


def instead(model: Model, kind: str, of: str, name: str) -> str:
    """What a name is that is not of the kind that is asked for, and how to declare what is meant;
    nothing where the model does not know it at all.
    """
    if kind in _NAMED and not re.fullmatch(r"[\w.]+", name):
        return advice_of("model.instead.expression", name=name)
    return next(_found(model, kind, of, name), "")


def _found(model: Model, kind: str, of: str, name: str) -> Iterator[str]:
    fields = [source for source in model.source_names if name in model.fields(source)]
    own = [source for source in fields if source in model.entity_sources(of)]
    entities = [
        entity_name
        for entity_name in model.entity_names
        if name in model.attributes(entity_name) and entity_name != of
    ]
    metrics, wanted = model.metrics, kind_in_words(kind)
    if kind in ("key", "identifier") and fields:
        yield advice_of("model.instead.field_for_identifier", name=name, sources=fields)
    if kind == "attribute" and own:
        yield advice_of("model.instead.field_for_attribute", name=name, source=own[0], of=of)
    if kind == "attribute" and name in model.identifier_places:
        yield advice_of("model.instead.identifier_elsewhere", name=name, of=of)
    if name in metrics.metrics and kind != "metric":
        measure = metrics.metrics[name].measure if kind == "measure" else ""
        yield advice_of("model.instead.metric", name=name, wanted=wanted, measure=measure)
    if name in metrics.rules and metrics.rules[name].of != of:
        rule = metrics.rules[name]
        yield advice_of("model.instead.rule", name=name, rule_of=rule.of, wanted=wanted, of=of)
    measures = {
        title: semantic_model.of
        for semantic_model in metrics.semantic_models.values()
        for title in semantic_model.measures
    }
    if kind == "metric" and name in measures:
        yield advice_of("model.instead.measure_for_metric", name=name, of=measures[name])
    if kind == "attribute" and entities:
        yield advice_of("model.instead.attribute_of_another", name=name, entities=entities)
    if kind in ("entity", "entity_or_event") and name in model.source_names:
        yield advice_of("model.instead.source_for_entity", name=name)
    if kind == "source" and not model.is_open("entities") and name in model.entities.entities:
        yield advice_of("model.instead.entity_for_source", name=name)
    if kind == "attribute" and fields:
        yield advice_of("model.instead.field_of_another", name=name, sources=fields, of=of)
    if kind in ("metric", "measure", "event") and fields:
        yield advice_of("model.instead.field", name=name, sources=fields, wanted=wanted)
