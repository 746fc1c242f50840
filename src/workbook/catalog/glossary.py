"""What a word of the business names in the model."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.model import Model
from workbook.words import number, words_of
from workbook.words.wording import humanize


def named_by(model: Model, word: str) -> tuple[str, ...]:
    """Every entity, attribute, measure, metric, rule and source that a word names, in the
    singular or the plural, in words.
    """
    singular = humanize(word).casefold()
    meant = {singular, number.plural_of(singular)}
    return tuple(
        dict.fromkeys(label for name, label in _names(model) if humanize(name).casefold() in meant)
    )


def _names(model: Model) -> Iterator[tuple[str, str]]:
    """Every name of the model, and what it is called on a page."""
    metrics, words = model.metrics, words_of("documentation")
    for entity in model.entity_names:
        yield entity, humanize(entity)
        for name, refs in model.attributes(entity).items():
            if refs:
                yield name, words.text("named.attribute", name=name, entity=entity)
    for semantic in metrics.semantic_models.values():
        for name in semantic.measures:
            yield name, words.text("named.measure", name=name)
    for name, metric in metrics.metrics.items():
        for known in filter(None, (name, metric.label)):
            yield known, words.text("named.metric", name=name)
    for name in metrics.rules:
        yield name, words.text("named.rule", name=name)
    for source in model.source_names:
        yield source.partition(".")[2], humanize(source)
