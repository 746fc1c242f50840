"""What a reader must know of a number's rows: those it cannot place, those that lessen it, and
where it has no value.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from workbook.engine import quote
from workbook.metrics.compile.as_of_clock import as_of_date, end_of, moment
from workbook.metrics.compile.currency import RATES
from workbook.metrics.compile.fan_out import key_name
from workbook.metrics.compile.metric_rows import (
    CROSSED,
    NEGATIVE,
    NO_DATE,
    NO_MONTH,
    NO_RATE,
    OLD_RATE,
    brings_over,
)
from workbook.metrics.compile.metric_table_names import grains_of, month_table, period_table
from workbook.metrics.compile.movements import at_once_table
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.row_times import moment_sql, recorded_of
from workbook.metrics.compile.segment_bucket import segment_table
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_check import Kind, MetricCheck
from workbook.metrics.results.metric_result import MetricReader, MetricResult
from workbook.metrics.results.never_measured import never_measured
from workbook.metrics.results.open_rows import open_rows
from workbook.metrics.results.rate_effect import held_rates
from workbook.metrics.results.source_age import ended_sources, undated_rows
from workbook.model import Model
from workbook.model.fact_sources import is_log

_KINDS: dict[str, Kind] = {
    NO_RATE: "rate",
    NO_DATE: "date",
    NO_MONTH: "undated",
    NEGATIVE: "negative",
    CROSSED: "crossed",
    OLD_RATE: "old rate",
}


def aside_of(model: Model, reader: MetricReader, outcome: MetricResult) -> Iterator[MetricCheck]:
    """All of one metric."""
    yield from _left_out(reader, outcome.name)
    yield from _unrated_months(reader, outcome.name)
    yield from _nothing_counted(model, reader, outcome)
    yield from _without_amount(model, reader, outcome.name)
    yield from _gaps(model, reader, outcome.name)
    yield from _written_later(model, reader, outcome.name)
    yield from never_measured(model, reader, outcome.name)
    yield from held_rates(model, reader, outcome.name)
    yield from ended_sources(model, reader, outcome.name)
    yield from undated_rows(model, reader, outcome.name)
    yield from open_rows(model, reader, outcome.name)


def of_movement(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Rows that a movement leaves out, unless a metric of the same level says so already;
    accounts with several rows at once.
    """
    level = metrics_of(model).movements[name].of
    if not any(
        metric.measure == level and not metric.filter and metric.type == "simple"
        for metric in metrics_of(model).metrics.values()
    ):
        yield from (proof for proof in _left_out(reader, name) if proof.kind != "negative")
    if reader.has(at_once_table(name)):
        accounts, rows = reader.frame(at_once_table(name)).row(0)
        if accounts:
            yield MetricCheck(
                name,
                "at once",
                metrics_of(model).movements[name].by,
                "pass",
                found=Decimal(rows),
                rows=accounts,
            )


def contested(reader: MetricReader) -> Iterator[MetricCheck]:
    """Currencies that have several rates at one moment, and for how many months such a rate
    stands; about no metric alone.
    """
    if reader.has(RATES):
        months = (
            reader.frame(RATES)
            .filter(pl.col("contested"))
            .group_by("currency")
            .len()
            .sort("currency")
        )
        yield from (
            MetricCheck("", "contested", currency, "look", rows=count)
            for currency, count in months.rows()
        )


def crossed(reader: MetricReader) -> Iterator[MetricCheck]:
    """Currencies that are brought over by way of another (`GBP via EUR`), and in how many
    months; about no metric alone.
    """
    if reader.has(RATES):
        months = (
            reader.frame(RATES)
            .filter(pl.col("via") != "")
            .group_by("currency", "via")
            .len()
            .sort("currency", "via")
        )
        yield from (
            MetricCheck("", "crossed", f"{currency} via {via}", "pass", rows=count)
            for currency, via, count in months.rows()
        )


def _left_out(reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Rows without an exchange rate or a date, and amounts below zero."""
    table = f"m__{name}__left_out"
    for row in (
        reader.frame(table).sort("reason", "currency").iter_rows(named=True)
        if reader.has(table)
        else ()
    ):
        kind = _KINDS[row["reason"]]
        yield MetricCheck(
            name,
            kind,
            row["currency"],
            "pass" if kind in ("negative", "crossed") else "look",
            None,
            None,
            int(row["rows_counted"]),
            row["amount"],
        )


def _unrated_months(reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Months at whose end rows had no exchange rate, though they may have one today: the value
    of that month lacks them.
    """
    if not reader.has(month_table(name)):
        return
    frame = reader.frame(month_table(name))
    if "unrated" not in frame.columns or frame.is_empty():
        return
    earlier = frame.filter((pl.col("unrated") > 0) & (pl.col("month") < frame["month"].max())).sort(
        "month"
    )
    if earlier.height:
        yield MetricCheck(
            name,
            "past rate",
            str(earlier["month"][-1])[:7],
            "look",
            found=Decimal(int(earlier["unrated"].max())),
            rows=earlier.height,
        )


def _nothing_counted(
    model: Model, reader: MetricReader, outcome: MetricResult
) -> Iterator[MetricCheck]:
    """A number that counts none of the rows there are."""
    metric = metrics_of(model).metrics[outcome.name]
    if outcome.rows or metric.type not in ("simple", "cumulative") or "." in metric.measure:
        return
    entity = resolved(model, outcome.name).entity
    if reader.has(key_name(entity)) and (rows := int(reader.frame(key_name(entity)).row(0)[0])):
        yield MetricCheck(outcome.name, "empty", entity, "look", rows=rows)


def _without_amount(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Counted rows in which the field that is added or averaged is empty."""
    metric, table = metrics_of(model).metrics[name], f"m__{name}__rows"
    if (
        metric.type not in ("simple", "cumulative")
        or "." in metric.measure
        or not reader.has(table)
        or (found := resolved(model, name)).measure.agg not in ("sum", "average")
    ):
        return
    column = "native" if brings_over(model, found) else "amount"
    rows = reader.query(f"select count(*) as rows from {quote(table)} where {column} is null")
    if not rows.is_empty() and (empty := int(rows.row(0)[0])):
        yield MetricCheck(name, "no amount", found.measure.agg, "pass", rows=empty)


def _written_later(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Rows that their source wrote after the as-of day. What those of a log say was not known;
    what the rows of any other held on that day is not, so that a filter may leave out what it
    would have counted.
    """
    metric, table = metrics_of(model).metrics[name], f"m__{name}__rows"
    if (
        metric.type not in ("simple", "cumulative")
        or "." in metric.measure
        or not reader.has(table)
    ):
        return
    found = resolved(model, name)
    entity, end = found.entity, moment(end_of(as_of_date(model)))
    recorded = recorded_of(model, entity)
    if not recorded:
        return
    begun = f"{moment_sql(model, entity, found.at)} < {end}" if found.at else ""
    written = f"{moment_sql(model, entity, recorded)} >= {end}"
    log = is_log(model, model.entity_sources(entity)[0])
    among = begun if begun and (log or found.filter) else f"e.id in (select id from {quote(table)})"
    counted = (
        f"select count(*) as every, count(case when {written} then 1 end) as later\n"
        f"from {quote(entity)} as e\nwhere {among}"
    )
    every, later = reader.query(counted).row(0)
    if later and log:
        yield MetricCheck(name, "recorded later", entity, "pass", rows=later)
    elif later:
        source = model.entity_sources(entity)[0]
        yield MetricCheck(name, "written later", source, "look", Decimal(every), rows=later)


def _gaps(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Periods and segments in which a number made of others has no value."""
    metric = metrics_of(model).metrics[name]
    if metric.type in ("simple", "cumulative"):
        return
    places = [
        *((grain, period_table(name, grain)) for grain in grains_of(model, name)),
        *((dimension, segment_table(name, dimension)) for dimension in metric.by),
    ]
    for about, table in places:
        frame = reader.frame(table) if reader.has(table) else pl.DataFrame({"value": []})
        if missing := frame["value"].null_count():
            yield MetricCheck(
                name,
                "gaps",
                about,
                "pass",
                Decimal(frame.height),
                Decimal(frame.height - missing),
                missing,
            )
