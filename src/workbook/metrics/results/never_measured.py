"""Whom a number counts for an absence ("no activity in 14 days") of whom nothing was ever recorded,
so that the absence is not measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook.engine import quote
from workbook.metrics.compile.as_of_clock import now
from workbook.metrics.compile.references import rules_in
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.rules import event_counts_sql
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricReader
from workbook.model import Model
from workbook.model.schema import Clause


def never_measured(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """One check per thing of which a rule of the number asks whether there was none in a window:
    how many rows it counts, and of these those of which there never was any.
    """
    metric, table = metrics_of(model).metrics[name], f"m__{name}__rows"
    if metric.type != "simple" or "." in metric.measure or not reader.has(table):
        return
    entity = resolved(model, name).entity
    for thing, every, never in absences(model, reader, entity, (metric.filter,), table):
        yield MetricCheck(name, "unmeasured", thing, "pass", Decimal(every), rows=never)


def absences(
    model: Model, reader: MetricReader, entity: str, texts: tuple[str, ...], table: str
) -> Iterator[tuple[str, int, int]]:
    """Each thing that rules in these expressions ask to be missing in a window, with the ids of
    a table, and of these those of which it never was on record; `table` has the column `id`.
    """
    rules = tuple(rule for text in texts for rule in rules_in(model, entity, text))
    for thing in dict.fromkeys(_absent(model, entity, rules)):
        ever = event_counts_sql(model, entity, Clause(some=thing), now(model))
        every, never = reader.query(
            f"""select count(*) as every, sum(case when ever.id is null then 1 else 0 end) as never
from (select distinct id from {quote(table)}) as counted
left join (
{ever}
) as ever on ever.id = counted.id"""
        ).row(0)
        if never:
            yield thing, int(every), int(never)


def _absent(model: Model, entity: str, rules: tuple[str, ...]) -> Iterator[str]:
    """What these rules, and those under them, ask to be missing in a window of time."""
    for name in rules:
        rule = model.metrics.rules[name]
        for item in (*rule.all, *rule.any, *rule.points) if rule.of == entity else ():
            if isinstance(item, str):
                yield from _absent(model, entity, rules_in(model, entity, item))
            elif item.no and item.within:
                yield item.no
        for item in rule.none if rule.of == entity else ():
            if not isinstance(item, str) and item.some and item.within:
                yield item.some
