"""Whom a number counts for an absence ("no activity in 14 days") of whom nothing was ever recorded,
so that the absence is not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from workbook.engine import quote
from workbook.engine.sql import text as literal
from workbook.metrics.compile.as_of_clock import now
from workbook.metrics.compile.references import absent_things, rules_in
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
    for thing in dict.fromkeys(absent_things(model, entity, rules)):
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


def unmeasured_ids(
    model: Model, reader: MetricReader, entity: str, text: str, ids: Iterable[str]
) -> set[str]:
    """Of these rows of an entity those of which something that rules in an expression ask to be
    missing in a window never was on record.
    """
    wanted, found = list(ids), set[str]()
    rules = rules_in(model, entity, text)
    for thing in dict.fromkeys(absent_things(model, entity, rules)) if wanted else ():
        ever = event_counts_sql(model, entity, Clause(some=thing), now(model))
        listed = ", ".join(literal(each) for each in wanted)
        seen = reader.query(f"select id from (\n{ever}\n) as ever where id in ({listed})")["id"]
        found |= set(wanted) - set(seen)
    return found
