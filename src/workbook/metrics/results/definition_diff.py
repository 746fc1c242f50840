"""Why two figures for one name differ: the rows that one of them leaves out, by what leaves
them out, and what they come to.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workbook.engine import quote
from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import now
from workbook.metrics.compile.definition_diff_table import same_rows
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.compile.metric_rows import active_at
from workbook.metrics.compile.resolve import ResolvedMeasure, metrics_of
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_result import MetricReader
from workbook.model import Model


@dataclass(frozen=True)
class DifferenceReason:
    """Rows in which a figure differs from another: how many, what they add to it, and why
    (`filter`, `time`, `latest`, `amount`, `other`).

    `by` is the figure that leaves the rows out.
    """

    why: str
    rows: int
    amount: Decimal
    by: str = ""


def reasons(model: Model, reader: MetricReader, name: str, other: str) -> list[DifferenceReason]:
    """What lies between a figure and another of the same entity; the amounts add up to their
    difference.
    """
    found = _counted(model, reader, name, other)
    if not found:
        return []
    more = _left_out(model, reader, name, other, found[1])
    less = [
        DifferenceReason(item.why, item.rows, -item.amount, item.by)
        for item in _left_out(model, reader, other, name, found[0])
    ]
    return [*more, *less, *_amounts(reader, name, other)]


def distinct_primary_count(model: Model, reader: MetricReader, name: str) -> int | None:
    """How many different rows of the primary entity a figure's rows belong to; None where they
    are such rows, or lead to none.
    """
    primary = model.grain.primary
    if (
        metrics_of(model).metrics[name].type != "simple"
        or not primary
        or not reader.has(f"m__{name}__rows")
    ):
        return None
    try:
        entity = resolved(model, name).entity
        if entity == primary:
            return None
        key = Scope(model, entity, now(model)).key_of(primary)
    except WorkbookError:  # no one relationship leads there: nothing can be said of it
        return None
    joins = "\n".join(key.joins)
    sql = (
        f"select count(distinct {key.sql}) as reached from {quote(f'm__{name}__rows')} as r\njoin"
        f" {quote(entity)} as e on e.id = r.id\n{joins}"
    )
    return int(reader.query(sql).row(0)[0])


def _counted(
    model: Model, reader: MetricReader, name: str, other: str
) -> tuple[ResolvedMeasure, ResolvedMeasure] | None:
    if not same_rows(model, name, other) or not all(
        reader.has(f"m__{item}__rows") for item in (name, other)
    ):
        return None
    return resolved(model, name), resolved(model, other)


def _left_out(
    model: Model, reader: MetricReader, name: str, by: str, found: ResolvedMeasure
) -> list[DifferenceReason]:
    """The rows of a figure that another leaves out, by its filter, its time, or because it
    keeps only the latest.
    """
    scope = Scope(model, found.entity, now(model))
    keep = scope.compile(found.filter) if found.filter else CompiledExpression("true")
    when = " and ".join(active_at(model, found, now(model))) or "true"
    last = "latest" if found.measure.latest_per else "other"
    joins = "\n".join(keep.joins)
    sql = f"""select why, count(*) as counted, cast(sum(amount) as decimal(38, 10)) as amount
from (
    select r.amount as amount,
           case when not coalesce({keep.sql}, false) then 'filter'
                when not coalesce({when}, false) then 'time'
                else '{last}' end as why
    from {quote(f"m__{name}__rows")} as r
    join {quote(found.entity)} as e on e.id = r.id
    left join {quote(f"m__{by}__rows")} as b on b.id = r.id
    {joins}
    where b.id is null
) as apart
group by why
order by why"""
    return [
        DifferenceReason(row["why"], int(row["counted"]), row["amount"] or Decimal(0), by)
        for row in reader.query(sql).iter_rows(named=True)
    ]


def _amounts(reader: MetricReader, name: str, other: str) -> list[DifferenceReason]:
    """The rows that both have, with another amount in each."""
    sql = f"""select count(*) as counted,
       cast(sum(coalesce(a.amount, 0) - coalesce(b.amount, 0)) as decimal(38, 10)) as amount
from {quote(f"m__{name}__rows")} as a
join {quote(f"m__{other}__rows")} as b on b.id = a.id
where coalesce(a.amount, 0) <> coalesce(b.amount, 0)"""
    counted, amount = reader.query(sql).row(0)
    return [DifferenceReason("amount", int(counted), amount)] if counted else []
