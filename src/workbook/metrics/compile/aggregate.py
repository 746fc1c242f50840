"""Metrics that aggregate one measure: their value, their values by segment, by period, and by
both.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.sql_files import filled_sql
from workbook.metrics.compile.as_of_clock import (
    AsOf,
    NotComputableError,
    as_of_date,
    now,
    period_ends,
    periods_name,
)
from workbook.metrics.compile.excluded_rows import left_out_table
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.compile.fan_out import EXACT, entities_under, null_if_key_repeats
from workbook.metrics.compile.metric_rows import converts, rows_sql, rows_table, rule_tables_for
from workbook.metrics.compile.references import reads_the_past
from workbook.metrics.compile.resolve import ResolvedMeasure, semantic_of
from workbook.metrics.compile.row_times import moment_sql
from workbook.metrics.compile.rules import STEP
from workbook.metrics.compile.segment_bucket import (
    bucket_sql,
    class_of_dimension,
    dimension_in,
    segment_table,
)
from workbook.model import Model
from workbook.model.calendar import calendar_of
from workbook.words import error_of

# each row has a time of its own; anything else is asked as it stood at the clock
EACH_THEN = ("flow", "cumulative")
_UNRATED = "count(case when amount is null and native is not null then 1 end) as unrated"


def aggregate(model: Model, found: ResolvedMeasure, *rows: str) -> str:
    """SQL of the measure over amounts, before rounding; `rows` is the SQL that finds them.

    NULL where amounts of several currencies meet (one that is not told is another), and where
    intervals of the past overlap and so repeat a row.
    """
    value = {
        "count": f"cast(count(*) as {EXACT})",
        "sum": f"cast(coalesce(sum(amount), 0) as {EXACT})",
        "count_distinct": f"cast(count(distinct amount) as {EXACT})",
        "average": f"cast(sum(amount) / nullif(count(amount), 0) as {EXACT})",
        "min": "min(amount)",
        "max": "max(amount)",
    }[found.measure.agg]
    sound = (
        ["count(distinct coalesce(currency, '')) <= 1"]
        if has_mixed_currencies(model, found)
        else []
    )
    sound += (
        ["count(distinct id) = count(*)"] if any(reads_the_past(model, sql) for sql in rows) else []
    )
    return f"case when {' and '.join(sound)} then {value} end" if sound else value


def totals(model: Model, found: ResolvedMeasure, clock: AsOf) -> list[Table]:
    """The rows that count at the clock, what is left out, and `m__<metric>__total`."""
    under = rule_tables_for(model, found, clock)
    rows = rows_table(model, found, clock)
    body = (
        f"select {aggregate(model, found, rows.sql)} as exact, count(*) as rows_counted\nfrom"
        f" {quote(rows.name)}"
    )
    sql = null_if_key_repeats(body, found.value, entities_under(model, [*under, rows]))
    tables = [
        *under,
        rows,
        Table(
            f"m__{found.name}__total{clock.suffix}",
            f"the value of {found.name}",
            STEP,
            "canonical",
            (),
            sql,
        ),
    ]
    aside = None if clock.suffix else left_out_table(model, found, quote(rows.name), clock)
    return [*tables, aside] if aside else tables


def has_mixed_currencies(model: Model, found: ResolvedMeasure) -> bool:
    """Whether rows bear currencies that nothing brings together."""
    return bool(found.currency and found.value == "money") and not (
        not model.is_open("metrics") and model.metrics.currency and model.metrics.currency.rates
    )


def segments(
    model: Model, found: ResolvedMeasure, dimension: str, earlier: str = ""
) -> list[Table]:
    """`m__<metric>__by__<dimension>`: at most one to-one hop away; rows that reach none or
    several keep a bucket of their own.
    """
    clock = now(model, earlier)
    split, below, rules = _split(model, found, dimension, clock)
    counted = rows_sql(model, found, clock)
    body = (
        f"select segment, {aggregate(model, found, split, counted)} as exact, count(*) as"
        f" rows_counted\nfrom (\n{split}\n) as split\ngroup by segment"
    )
    return [
        *rules,
        _segments_table(
            model,
            found,
            dimension,
            clock,
            null_if_key_repeats(body, found.value, below, ("segment",)),
        ),
    ]


def segment_rows(model: Model, found: ResolvedMeasure, dimension: str, *more: str) -> str:
    """SQL of the counted rows at the as-of date, each with its `segment`, and `more` columns."""
    return _split(model, found, dimension, now(model), *more)[0]


def _split(
    model: Model, found: ResolvedMeasure, dimension: str, clock: AsOf, *more: str
) -> tuple[str, tuple[str, ...], list[Table]]:
    """SQL of the counted rows with their segment (and `more` columns), the entities below it,
    the rules that it needs.
    """
    by = dimension_in(found, dimension)
    moment = "e.starts" if found.kind in EACH_THEN else ""
    bucket, joins, rules = bucket_sql(
        model, Scope(model, found.entity, clock, splits=True), by, moment
    )
    rows = f"m__{found.name}__rows{clock.suffix}"
    # only then does the segment stand in the row itself
    apart = (
        by.entity == found.entity and by.attribute != model.id_of(by.entity) and not by.of_the_past
    )
    alias, own = ("m", f"join {quote(found.entity)} as e on e.id = m.id\n") if apart else ("e", "")
    columns = "".join(
        f", {alias}.{name} as {name}"
        for name in (*more, *(["currency"] if has_mixed_currencies(model, found) else []))
    )
    split = (
        f"select {bucket} as segment, {alias}.id as id, {alias}.amount as amount{columns}\nfrom"
        f" {quote(rows)} as {alias}\n{own}" + "\n".join(joins)
    )
    below = entities_under(
        model, [*rule_tables_for(model, found, clock), *rules], split, rows_sql(model, found, clock)
    )
    return split, below, rules


def periods(model: Model, found: ResolvedMeasure, grain: str, earlier: str = "") -> list[Table]:
    """`m__<metric>__<grain>`: a flow by the period of its valid time, anything else as it stood
    at each period's end.
    """
    _dated(model, found, earlier)
    if found.kind == "flow":
        return [_flow(model, found, grain)]
    clock = period_ends(grain, earlier)
    under = rule_tables_for(model, found, clock)
    rows = rows_sql(model, found, clock)
    priced = converts(model, found)
    body = filled_sql(
        "metrics/balance_periods",
        periods=periods_name(grain),
        grain=grain,
        rows=rows,
        aggregate=aggregate(model, found, rows),
        value=_or_zero(found),
        unrated="coalesce(counted.unrated, 0) as unrated" if priced else "",
        count_unrated=_UNRATED if priced else "",
    )
    sql = null_if_key_repeats(
        body,
        found.value,
        entities_under(model, under, rows),
        (grain,),
        ("unrated",) if priced else (),
    )
    row_is = f"{found.name} at the end of one {grain}" + (
        ", and how many of its rows have no exchange rate then" if priced else ""
    )
    return [
        *under,
        Table(f"m__{found.name}{clock.suffix}", row_is, STEP, "canonical", (grain,), sql),
    ]


def newest_table(model: Model, name: str, table: str, grain: str) -> Table:
    """`m__<metric>__newest_<grain>`: a flow of the period in which the as-of day lies, in one
    row.
    """
    first = calendar_of(model).start_of(as_of_date(model), grain)
    sql = (
        "select max(exact) as exact, coalesce(max(rows_counted), 0) as rows_counted\nfrom"
        f" {quote(table)}\nwhere {grain} = cast('{first}' as date)"
    )
    return Table(
        f"m__{name}__newest_{grain}", f"{name} of the newest {grain}", STEP, "canonical", (), sql
    )


def segment_periods(
    model: Model, found: ResolvedMeasure, dimension: str, grain: str, earlier: str = ""
) -> list[Table]:
    """`m__<metric>__by__<dimension>__<grain>`: the segments of every period in which they count
    a row; those of a level at its end.

    A segment is the one of today; what held `then` is asked at the time of each row of a flow
    or a window, and else at the period's end. At that end are also asked, of all but flows: a
    rule, a lifecycle, and what only the past knows.
    """
    _dated(model, found, earlier)
    clock = period_ends(grain, earlier)
    if found.kind == "flow":
        return [_flow_segments(model, found, dimension, grain, clock)]
    moment = moment_sql(model, found.entity, found.at) if found.kind in EACH_THEN else ""
    bucket, joins, rules = bucket_sql(
        model,
        Scope(model, found.entity, clock, splits=True),
        dimension_in(found, dimension),
        moment,
    )
    under = [*rule_tables_for(model, found, clock), *rules]
    rows = rows_sql(model, found, clock, {"segment": CompiledExpression(bucket, joins)})
    value = aggregate(model, found, rows)
    body = f"""select {grain}, segment, {value} as exact, count(*) as rows_counted
from (
{rows}
) as kept
group by {grain}, segment"""
    sql = null_if_key_repeats(
        body, found.value, entities_under(model, under, rows), (grain, "segment")
    )
    return [*under, _segments_table(model, found, dimension, clock, sql)]


def _dated(model: Model, found: ResolvedMeasure, earlier: str) -> None:
    """Raises NotComputableError where rows say nothing of any period."""
    if found.kind == "still" or (found.kind == "level" and not found.at):
        raise error_of(
            NotComputableError,
            "metrics.no_history",
            entity=found.entity,
            semantic=semantic_of(model, found.entity) if model.has_identity(found.entity) else "",
        )
    if found.kind == "flow" and earlier:
        raise error_of(NotComputableError, "metrics.earlier_flow")


def _flow(model: Model, found: ResolvedMeasure, grain: str) -> Table:
    """By period of valid time, listed periods without a row included; rows without a date keep
    a row without a period.
    """
    clock = now(model)
    counted = rows_sql(model, found, clock)
    body = filled_sql(
        "metrics/flow_periods",
        periods=periods_name(grain),
        grain=grain,
        rows=f"m__{found.name}__rows",
        period_of_row=_starts_in(model, grain),
        aggregate=aggregate(model, found, counted),
        value=_or_zero(found),
    )
    below = entities_under(model, rule_tables_for(model, found, clock), counted)
    sql = null_if_key_repeats(body, found.value, below, (grain,))
    return Table(
        f"m__{found.name}__{grain}",
        f"{found.name} of one {grain}",
        STEP,
        "canonical",
        (grain,),
        sql,
    )


def _flow_segments(
    model: Model, found: ResolvedMeasure, dimension: str, grain: str, clock: AsOf
) -> Table:
    split, below, _ = _split(model, found, dimension, now(model), "starts")
    starts = _starts_in(model, grain)
    value = aggregate(model, found, split, rows_sql(model, found, now(model)))
    body = f"""select {starts} as {grain}, segment, {value} as exact, count(*) as rows_counted
from (
{split}
) as split
group by {starts}, segment"""
    return _segments_table(
        model,
        found,
        dimension,
        clock,
        null_if_key_repeats(body, found.value, below, (grain, "segment")),
    )


def _segments_table(
    model: Model, found: ResolvedMeasure, dimension: str, clock: AsOf, sql: str
) -> Table:
    """The table of a metric by a dimension, at the as-of day or by period."""
    classes = {"segment": class_of_dimension(model, dimension_in(found, dimension))}
    keys = (clock.grain, "segment") if clock.grain else ("segment",)
    row_is = f"{found.name} of one {dimension}" + (f" in one {clock.grain}" if clock.grain else "")
    return Table(
        segment_table(found.name, dimension) + clock.suffix,
        row_is,
        STEP,
        "canonical",
        keys,
        sql,
        classes=classes,
    )


def _starts_in(model: Model, grain: str) -> str:
    return calendar_of(model).start_sql("starts", grain)


def _or_zero(found: ResolvedMeasure) -> str:
    """A period without a row is nothing where amounts are added or counted, and unknown
    elsewhere.
    """
    adds = found.measure.agg in ("count", "sum", "count_distinct")
    return (
        "case when counted.rows_counted is null then 0 else counted.exact end"
        if adds
        else "counted.exact"
    )
