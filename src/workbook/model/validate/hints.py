"""What to do about a name that is not known: the nearest known ones, or what it is instead and
how to declare what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from workbook.model.model import Model
from workbook.nearest_name import did_you_mean

_SHOWN = 12  # known names in one message
_OF = re.compile(r"^(.*?)(?: of | held by )(\S+)$")


def nearest(name: str, known: Collection[str]) -> str:
    """The known names, the most similar first; how many more there are."""
    ranked = sorted(
        sorted(known), key=lambda each: -SequenceMatcher(None, name.lower(), each.lower()).ratio()
    )
    more = len(ranked) - _SHOWN
    return (
        f"Known: {', '.join(ranked[:_SHOWN])}{f', and {more:,} more' if more > 0 else ''}."
        if ranked
        else ""
    )


def advice(model: Model, kind: str, name: str, known: Collection[str], where: str = "") -> str:
    """What to write instead of a name of some kind (`attribute of account`, `metric`, …) that
    is not known.
    """
    hint = did_you_mean(name, known)
    instead = "" if hint else _instead(model, kind, name)
    listed = f"They are listed in {where}." if where else nearest(name, known)
    return hint or instead or listed


def _instead(model: Model, kind: str, name: str) -> str:
    """What a name is, and how to declare what was asked for; nothing where the model does not
    know it at all.
    """
    found = _OF.match(kind)
    wanted, of = (found[1], found[2]) if found else (kind, "")
    if wanted in (
        "field",
        "attribute",
        "identifier",
        "key",
        "metric",
        "measure",
        "entity",
        "event",
        "rule",
    ) and not re.fullmatch(r"[\w.]+", name):
        return (
            f"A name belongs here, and '{name}' is an expression: let the source or a rule in"
            " 07_metrics.yml say what it computes, and name that."
        )
    return next(_found(model, wanted, of, name), "")


def _found(model: Model, wanted: str, of: str, name: str) -> Iterator[str]:
    fields = [source for source in model.source_names if name in model.fields(source)]
    own = [source for source in fields if source in model.entity_sources(of)]
    entities = [
        each for each in model.entity_names if name in model.attributes(each) and each != of
    ]
    metrics = model.metrics
    if wanted in ("key", "identifier") and fields:
        yield (
            f"'{name}' is a field of {_some(fields)}; declare it under identifiers: in"
            f" 03_sources.yml first, such as `{name}: {{in: [{fields[0]}]}}`."
        )
    if wanted == "attribute" and own:
        yield (
            f"'{name}' is a field of {own[0]}; add it to the attributes: of {of} in 04_entities.yml"
            f" first, such as `{name}: {own[0]}`."
        )
    if wanted == "attribute" and name in model.identifier_places:
        yield (
            f"'{name}' is an identifier that stands in no source of {of}; add its field there under"
            " identifiers: in 03_sources.yml first."
        )
    if name in metrics.metrics and wanted != "metric":
        measure = metrics.metrics[name].measure
        also = "Rules and filters read attributes and rules; a view may list a metric."
        if wanted == "measure" and measure:
            also = f"Its measure is '{measure}'."
        yield f"'{name}' is a metric, and {_a(wanted)} is wanted here. {also}"
    if name in metrics.rules and metrics.rules[name].of != of:
        yield (
            f"'{name}' is a rule of {metrics.rules[name].of}, and"
            f" {_a(wanted)}{f' of {of}' if of else ''} is wanted here."
        )
    measures = {
        title: each.of for each in metrics.semantic_models.values() for title in each.measures
    }
    if wanted == "metric" and name in measures:
        yield (
            f"'{name}' is a measure of {measures[name]}; declare a metric that counts it under"
            f" metrics: in 07_metrics.yml first, such as `{name}: {{measure: {name}}}`."
        )
    if wanted == "attribute" and entities:
        yield (
            f"'{name}' is an attribute of {_some(entities)}; where a relationship leads there,"
            f" write {entities[0]}.{name}."
        )
    if wanted in ("entity", "entity or event") and name in model.source_names:
        yield (
            f"'{name}' is a source; declare an entity with `from: {name}` under entities: in"
            " 04_entities.yml first."
        )
    if wanted == "source" and not model.is_open("entities") and name in model.entities.entities:
        yield (
            f"'{name}' is an entity; a source is written system.table, as 03_sources.yml"
            " declares it."
        )
    if wanted == "attribute" and fields:
        yield (
            f"'{name}' is a field of {_some(fields)}, which {of} is not made from; add that source"
            " to its `from:` in 04_entities.yml, or relate the two."
        )
    if wanted in ("metric", "measure", "event") and fields:
        yield f"'{name}' is a field of {_some(fields)}; declare {_a(wanted)} on it first."


def _some(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _a(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"
