"""Rows of a flow's latest period that its filter leaves out by a status of today, which can still
change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp

from workbook.dialect import to_sql
from workbook.engine import quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import now
from workbook.metrics.compile.expression_scope import Scope
from workbook.metrics.compile.metric_rows import rows_sql
from workbook.metrics.compile.metric_table_names import grains_of
from workbook.metrics.compile.period_to_date import newest_first
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.todays_values import todays_values
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricReader
from workbook.model import Model
from workbook.model.expressions import scalar_expression
from workbook.privacy import shown

_STATUS = {"status", "state", "stage"}  # words of a field that says how far a row has come


def open_rows(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """One per status that the filter leaves out in the latest quarter (where quarters are given)
    or month: how many rows have it, and how much they come to.

    Where a page may not show the status, all are one, about ''.
    """
    metric, counted = metrics_of(model).metrics[name], f"m__{name}__rows"
    if metric.type != "simple" or "." in metric.measure or not reader.has(counted):
        return
    found = resolved(model, name)
    if found.kind != "flow" or not (split := _without_status(model, name, metric.filter)):
        return
    status, rest = split
    value = Scope(model, found.entity, now(model)).value(status)
    rows = rows_sql(model, replace(found, filter=rest), now(model), {"status": value})
    told = "status" if shown(model.class_of(f"{found.entity}.{status}")) else "''"
    start = newest_first(model, latest_grain(model, name))
    is_money = found.measure.agg == "sum" and found.value == "money"
    total = "sum(amount)" if is_money else "cast(null as decimal(18, 2))"
    sql = f"""select status, count(*) as rows, {total} as amount
from (
select cast({told} as varchar) as status, id, starts, amount
from (
{rows}
) as filtered
where status is not null
) as every
where starts >= cast('{start}' as timestamp) and id not in (select id from {quote(counted)})
group by status
order by rows desc, status"""
    for about, count, amount in reader.query(sql).iter_rows():
        yield MetricCheck(name, "still open", about, "pass", rows=count, amount=amount)


def latest_grain(model: Model, name: str) -> str:
    """The period of which open rows are counted."""
    return "quarter" if "quarter" in grains_of(model, name) else "month"


def _without_status(model: Model, name: str, text: str) -> tuple[str, str] | None:
    """The status of today that a filter asks for, and the filter without it; None without one."""
    try:
        tree = scalar_expression(text)[0] if text else None
    except WorkbookError:
        return None
    today = set(todays_values(model, name))
    parts = [] if tree is None else list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
    for part in parts:
        if (
            isinstance(part, exp.EQ)
            and isinstance(part.this, exp.Column)
            and isinstance(part.expression, exp.Literal)
            and part.this.name in today
            and _STATUS & set(part.this.name.split("_"))
        ):
            rest = " and ".join(f"({to_sql(item)})" for item in parts if item is not part)
            return part.this.name, rest
    return None
