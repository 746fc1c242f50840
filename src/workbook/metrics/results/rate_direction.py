"""Rates that contradict the direction in which they are read, measured against each other."""

from __future__ import annotations

import math
from collections.abc import Iterator

import polars as pl

from workbook.engine.sql_files import filled_sql
from workbook.metrics.compile.cross_rates import APART, apart_sql, ways_sql
from workbook.metrics.compile.currency import RATES, has_crosses, has_rates, home, pairs_sql
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricReader
from workbook.model import Model

FAR = 3  # times the median of its pair, or a third of it
JUMP = "1.1"  # a change from one rate of a pair to the next that needs a reason
SOON = 40  # days between two rates of which one may be the other turned round


def doubts_of(model: Model, reader: MetricReader) -> Iterator[MetricCheck]:
    """One proof per pair and reason: `about` is `BASE/QUOTE reason`, `rows` how many rates."""
    if not has_rates(model) or not reader.has(RATES):
        return
    frame = reader.query(doubts_sql(model))
    yield from _unsaid(model, reader)
    for base, quote, doubt, rates in frame.sort(frame.columns).rows() if frame.width else ():
        yield MetricCheck("", "direction", f"{base}/{quote} {doubt}", "look", rows=rates)


def _unsaid(model: Model, reader: MetricReader) -> Iterator[MetricCheck]:
    """Where no decision states a side of the rates: `about` is the currency whose newest rate is
    the furthest from 1, and so tells best whether it is read in its direction; `found` the rate.
    """
    part = model.metrics.currency
    if part is None or part.base or part.quote:
        return
    rates = reader.frame(RATES).select("month", "currency", "rate")
    if rates.is_empty():
        return
    newest = rates.filter(pl.col("month") == pl.col("month").max())
    currency, rate = min(
        newest.select("currency", "rate").rows(),
        key=lambda row: (-abs(math.log(row[1])), row[0]),
    )
    yield MetricCheck("", "direction unsaid", currency, "look", found=rate, rows=newest.height)


def doubts_sql(model: Model) -> str:
    """One row per pair and reason (`[rates]` of metric_values.toml), with the number of rates; of
    ways by another currency, that of days.
    """
    crosses = has_crosses(model)
    return filled_sql(
        "metrics/rate_doubts",
        pairs=pairs_sql(model),
        conversion_ways=ways_sql("pairs", home(model)) if crosses else "",
        ways_apart=apart_sql(home(model)) if crosses else "",
        apart=APART,
        jump=JUMP,
        soon=SOON,
        far=FAR,
    )
