"""The counts of customers that a department goes by, as figure 2.3 shows them."""

from __future__ import annotations

from typing import Any

from workbook.metrics import value_table
from workbook.scenarios.context import Context
from workbook.sources import profile

_SHOWN = 2  # counts named after one department


def customer_counts(context: Context, primary: str, department: str) -> list[tuple[str, Any]]:
    """Metric and value of at most two counts of customers that are named after the department;
    one that it merely owns need not count what its words say.
    """
    named = []
    metrics = context.model.metrics
    for name in metrics.metrics:
        money = profile.additive(context.model, name)
        if not money or money.agg != "count" or money.entity != primary:
            continue
        value = _value(context, name)
        if value is not None:
            named += [(name, value)] if _is_named_after(context, name, department) else []
    return named[:_SHOWN]


def _value(context: Context, metric: str) -> Any:
    if not context.has(value_table(metric)):
        return None
    column = context.frame(value_table(metric))["value"]
    return column[0] if len(column) else None


def _is_named_after(context: Context, metric: str, department: str) -> bool:
    metrics = context.model.metrics
    return department in (
        *metric.split("_"),
        *metrics.metrics[metric].filter.split("_"),
    )
