"""The same part of the period before: a year up to 30 June is compared with the year before up
to 30 June.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbook.engine import Table
from workbook.metrics.compile.aggregate import aggregate
from workbook.metrics.compile.as_of_clock import AsOf, as_of_date, end_of, moment
from workbook.metrics.compile.fan_out import entities_under, null_if_key_repeats
from workbook.metrics.compile.metric_rows import rows_sql, rule_tables_for
from workbook.metrics.compile.resolve import ResolvedMeasure
from workbook.metrics.compile.rules import STEP
from workbook.model import Model
from workbook.model.calendar import calendar_of
from workbook.model.durations import duration


@dataclass(frozen=True)
class PeriodPart:
    """A part of a period: its first day, and its last one."""

    first: dt.date
    last: dt.date


def part_before(model: Model, grain: str) -> PeriodPart | None:
    """The part of the period before that is as long as the newest one so far; None where the
    newest one is over.

    It ends on the same day of the week, or of the month: on its last where the month has no
    such day.
    """
    day, calendar = as_of_date(model), calendar_of(model)
    start = calendar.start_of(day, grain)
    if calendar.next_start(start, grain) == end_of(day):
        return None
    first = calendar.start_of(start - dt.timedelta(days=1), grain)
    length = duration(f"1 {grain.removeprefix('fiscal_')}")
    end = dt.datetime.combine(end_of(day), dt.time())
    before = length.before(end)
    if length.months and before.day < end.day:
        before = (before.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return PeriodPart(first, min(before.date(), start) - dt.timedelta(days=1))


def newest_first(model: Model, grain: str) -> dt.date:
    """The first day of the period in which the as-of day lies."""
    return calendar_of(model).start_of(as_of_date(model), grain)


def before_name(name: str, grain: str) -> str:
    """The table of a metric's value in the same part of the period before."""
    return f"m__{name}__{grain}_before"


def accrues(found: ResolvedMeasure, grain: str) -> bool:
    """Whether a number grows within a period, so that a part of one is less than the whole."""
    return found.kind == "flow" or (found.kind == "cumulative" and found.grain_to_date == grain)


def before_tables(
    model: Model, found: ResolvedMeasure, grain: str, part: PeriodPart
) -> list[Table]:
    """`m__<metric>__<grain>_before`: a number in the same part of the period before, or at the
    end of it.
    """
    day = part.last
    clock = AsOf(
        f"cast('{day}' as date)",
        moment(end_of(day)),
        f"cast('{day.replace(day=1)}' as date)",
        f"__{grain}_before",
    )
    under, rows = rule_tables_for(model, found, clock), rows_sql(model, found, clock)
    since = f"\nwhere starts >= {moment(part.first)}" if found.kind == "flow" else ""
    value = aggregate(model, found, rows)
    body = f"select {value} as exact, count(*) as rows_counted\nfrom (\n{rows}\n) as kept{since}"
    sql = null_if_key_repeats(body, found.value, entities_under(model, under, rows))
    row_is = f"{found.name} in the {grain.replace('_', ' ')} before, up to {day}"
    name = before_name(found.name, grain)
    return [*under, Table(name, row_is, STEP, "canonical", (), sql)]
