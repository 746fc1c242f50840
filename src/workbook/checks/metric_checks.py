"""Checks of one figure: how old a system's newest fact is, and whether a number meets its
control total.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from workbook.checks.check import Check, CheckRule, ComparedFigure
from workbook.checks.check_policy import Policy, policy_of, today
from workbook.checks.verdict import margin
from workbook.engine import quote
from workbook.model import Model
from workbook.model.as_of import end_of_day, end_of_day_sql
from workbook.model.calendar import calendar_of
from workbook.model.durations import duration
from workbook.model.periods import Period, has_ended, period_advice, period_of
from workbook.model.schema import Freshness, Metric
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins
from workbook.words import words_of
from workbook.words.wording import capital, humanize


def ages(model: Model) -> Iterator[ComparedFigure]:
    """One check per system that is dated and has a limit: the age of the newest fact in any of
    its sources.
    """
    part, day = model.sources, today(model)
    if model.is_open("sources") or day is None:
        return
    for system in dict.fromkeys(model.system_of(source) for source in model.source_names):
        fields = [
            (source, field)
            for source in model.source_names
            if model.system_of(source) == system and (field := _dated(model, source))
        ]
        owner = model.owner_of("sources", "systems", system)
        policy = policy_of(model, "freshness", (system, *(source for source, _ in fields)), owner)
        own = part.systems[system].freshness if system in part.systems else None
        end = end_of_day(day)
        limits = _limits(own or part.freshness, policy, end)
        if not fields or not limits:
            continue
        newest = "\nunion all\n".join(
            f"select max({wall_begins(model, source, field, quote(field))}) as newest from"
            f" {quote(table_of(source))}\nwhere {wall_begins(model, source, field, quote(field))} <"
            f" {end_of_day_sql(day)}"
            for source, field in fields
        )
        oldest = duration(limits[0][1]).before(end)
        rule = CheckRule("age", {"system": system, "longest": limits[0][1]})
        check = Check(
            name=f"freshness__{system}",
            family="freshness",
            on=system,
            rule=rule,
            policy=policy,
            reads=tuple(f"{source}.{field}" for source, field in fields),
        )
        sql = f"select max(newest) as {quote('value')} from (\n{newest}\n) as sources"
        late = (
            f"{quote('value')} is null or {quote('value')} <"
            f" cast('{oldest.isoformat(sep=' ', timespec='seconds')}' as timestamp)"
        )
        yield ComparedFigure(check, sql, late, rule.reason("late"), limits=limits)


def _dated(model: Model, source: str) -> str:
    """When a row was recorded, else when it became true."""
    part = model.sources.sources[source]
    return part.recorded or (part.valid[0] if part.valid else "")


def _limits(freshness: Freshness, policy: Policy, end: dt.datetime) -> tuple[tuple[str, str], ...]:
    """Each limit with how bad it is to pass it, the shorter first; an override's `allow` is no
    length of time.
    """
    both = (("warn", freshness.warn_after), ("error", freshness.error_after))
    limits = [(policy.severity or severity, length) for severity, length in both if length]
    return tuple(sorted(limits, key=lambda limit: duration(limit[1]).days_before(end)))


def totals(model: Model) -> Iterator[ComparedFigure]:
    """One check per metric that an outside figure controls."""
    for name, metric in (model.metrics.metrics).items():
        control = metric.control_total
        if control is None:
            continue
        policy = policy_of(
            model,
            "reconciliation",
            (name,),
            control.owner or model.owner_of("metrics", "metrics", name),
        )
        own = (
            any(
                o.family == "reconciliation" and o.on == name and o.allow
                for o in model.checks.overrides
            )
            if not model.is_open("checks")
            else False
        )
        tolerance = policy.allow if own or control.tolerance == "0" else control.tolerance
        rule = CheckRule(
            "control_total",
            {
                "label": metric.label or capital(humanize(name)),
                "where_from": control.where_from,
                "period": control.period,
                "tolerance": tolerance,
            },
        )
        yield figure(
            model,
            f"reconciliation__{name}",
            "reconciliation",
            name,
            rule,
            policy,
            str(control.value),
            control.period,
            tolerance,
        )


def figure(
    model: Model,
    name: str,
    family: str,
    metric: str,
    rule: CheckRule,
    policy: Policy,
    expected: str,
    period: str,
    tolerance: str,
) -> ComparedFigure:
    """A metric compared with what it must be, as a whole or in a period."""
    sql, waits = value_sql(model, metric, period)
    away = margin(tolerance, Decimal(expected))
    value = quote("value")
    late = (
        f"{value} is null or abs(cast({value} as decimal(18, 6)) - cast({expected} as decimal(18,"
        f" 6))) > cast({away:f} as decimal(18, 6))"
    )
    check = Check(name=name, family=family, on=metric, rule=rule, policy=policy, waits=waits)
    return ComparedFigure(check, sql, late, rule.reason("apart"), expected, tolerance)


def value_sql(model: Model, name: str, period: str) -> tuple[str, str]:
    """SQL of a metric's value in a period (`2025`, `2025-06`, '' for all), or why there is none."""
    metric = model.metrics.metrics[name]
    value = quote("value")
    # one row, also where there is none
    total = f"select max({value}) as {value} from {quote(f'm__{name}__total')}"
    if not period:
        return total, ""
    found, day = period_of(period, calendar_of(model)), today(model)
    if found is None:
        return total, _waits("no_period", period=period, advice=period_advice(calendar_of(model)))
    stands = _over_time(model, metric) or metric.type != "simple"
    if day and not has_ended(found, day):
        return total, _waits("ahead", period=period)
    if every := _every(model, metric):
        if every != found.grain:
            return total, _waits("other_period", period=period, every=every)
        return _of_period(name, every, found), ""
    if found.grain in metric.grains:
        return _of_period(name, found.grain, found), ""
    (start, last), end = found.months, found.last
    level = _over_time(model, metric)
    if stands and day and start <= day <= end:
        return total, ""
    if start != last and metric.type != "simple":
        return total, _waits("not_additive", period=period, grain=found.grain)
    if level:
        start = last
    read = f"max({value})" if start == last else f"cast(sum({value}) as decimal(18, 2))"
    months = (
        f"{quote('month')} >= cast('{start}' as date) and {quote('month')} <= cast('{end}' as date)"
    )
    return f"select {read} as {value} from {quote(f'm__{name}__month')} where {months}", ""


def _waits(name: str, **values: str) -> str:
    """Why a figure cannot be compared yet."""
    return words_of("checks").text(f"waits.{name}", **values)


def _of_period(name: str, grain: str, period: Period) -> str:
    """SQL of the value of one period of its own."""
    return (
        f"select max({quote('value')}) as {quote('value')} from {quote(f'm__{name}__{grain}')}"
        f" where {grain} = cast('{period.first}' as date)"
    )


def _every(model: Model, metric: Metric) -> str:
    """The period of the movement whose kind a metric is, where that is no month; else ''."""
    movement = (
        model.metrics.movements.get(metric.measure.partition(".")[0])
        if not model.is_open("metrics")
        else None
    )
    return movement.every if movement and movement.every != "month" else ""


def _over_time(model: Model, metric: Metric) -> bool:
    """Whether a metric is a level, whose value at as-of is that of the period."""
    section = model.metrics
    return any(
        measure.over_time or measure.agg not in ("sum", "count")
        for semantic in section.semantic_models.values()
        for name, measure in semantic.measures.items()
        if name == metric.measure
    )
