"""The period that a number is about, in words: a flow never stands without one.

All sentences about periods that pages say beside a value are made here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Protocol

import polars as pl

from workbook.errors import WorkbookError
from workbook.metrics.compile.derived import Input, expand_expression, moves
from workbook.metrics.compile.movements import newest_start
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.table_names import month_table, value_table
from workbook.metrics.compile.time_behaviour import movement_periods, nature
from workbook.metrics.compile.time_spine import as_of_date, end_of
from workbook.metrics.compile.units import kind_of, resolved, unit_of
from workbook.metrics.report.wording import format_metric_value
from workbook.model import Model
from workbook.model.as_of import is_undated
from workbook.model.calendar import calendar_of
from workbook.model.durations import duration
from workbook.words import number

COMPOUNDS = "a figure of one {} compounds over a year"


class Tables(Protocol):
    """Who can read tables of the plan."""

    def has(self, name: str, /) -> bool: ...

    def frame(self, name: str, /) -> pl.DataFrame: ...


def period_told(model: Model, tables: Tables, name: str) -> str:
    """What a number's value is about; of a flow also its latest whole month, of a month's rate
    the year's beside it.
    """
    parts = [
        period_of(model, tables, name),
        _latest(model, tables, name),
        *_over_longer(model, tables, name),
    ]
    return "; ".join(part for part in parts if part)


def period_of(model: Model, tables: Tables, name: str) -> str:
    """The period, or the moment, of a number's value; '' where nothing is dated or it cannot be
    computed.
    """
    if is_undated(model):
        return ""
    try:
        return "; ".join(filter(None, dict.fromkeys(_told(model, tables, name))))
    except WorkbookError:
        return ""


def period_beside(model: Model, tables: Tables, name: str) -> str:
    """The period of a number's value where it is more than the end of the day; else ''."""
    period = period_of(model, tables, name)
    return "" if period.startswith(("at ", "as ")) else period


def period_name(model: Model, grain: str, start: dt.date) -> str:
    """What a period is called: `June 2025`, `Q2 2025`, `2025`, `Q2 FY 2024/25`, `the week of 2
    June 2025`.

    >>> from types import SimpleNamespace
    >>> project = SimpleNamespace(fiscal_year_starts=1, week_starts="monday")
    >>> period_name(SimpleNamespace(project=project), "quarter", dt.date(2025, 4, 1))
    'Q2 2025'
    """
    if grain.startswith("fiscal_"):
        return calendar_of(model).name_of(start, grain)
    if grain in ("day", "week"):
        return f"{'the week of ' if grain == 'week' else ''}{number.date(start, long=True)}"
    year = str(start.year)
    month = f"{number.MONTHS[start.month - 1]} {year}"
    return {"month": month, "quarter": f"Q{(start.month + 2) // 3} {year}", "year": year}[grain]


def _told(model: Model, tables: Tables, name: str) -> Iterator[str]:
    metric = metrics_of(model).metrics[name]
    inputs = (
        {name: Input(name)}
        if metric.type in ("simple", "cumulative")
        else expand_expression(model, name)[1]
    )
    every = movement_periods(model, inputs)
    moved = [each for each in inputs.values() if moves(model, each.metric)]
    yield from (_movement(model, each) for each in moved)
    flows = [
        each
        for each in inputs.values()
        if each not in moved and nature(model, each.metric) == "flow"
    ]
    if flows and not every:
        yield _since(tables, flows)
    ends = [each for each in inputs.values() if each not in [*moved, *flows]]
    now = {each.metric for each in ends if not each.earlier}
    for each in ends:
        if not every or nature(model, each.metric) == "window":
            before = f", {duration(each.earlier)} earlier" if each.earlier else ""
            yield "" if each.earlier and each.metric in now else _end(model, each.metric) + before


def _since(tables: Tables, flows: list[Input]) -> str:
    firsts = [
        tables.frame(table)["month"].min()
        for each in flows
        if tables.has(table := month_table(each.metric))
    ]
    known = [first for first in firsts if isinstance(first, dt.date)]
    return (
        f"all time, the oldest of {number.MONTHS[min(known).month - 1]} {min(known).year}"
        if known
        else "all time"
    )


def _end(model: Model, name: str) -> str:
    metric, day = metrics_of(model).metrics[name], as_of_date(model)
    last = number.date(day, long=True)
    found = resolved(model, name)
    if found.kind == "still":
        return "as it is today"
    if metric.window:
        return f"{metric.window} to {last}"
    if metric.grain_to_date:
        first = calendar_of(model).start_of(day, metric.grain_to_date)
        return f"{number.date(first, long=True)} to {last}"
    return f"all time, up to {last}" if found.kind == "cumulative" else f"at {last}"


def _movement(model: Model, each: Input) -> str:
    part, day = metrics_of(model).movements[moves(model, each.metric)], as_of_date(model)
    every, calendar = part.every, calendar_of(model)
    start = newest_start(model, part, metrics_of(model).metrics[each.metric].ago)
    end = calendar.next_start(start, every)
    whole = end <= end_of(day)
    if each.over:  # in a period that is not over, from the end of the one that lies so long before
        opening = duration(each.over).before(dt.datetime.combine(end, dt.time())) - dt.timedelta(
            days=1
        )
        since = each.over if whole else number.date(opening.date(), long=True)
        return f"{since} to {number.date(day, long=True)}"
    up_to = "" if whole else f" up to {number.date(day, long=True)}"
    return f"{period_name(model, every, start)}{up_to}, one {every.replace('_', ' ')}"


def _latest(model: Model, tables: Tables, name: str) -> str:
    """Of a flow, or what is made of flows: its latest whole month and the value of it."""
    if is_undated(model) or not _of_flows(model, name) or not tables.has(month_table(name)):
        return ""
    months = tables.frame(month_table(name)).drop_nulls("month")
    calendar, end = calendar_of(model), end_of(as_of_date(model))
    whole = [
        month for month in months["month"].to_list() if calendar.next_start(month, "month") <= end
    ]
    if not whole:
        return ""
    value = months.filter(pl.col("month") == max(whole))["value"][0]
    return (
        ""
        if value is None
        else f"{period_name(model, 'month', max(whole))}: {_written(model, name, value)}"
    )


def _of_flows(model: Model, name: str) -> bool:
    """Whether its value is of all time and its months are of their own."""
    metric = metrics_of(model).metrics[name]
    try:
        inputs: Mapping[str, Input] = (
            {name: Input(name)}
            if metric.type in ("simple", "cumulative")
            else expand_expression(model, name)[1]
        )
        return not movement_periods(model, inputs) and any(
            nature(model, each.metric) == "flow" for each in inputs.values()
        )
    except WorkbookError:
        return False


def longer(model: Model, name: str) -> list[str]:
    """The metrics that are the same ratio or formula of the same movement over a longer time."""
    metrics = metrics_of(model).metrics
    mine = metrics[name]
    if mine.over or mine.type not in ("ratio", "derived"):
        return []
    parts = ("type", "numerator", "denominator", "expr", "inputs")
    return [
        other
        for other, each in metrics.items()
        if each.over and all(getattr(each, part) == getattr(mine, part) for part in parts)
    ]


def _over_longer(model: Model, tables: Tables, name: str) -> Iterator[str]:
    """The same number over a longer time, and why the two differ so much."""
    found = [other for other in longer(model, name) if tables.has(value_table(other))]
    for other in found:
        value = tables.frame(value_table(other))["value"][0]
        if value is not None:
            yield f"{period_of(model, tables, other)}: {_written(model, other, value)}"
    if found:
        every = movement_periods(model, expand_expression(model, name)[1])
        yield COMPOUNDS.format(min(every).replace("_", " "))


def _written(model: Model, name: str, value: object) -> str:
    return format_metric_value(value, kind_of(model, name), unit_of(model, name))  # type: ignore[arg-type]
