"""What a word of the business names in the model."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.model import Model
from workbook.words import number
from workbook.words.wording import humanize


def named_by(model: Model, word: str) -> tuple[str, ...]:
    """Every entity, attribute, measure, metric, rule and source that a word names, in the
    singular or the plural, in words.
    """
    text = humanize(word).casefold()
    meant = {text, number.plural_of(text)}
    return tuple(
        dict.fromkeys(said for name, said in _names(model) if humanize(name).casefold() in meant)
    )


def _names(model: Model) -> Iterator[tuple[str, str]]:
    metrics = model.metrics
    for entity in model.entity_names:
        yield entity, humanize(entity)
        yield from (
            (name, f"{humanize(name)} of {humanize(entity)}")
            for name, refs in model.attributes(entity).items()
            if refs
        )
    for part in metrics.semantic_models.values() if metrics else ():
        yield from ((name, f"measure {name}") for name in part.measures)
    for name, metric in metrics.metrics.items() if metrics else ():
        yield from ((each, f"metric {name}") for each in (name, metric.label) if each)
    yield from ((name, f"rule {name}") for name in (metrics.rules if metrics else {}))
    yield from ((source.partition(".")[2], source) for source in model.source_names)
