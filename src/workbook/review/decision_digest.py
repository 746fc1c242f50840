"""The digest of a decision: what a statement says, and the text of everything that it is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from workbook.model import Model
from workbook.model.schema import Statement

LENGTH = 12
# how a number is split and how often it is told: it means the same without
_SHOWN = ("by", "grains")


def decision_digest(model: Model, statement: Statement, under: Iterable[str]) -> str:
    """Twelve digits that change when the sentence, or a decision under it, is worded otherwise;
    comments do not count.

    `under` are the names that lie under what the statement is about, themselves included.
    """
    texts = {path: value for name in sorted(set(under)) for path, value in _decisions(model, name)}
    content = json.dumps(
        [statement.says, list(statement.about), texts],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return sha256(content.encode()).hexdigest()[:LENGTH]


def _decisions(model: Model, name: str) -> Iterator[tuple[str, Any]]:
    """Every place of the model's files that decides a name, and what stands there."""
    entity, _, attribute = name.partition(".")
    places = [
        ("metrics", "metrics", name),
        ("metrics", "rules", name),
        ("metrics", "movements", name),
        ("history", "events", name),
        ("history", "history", name),
        ("entities", "entities", name),
        ("entities", "relationships", name),
        ("checks", "checks", name),
        ("sources", "identifiers", name),
        ("questions", "questions", name),
        ("survivorship", "fields", name),
        ("identity", "identity", name),
        ("entities", "entities", entity, "attributes", attribute),
    ]
    for word, *keys in places:
        value = _at(model.texts[word].values, keys) if all(keys) else None
        if value is not None:
            yield "/".join((word, *keys)), _meant(value) if keys == ["metrics", name] else value
    if not model.is_open("grain") and name == model.grain.primary:
        yield "grain", [model.grain.primary, model.grain.sentence]
    if name in model.metrics.metrics:
        yield from _measure(model, model.metrics.metrics[name].measure)


def _meant(metric: Any) -> Any:
    """What a metric says of the number itself."""
    return (
        {key: value for key, value in metric.items() if key not in _SHOWN}
        if isinstance(metric, dict)
        else metric
    )


def _measure(model: Model, measure: str) -> Iterator[tuple[str, Any]]:
    models = _at(model.texts["metrics"].values, ["semantic_models"]) or {}
    for semantic in models:
        value = _at(models, [semantic, "measures", measure])
        if value is not None:
            yield (
                f"metrics/semantic_models/{semantic}/{measure}",
                [
                    models[semantic].get("of"),
                    value,
                ],
            )


def _at(values: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values
