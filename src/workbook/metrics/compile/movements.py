"""Movements of a level: what each account's change from one period's end to the next is called,
exactly one name each.
"""

from __future__ import annotations

import datetime as dt

from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.metrics.compile.as_of_clock import (
    MONTHS,
    AsOf,
    NotComputableError,
    as_of_date,
    now,
    period_ends,
)
from workbook.metrics.compile.currency import NATIVE, home, rate_join, worth
from workbook.metrics.compile.excluded_rows import left_out_table
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.compile.fan_out import EXACT, entities_under, null_if_key_repeats
from workbook.metrics.compile.metric_rows import NOT_LINKED, SEVERAL, converts, rows_sql
from workbook.metrics.compile.resolve import ADDITIVE, ResolvedMeasure, metrics_of, resolve_measure
from workbook.metrics.compile.rules import STEP
from workbook.model import Model
from workbook.model.calendar import calendar_of
from workbook.model.durations import duration
from workbook.model.schema import Movement
from workbook.words import error_of

KINDS = ("new", "expansion", "contraction", "churned", "reactivated")
COLUMNS = ("opening", *KINDS, "closing")
# how many moved in that way, had something before, have something after
COUNTED = tuple(f"{kind}_count" for kind in COLUMNS)
_MONTHS_IN = {"month": 1, "quarter": 3, "fiscal_quarter": 3, "year": 12, "fiscal_year": 12}


def resolve_movement(model: Model, name: str) -> tuple[Movement, ResolvedMeasure]:
    """A movement, and the level that moves.

    Raises:
        NotComputableError: it is no level with a beginning and an end, or names a kind that
          nobody knows.
    """
    part = metrics_of(model).movements[name]
    found = resolve_measure(model, name, part.of)
    if found.kind != "level" or not found.at or found.measure.agg not in ADDITIVE:
        raise error_of(NotComputableError, "metrics.balance_only", measure=part.of)
    unknown = [kind for kind in part.kinds if kind not in KINDS]
    if unknown:
        raise error_of(
            NotComputableError, "metrics.unknown_movement_kind", kind=unknown[0], known=KINDS
        )
    return part, found


def moved_table(name: str, movement: Movement, over: str = "") -> str:
    """The table of what moved in each period of a movement, or over a length of time up to each
    period's end.
    """
    return f"m__{name}{over_suffix(over)}__{movement.every}"


def over_suffix(over: str) -> str:
    """What marks tables of what moved over a length of time: `__over_12_months`."""
    return f"__over_{duration(over).word}" if over else ""


def _reach(movement: Movement, over: str) -> int:
    """How many months lie between a period's end and the moment that it is compared with.

    Raises:
        NotComputableError: they are no whole number of its periods.
    """
    length = _MONTHS_IN[movement.every]
    if not over:
        return length
    months = duration(over).months
    if not months or months % length:
        raise error_of(
            NotComputableError, "metrics.over_not_whole", over=over, every=movement.every
        )
    return months


def newest_start(model: Model, movement: Movement, ago: int = 0) -> dt.date:
    """The first day of the period of a movement in which the as-of day lies, or of one so many
    periods before it.
    """
    start = calendar_of(model).start_of(as_of_date(model), movement.every)
    for _ in range(ago):
        start = calendar_of(model).start_of(start - dt.timedelta(days=1), movement.every)
    return start


def _spoken(movement: Movement) -> str:
    return movement.every.replace("_", " ")


def movement_detail_table(name: str, over: str = "") -> str:
    """The table of what each account's change was called in each period."""
    return f"m__{name}{over_suffix(over)}__each"


def movement_tables(model: Model, name: str, over: str = "") -> list[Table]:
    """`m__<movement>__each`: one row per account and period; `m__<movement>__<every>`: one row
    per period; and what has no place or stands there several times.

    The opening is the level at the end of the period before, at this period's exchange rates,
    so that a change of rates moves nobody; `revaluation` is what the rates alone changed
    between the last closing and this opening. With `over` the opening is the level so long
    before the period's end.
    """
    part, found = resolve_movement(model, name)
    item, every = movement_detail_table(name, over), _spoken(part)
    row_is = (
        f"one {part.by} in one {every} in which it has or had {part.of}, and the name of its change"
    )
    aside = left_out_table(
        model, found, f"(\n{rows_sql(model, found, now(model))}\n) as counted", now(model)
    )
    return [
        *([aside] if aside else []),
        _at_once(model, name, part, found),
        Table(item, row_is, STEP, "canonical", (part.every, "id"), _each(model, part, found, over)),
        Table(
            moved_table(name, part, over),
            f"what moved {part.of} {f'over {over} up to the end of' if over else 'in'} one {every}",
            STEP,
            "canonical",
            (part.every,),
            _by_period(model, part, item, over),
        ),
    ]


def movement_value(model: Model, metric: str, measure: str, over: str = "") -> list[Table]:
    """The value of one kind of movement in the period of the as-of day, and by period; or over
    a length of time up to its end.
    """
    name, _, kind = measure.partition(".")
    part, found = resolve_movement(model, name)
    if kind not in (*COLUMNS, *COUNTED):
        raise error_of(
            NotComputableError,
            "metrics.unknown_movement_kind",
            kind=kind,
            known=(*COLUMNS, *COUNTED),
        )
    table, every, own = (
        quote(moved_table(name, part, over)),
        part.every,
        f"m__{metric}{over_suffix(over)}",
    )
    ago = metrics_of(model).metrics[metric].ago
    first = newest_start(model, part, ago)
    count = kind if kind in COUNTED else f"{kind}_count"
    value = "count" if kind in COUNTED else found.value
    entities = entities_under(model, [], _each(model, part, found, over))
    head = f"from {table}\nwhere {every} = cast('{first}' as date)"
    body = (
        f"select cast(coalesce(sum({kind}), 0) as {EXACT}) as exact, cast(coalesce(sum({count}), 0)"
        f" as bigint) as rows_counted\n{head}"
    )
    later = f"cast({every} + interval '{ago * _MONTHS_IN[every]}' month as date)" if ago else every
    kept = f"\nwhere {later} <= cast('{newest_start(model, part)}' as date)" if ago else ""
    periods = (
        f"select {later} as {every}, cast({kind} as {EXACT}) as exact, {count} as"
        f" rows_counted\nfrom {table}{kept}"
    )
    return [
        Table(
            f"{own}__total",
            f"the value of {metric}",
            STEP,
            "canonical",
            (),
            null_if_key_repeats(body, value, entities),
        ),
        Table(
            f"{own}__{every}",
            f"{metric} of one {_spoken(part)}",
            STEP,
            "canonical",
            (every,),
            null_if_key_repeats(periods, value, entities, (every,)),
        ),
    ]


def at_once_table(name: str) -> str:
    """The table of how many accounts have several rows of the level in force at one moment."""
    return f"m__{name}__at_once"


def _at_once(model: Model, name: str, movement: Movement, found: ResolvedMeasure) -> Table:
    """A level adds up whatever is in force together: a renewal that overlaps, or a second product.

    Nobody but a person can tell which.
    """
    rows = rows_sql(model, found, now(model), {"who": _who(model, movement, found, now(model))})
    several = (
        f"select who, count(*) as rows_counted from (\n{rows}\n) as kept where who not in"
        f" ('{SEVERAL}', '{NOT_LINKED}') group by who having count(*) > 1"
    )
    sql = (
        "select count(*) as accounts, cast(coalesce(sum(rows_counted), 0) as bigint) as"
        f" rows_counted from (\n{several}\n) as several"
    )
    return Table(
        at_once_table(name),
        f"how many of {movement.by} have several rows of {found.entity} in force on the as-of day",
        STEP,
        "evidence",
        (),
        sql,
    )


def _who(
    model: Model, movement: Movement, found: ResolvedMeasure, clock: AsOf
) -> CompiledExpression:
    if movement.by == found.entity:
        return CompiledExpression("e.id")
    scope = Scope(model, found.entity, clock)
    key = scope.key_of(movement.by)
    hop = key.sql.rpartition(".")[0]
    return CompiledExpression(
        f"case when {hop}.reached > 1 then '{SEVERAL}' when {hop}.to_id is null then '{NOT_LINKED}'"
        f" else {hop}.to_id end",
        key.joins,
    )


def _each(model: Model, movement: Movement, found: ResolvedMeasure, over: str = "") -> str:
    clock, priced = period_ends(), converts(model, found)
    opening, closing = (
        _worth(model, f"paired.{side}") if priced else f"cast(paired.{side} as {EXACT})"
        for side in ("opening", "closing")
    )
    return filled_sql(
        "metrics/movement_accounts",
        rows=rows_sql(model, found, clock, {"who": _who(model, movement, found, clock)}),
        months=MONTHS,
        period=calendar_of(model).start_sql("month", movement.every),
        every=movement.every,
        reach=_reach(movement, over),
        amount="native" if priced else "amount",
        currency="kept.currency" if priced else text(home(model)),
        by_currency="kept.currency" if priced else "",
        type=NATIVE if priced else "decimal(28, 10)",
        exact=EXACT,
        rates="  " + rate_join("paired.currency", "periods.month") if priced else "",
        opening=opening,
        closing=closing,
    )


def _worth(model: Model, amount: str) -> str:
    return (
        f"case when paired.currency = '{home(model)}' then cast({amount} as {EXACT}) else"
        f" {worth(amount, 'fx.rate')} end"
    )


def _by_period(model: Model, movement: Movement, item: str, over: str = "") -> str:
    return filled_sql(
        "metrics/movement_periods",
        months=MONTHS,
        accounts=item,
        period=calendar_of(model).start_sql("month", movement.every),
        every=movement.every,
        back=_reach(movement, over) // _MONTHS_IN[movement.every],
        known=f"id not in ('{NOT_LINKED}', '{SEVERAL}')",
        exact=EXACT,
    )
