"""What a metric is made from, by name: other metrics, and the measures under all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from workbook.model.schema import Metric


def metrics_named(metric: Metric, known: Iterable[str]) -> list[str]:
    """The metrics that a ratio or a derived metric is made from."""
    names = {metric.numerator, metric.denominator, *re.findall(r"\w+", metric.expr)}
    for given in metric.inputs.values():
        names.add(given.get("metric", "") if isinstance(given, dict) else str(given))
    return sorted(names & set(known))


def measures_under(name: str, metrics: Mapping[str, Metric]) -> Iterator[str]:
    """The measure, or the kind of a movement, of a metric and of all that it is made from."""
    waiting, seen = [name], set()
    while waiting:
        item = waiting.pop()
        if item in seen or item not in metrics:
            continue
        seen.add(item)
        if metrics[item].measure:
            yield metrics[item].measure
        waiting += metrics_named(metrics[item], metrics)
