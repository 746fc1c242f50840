"""How a diagnosis says things: names of the model as words, metrics by their label, lists, whether a number says what it means."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.model import Model
from workbook.show import number
from workbook.show.text import in_words


def called(model: Model, name: str) -> str:
    """A metric's label, or its name as words."""
    metric = model.metrics.metrics.get(name) if model.metrics else None
    return (metric.label if metric else "") or in_words(name)


def has_meaning(model: Model, name: str) -> bool:
    """Whether figure 7.1 has words for what a number means: its own, or those of the rule that it counts."""
    part = model.metrics
    metric = part.metrics[name]  # type: ignore[union-attr]
    rule = part.rules.get(metric.filter.strip())  # type: ignore[union-attr]
    return bool(metric.means or (rule and rule.means))


def listed(names: Sequence[str]) -> str:
    """Names of the model as words: `a, b`."""
    return ", ".join(map(in_words, names))


def figure(value: object) -> str:
    """A metric's value, without its unit."""
    return number.number(value)  # type: ignore[arg-type]


def agrees(count: int, one: str, many: str) -> str:
    """The verb that goes with a count."""
    return one if count == 1 else many
