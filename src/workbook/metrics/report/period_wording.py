"""The period that a metric's value is about, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl
from sqlglot import exp

from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import as_of_date, end_of
from workbook.metrics.compile.metric_table_names import month_table, value_table
from workbook.metrics.compile.movements import newest_start
from workbook.metrics.compile.ratios_and_formulas import Input, expand_expression, moves
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.time_behaviour import movement_periods, nature
from workbook.metrics.compile.units import kind_of, resolved, unit_of
from workbook.metrics.report.metric_wording import WORDS, format_metric_value
from workbook.metrics.results.source_age import last_record
from workbook.model import Model
from workbook.model.as_of import is_undated
from workbook.model.calendar import calendar_of
from workbook.model.durations import duration
from workbook.words import number

# A value of the as-of day alone, which a page names once.
_MOMENTS = ("day", "today")


class PeriodTables(Protocol):
    """Who can read tables of the plan."""

    def has(self, name: str, /) -> bool: ...

    def frame(self, name: str, /) -> pl.DataFrame: ...


def period_told(model: Model, tables: PeriodTables, name: str) -> str:
    """What a metric's value is about; of a flow also its latest whole month, of a month's rate
    the year's beside it.
    """
    parts = [
        period_of(model, tables, name),
        _latest(model, tables, name),
        *_over_longer(model, tables, name),
    ]
    return "; ".join(part for part in parts if part)


def period_of(model: Model, tables: PeriodTables, name: str) -> str:
    """The period, or the moment, of a metric's value; '' where nothing is dated or it cannot be
    computed.
    """
    return "; ".join(period.text for period in _periods_of(model, tables, name))


def period_beside(model: Model, tables: PeriodTables, name: str) -> str:
    """The period of a metric's value where it is more than the end of the day; else ''."""
    periods = _periods_of(model, tables, name)
    if periods and periods[0].name in _MOMENTS:
        return ""
    return "; ".join(period.text for period in periods)


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
    if grain == "day":
        return number.date(start, long=True)
    if grain == "week":
        return WORDS.text("period.week", start=start)
    year = str(start.year)
    if grain == "quarter":
        return WORDS.text("period.quarter", quarter=(start.month + 2) // 3, year=year)
    return {"month": f"{number.MONTHS[start.month - 1]} {year}", "year": year}[grain]


def period_up_to_now(model: Model, grain: str, start: dt.date) -> str:
    """What a period is called, and up to which day it has come where it is not over."""
    day, name = as_of_date(model), period_name(model, grain, start)
    if calendar_of(model).next_start(start, grain) <= end_of(day):
        return name
    return WORDS.text("period.up_to", period=name, day=day)


@dataclass(frozen=True)
class WordedPeriod:
    """A period of a value: the name of its text in the catalogue, and the text."""

    name: str
    text: str


def _period(name: str, **values: Any) -> WordedPeriod:
    return WordedPeriod(name, WORDS.text(f"period.{name}", **values))


def _periods_of(model: Model, tables: PeriodTables, name: str) -> list[WordedPeriod]:
    """The periods of a metric's value, each once; none where nothing is dated or it cannot be
    computed.
    """
    if is_undated(model):
        return []
    try:
        return list(dict.fromkeys(_periods(model, tables, name)))
    except WorkbookError:
        return []


def _periods(model: Model, tables: PeriodTables, name: str) -> Iterator[WordedPeriod]:
    inputs = _inputs(model, name)
    every = movement_periods(model, inputs)
    moved = [item for item in inputs.values() if moves(model, item.metric)]
    yield from (_movement(model, item) for item in moved)
    flows = [
        item
        for item in inputs.values()
        if item not in moved and nature(model, item.metric) == "flow"
    ]
    if flows and not every:
        yield _since(tables, flows)
    ends = [item for item in inputs.values() if item not in [*moved, *flows]]
    now = {end.metric for end in ends if not end.earlier}
    for item in ends:
        if every and nature(model, item.metric) != "window":
            continue
        if not item.earlier:
            yield _end(model, item.metric)
        elif item.metric not in now:
            end, length = _end(model, item.metric), duration(item.earlier)
            yield WordedPeriod(
                end.name, WORDS.text("period.earlier", period=end.text, length=str(length))
            )


def _inputs(model: Model, name: str) -> Mapping[str, Input]:
    """The simple metrics that a metric is made of; itself where it is one."""
    if metrics_of(model).metrics[name].type in ("simple", "cumulative"):
        return {name: Input(name)}
    return expand_expression(model, name)[1]


def _since(tables: PeriodTables, flows: list[Input]) -> WordedPeriod:
    firsts = [
        tables.frame(table)["month"].min()
        for flow in flows
        if tables.has(table := month_table(flow.metric))
    ]
    known = [first for first in firsts if isinstance(first, dt.date)]
    return _period("all_time_since", first=min(known)) if known else _period("all_time")


def _end(model: Model, name: str) -> WordedPeriod:
    metric, day = metrics_of(model).metrics[name], as_of_date(model)
    found = resolved(model, name)
    if found.kind == "still":
        return _period("today")
    if metric.window:
        return _period("window", window=metric.window, day=day)
    if metric.grain_to_date:
        first = calendar_of(model).start_of(day, metric.grain_to_date)
        return _period("to_date", first=first, day=day)
    return _period("cumulative" if found.kind == "cumulative" else "day", day=day)


def _movement(model: Model, item: Input) -> WordedPeriod:
    part, day = metrics_of(model).movements[moves(model, item.metric)], as_of_date(model)
    start = newest_start(model, part, metrics_of(model).metrics[item.metric].ago)
    end = calendar_of(model).next_start(start, part.every)
    if not item.over:
        period = period_up_to_now(model, part.every, start)
        return _period("movement", period=period, every=part.every)
    if end <= end_of(day):
        return _period("window", window=item.over, day=day)
    # in a period that is not over, from the end of the one that lies so long before
    opening = duration(item.over).before(dt.datetime.combine(end, dt.time()))
    return _period("over_date", since=opening.date() - dt.timedelta(days=1), day=day)


def _latest(model: Model, tables: PeriodTables, name: str) -> str:
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
    last = last_record(model, tables, name)
    if value is None or (last and last < max(whole)):
        return ""
    return _valued(model, name, period_name(model, "month", max(whole)), value)


def _of_flows(model: Model, name: str) -> bool:
    """Whether its value is of all time and its months are of their own."""
    try:
        inputs = _inputs(model, name)
        return not movement_periods(model, inputs) and any(
            nature(model, item.metric) == "flow" for item in inputs.values()
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
        for other, metric in metrics.items()
        if metric.over and all(getattr(metric, part) == getattr(mine, part) for part in parts)
    ]


def _over_longer(model: Model, tables: PeriodTables, name: str) -> Iterator[str]:
    """The same metric over a longer time, and why the two differ so much."""
    found = [other for other in longer(model, name) if tables.has(value_table(other))]
    for other in found:
        value = tables.frame(value_table(other))["value"][0]
        if value is not None:
            yield _valued(model, other, period_of(model, tables, other), value)
    every = _divided_in(model, name)
    if every and not every.endswith("year"):
        yield WORDS.text("period.compounds", every=every, longer=bool(found))


def _divided_in(model: Model, name: str) -> str:
    """The period of a movement within which a metric divides; '' where it divides none, or over
    a longer time.
    """
    metric = metrics_of(model).metrics[name]
    if metric.over or metric.type not in ("ratio", "derived"):
        return ""
    try:
        tree, inputs = expand_expression(model, name)
    except WorkbookError:
        return ""
    divides = metric.type == "ratio" or tree.find(exp.Div) is not None
    return min(movement_periods(model, inputs), default="") if divides else ""


def _valued(model: Model, name: str, period: str, value: Any) -> str:
    written = format_metric_value(value, kind_of(model, name), unit_of(model, name))
    return WORDS.text("period.value", period=period, value=written)
