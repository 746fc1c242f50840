"""Names of the tables that hold a metric, and by which grains and of which metrics it is made."""

from __future__ import annotations

from workbook.metrics.compile.as_of_clock import (
    GRAINS,
)
from workbook.metrics.compile.ratios_and_formulas import (
    inputs_of,
)
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.segment_bucket import segment_table
from workbook.model import Model


def value_table(name: str) -> str:
    """The table with the value of a metric, in one row."""
    return f"m__{name}__total"


def month_table(name: str) -> str:
    """The table with a metric's value of every month."""
    return period_table(name, "month")


def period_table(name: str, grain: str, dimension: str = "") -> str:
    """The table with a metric's value of every period of a grain, in all or by a dimension."""
    return f"{segment_table(name, dimension) if dimension else f'm__{name}'}__{grain}"


def grains_of(model: Model, name: str) -> tuple[str, ...]:
    """The grains of a metric: months (the periods of a movement), and what else its `grains`
    names, the shortest first.
    """
    wanted = {_own_grain(model, name), *metrics_of(model).metrics[name].grains}
    return tuple(grain for grain in GRAINS if grain in wanted)


def _own_grain(model: Model, name: str) -> str:
    """The period that a movement has; of a metric that is made of movements, the one that all
    of them share; else a month.
    """
    part, found, waiting, seen = metrics_of(model), set(), [name], set()
    while waiting:
        metric = part.metrics[each := waiting.pop()]
        movement, dot, _ = metric.measure.partition(".")
        if dot and movement in part.movements:
            found.add(part.movements[movement].every)
        elif metric.type in ("ratio", "derived") and each not in seen:
            waiting += [
                put.metric for put in inputs_of(model, each).values() if put.metric in part.metrics
            ]
        seen.add(each)
    return found.pop() if len(found) == 1 else "month"


def part_by(dimension: str, grain: str) -> str:
    """The `part` of a refusal that is about a dimension by period."""
    return f"{dimension} by {grain}"
