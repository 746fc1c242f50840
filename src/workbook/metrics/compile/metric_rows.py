"""The rows that a number counts, one each, and what is left out of it by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.engine import Table, quote
from workbook.metrics.compile.as_of_clock import AsOf, NotComputableError, before_end
from workbook.metrics.compile.currency import (
    NATIVE,
    converted,
    has_crosses,
    has_rates,
    home,
    rate_join,
)
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.compile.references import rules_in
from workbook.metrics.compile.resolve import ResolvedMeasure
from workbook.metrics.compile.row_times import end_sql, moment_sql
from workbook.metrics.compile.rules import STEP, recorded_by_as_of, rule_tables
from workbook.model import Model
from workbook.model.calendar import calendar_of
from workbook.model.durations import duration
from workbook.words import error_of

NO_VALUE, NOT_LINKED, SEVERAL = "(none)", "(not linked)", "(several)"
NO_RATE, NO_DATE = "no exchange rate", "no date"  # left out of the value
# in the value, and to be known
NO_MONTH, NEGATIVE = "no month", "below zero"
CROSSED, OLD_RATE = "by way of another currency", "an old exchange rate"


@dataclass(frozen=True)
class Amount:
    """What a row adds: its amount (NULL where no rate is known), and before conversion: native,
    in its currency.
    """

    sql: str
    joins: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()
    native: str = ""
    currency: str = ""


def converts(model: Model, found: ResolvedMeasure) -> bool:
    """Whether amounts must be brought to the reporting currency."""
    return (
        has_rates(model)
        and found.value == "money"
        and bool(found.currency or found.code not in ("", home(model)))
    )


def brings_over(model: Model, found: ResolvedMeasure) -> bool:
    """Whether amounts, not their number, are brought to the reporting currency."""
    return converts(model, found) and found.measure.agg not in ("count", "count_distinct")


def crosses(model: Model, found: ResolvedMeasure) -> bool:
    """Whether amounts may be brought to the reporting currency by way of another one."""
    return brings_over(model, found) and has_crosses(model)


def rows_sql(
    model: Model,
    found: ResolvedMeasure,
    clock: AsOf,
    extra: Mapping[str, CompiledExpression] | None = None,
) -> str:
    """A row per counted row of the entity (and period): id, amount, starts, its currency, and
    what else is asked for.
    """
    scope = Scope(model, found.entity, clock)
    keep = scope.compile(found.filter) if found.filter else CompiledExpression("true")
    amount = amount_of(model, found, clock)
    more = dict(extra or {})
    columns = [f"{clock.period} as {clock.grain}"] if clock.grain else []
    columns += ["e.id as id", f"{amount.sql} as amount"]
    columns += (
        [f"{amount.native} as native", f"{amount.currency} as currency"] if amount.currency else []
    )
    columns += ["fx.via as via"] if crosses(model, found) else []
    columns += ["fx.is_old as is_old"] if brings_over(model, found) else []
    columns += [f"{moment_sql(model, found.entity, found.at)} as starts"] if found.at else []
    columns += [f"{item.sql} as {name}" for name, item in more.items()]
    if found.measure.latest_per:
        columns += _turn(scope, found, clock)
    joins = [
        clock.join,
        *keep.joins,
        *amount.joins,
        *(join for item in more.values() for join in item.joins),
    ]
    where = [
        f"coalesce({keep.sql}, false)",
        *recorded_by_as_of(model, found.entity),
        *active_at(model, found, clock),
    ]
    body = "\n".join(dict.fromkeys(join for join in [*joins, *_latest_joins(scope, found)] if join))
    sql = (
        f"select {', '.join(columns)}\nfrom {quote(found.entity)} as e\n{body}\nwhere"
        f" {' and '.join(where)}"
    )
    return (
        f"select * from (\n{sql}\n) as counted where turn = 1" if found.measure.latest_per else sql
    )


def rule_tables_for(model: Model, found: ResolvedMeasure, clock: AsOf) -> list[Table]:
    """The rule tables that the rows need."""
    return rule_tables(model, rules_in(model, found.entity, found.filter), clock)


def rows_table(model: Model, found: ResolvedMeasure, clock: AsOf) -> Table:
    """`m__<metric>__rows`: the rows that the metric counts at the clock."""
    row_is = f"one {found.entity} that {found.name} counts"
    return Table(
        f"m__{found.name}__rows{clock.suffix}",
        row_is,
        STEP,
        "evidence",
        ("id",),
        rows_sql(model, found, clock),
    )


def amount_of(model: Model, found: ResolvedMeasure, clock: AsOf) -> Amount:
    """What each row adds to the number."""
    if found.measure.agg == "count":
        return Amount("1")
    scope = Scope(model, found.entity, clock)
    text = found.measure.expr
    if (
        found.measure.agg == "count_distinct"
        and text not in scope.attributes
        and not model.is_open("entities")
        and text in model.entities.entities
    ):
        key = scope.key_of(text)
        return Amount(key.sql, key.joins)
    if found.measure.agg == "count_distinct":
        value = scope.same(text) if text in scope.attributes else scope.compile(text)
        return Amount(f"cast({value.sql} as varchar)", value.joins, value.reaches)
    value = scope.compile(text)
    if found.value in ("date", "timestamp"):
        return Amount(value.sql, value.joins, value.reaches)
    plain = f"cast({value.sql} as {NATIVE if converts(model, found) else 'decimal(28, 10)'})"
    if not (found.currency and found.value == "money") and not converts(model, found):
        return Amount(plain, value.joins, value.reaches)
    currency = f"upper(e.{quote(found.currency)})" if found.currency else f"'{found.code}'"
    if not converts(model, found):
        return Amount(plain, value.joins, value.reaches, plain, currency)
    month = clock.month
    if found.at and found.kind != "level":
        month = (
            f"coalesce(cast(date_trunc('month', {moment_sql(model, found.entity, found.at)}) as"
            f" date), {clock.month})"
        )
    join = rate_join(currency, month)
    return Amount(
        converted(model, value.sql, currency), (*value.joins, join), value.reaches, plain, currency
    )


def active_at(model: Model, found: ResolvedMeasure, clock: AsOf) -> list[str]:
    """The rows that count at the clock: a period contains the moment; an event lies before its
    end.
    """
    if not found.at:
        return []
    start = moment_sql(model, found.entity, found.at)
    if found.kind == "level":
        end = end_sql(model, found.entity, found.until) if found.until else ""
        return [
            f"{start} < {clock.end}",
            *([f"({end} is null or {end} >= {clock.end})"] if end else []),
        ]
    if found.kind == "cumulative":
        since = (
            [f"{start} >= {before_end(clock.end, duration(found.window))}"] if found.window else []
        )
        if found.grain_to_date:
            since.append(
                f"{start} >= cast({calendar_of(model).start_sql(clock.day, found.grain_to_date)} as"
                " timestamp)"
            )
        return [f"{start} < {clock.end}", *since]
    return [f"({start} is null or {start} < {clock.end})"]


def _latest(scope: Scope, name: str) -> CompiledExpression:
    entities = scope.model.entities.entities
    return (
        scope.key_of(name)
        if name in entities and name not in scope.attributes
        else scope.same(name)
    )


def _turn(scope: Scope, found: ResolvedMeasure, clock: AsOf) -> list[str]:
    """The rank of a row among those of the same `latest_per`; rows that have none stand for
    themselves.
    """
    by = found.measure.latest_by or found.at
    if not by:
        raise error_of(
            NotComputableError,
            "metrics.latest_undated",
            entity=found.entity,
            per=found.measure.latest_per,
        )
    per = _latest(scope, found.measure.latest_per)
    # by the instant: a wall clock may go back
    latest = (
        CompiledExpression(f"e.{quote(scope.model.column_of(found.entity, by))}")
        if by in scope.model.attributes(found.entity)
        else scope.value(by)
    )
    period = f"{clock.period}, " if clock.grain else ""
    undated = f"case when {latest.sql} is null then 1 else 0 end"
    return [
        f"row_number() over (partition by {period}coalesce(cast({per.sql} as varchar), '#' || e.id)"
        f" order by {undated}, {latest.sql} desc, e.id desc) as turn"
    ]


def _latest_joins(scope: Scope, found: ResolvedMeasure) -> tuple[str, ...]:
    if not found.measure.latest_per:
        return ()
    return (
        *_latest(scope, found.measure.latest_per).joins,
        *scope.value(found.measure.latest_by or found.at).joins,
    )
