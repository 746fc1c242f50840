"""All tables of 07_metrics, compiled once a model, and what is refused instead of computed."""

from __future__ import annotations

from functools import lru_cache

from workbook.engine import Table
from workbook.metrics.compile.compiler import MetricCompiler
from workbook.metrics.compile.metric_table_names import value_table
from workbook.metrics.compile.resolve import MetricRefusal, metrics_of
from workbook.metrics.compile.segment_bucket import segment_table
from workbook.model import Model


def tables(model: Model) -> list[Table]:
    """The tables of 07_metrics; none while it is open.

    A number that cannot be computed is left out: see `refusals`.
    """
    return list(_compiled(model)[0])


def refusals(model: Model) -> list[MetricRefusal]:
    """What is not computed, and why: a metric, one of its dimensions or periods, a rule, a
    movement.
    """
    return list(_compiled(model)[1])


def rests_on(model: Model, name: str) -> tuple[str, ...]:
    """Every table of 07_metrics and of the entities on which a metric's value and segments
    rest, sorted.
    """
    results = {table.name: table for table in _compiled(model)[0]}
    metric = metrics_of(model).metrics[name]
    waiting = [value_table(name), *(segment_table(name, dimension) for dimension in metric.by)]
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting += results[table].reads if table in results else ()
    return tuple(sorted(found))


@lru_cache(maxsize=8)
def _compiled(model: Model) -> tuple[tuple[Table, ...], tuple[MetricRefusal, ...]]:
    if model.is_open("metrics") or model.is_open("entities"):
        return (), ()
    compiler = MetricCompiler(model)
    compiler.everything()
    return tuple(compiler.made.values()), tuple(compiler.refused)
