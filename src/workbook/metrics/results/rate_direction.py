"""Rates that contradict the direction in which they are read, measured against each other."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.engine.sql import text
from workbook.metrics.compile.cross_rates import APART, apart_sql, ways_sql
from workbook.metrics.compile.currency import RATES, has_crosses, has_rates, home, pairs_sql
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import Reader
from workbook.model import Model

FAR = 3  # times the median of its pair, or a third of it
JUMP = "1.1"  # a change from one rate of a pair to the next that needs a reason
SOON = 40  # days between two rates of which one may be the other turned round


def doubts_of(model: Model, reader: Reader) -> Iterator[MetricCheck]:
    """One proof per pair and reason: `about` is `BASE/QUOTE reason`, `rows` how many rates."""
    if not has_rates(model) or not reader.has(RATES):
        return
    frame = reader.query(doubts_sql(model))
    for base, quote, doubt, rates in frame.sort(frame.columns).rows() if frame.width else ():
        yield MetricCheck("", "direction", f"{base}/{quote} {doubt}", "look", rows=rates)


def doubts_sql(model: Model) -> str:
    """One row per pair and reason (`[rates]` of metric_values.toml), with the number of rates; of
    ways by another currency, that of days.
    """
    ways, apart = (
        ("", "")
        if not has_crosses(model)
        else (
            f", {ways_sql('rates', text(home(model)))}",
            f"\nunion all\n{apart_sql(text(home(model)))}",
        )
    )
    pair = "partition by base, quote"
    return f"""with rates as (
{pairs_sql(model)}
){ways}, beside as (
  select base, quote, moment, cast(rate as double) as rate, median(cast(rate as double)) over ({pair}) as middle, count(*) over ({pair}) as rates,
    lag(cast(rate as double)) over ({pair} order by moment, _row) as before, lag(moment) over ({pair} order by moment, _row) as moment_before
  from rates
), doubt as (
  select base, quote, 'itself' as doubt from beside where base = quote and rate <> 1
  union all
  select one.base, one.quote, 'both' from beside as one
  join beside as other on other.base = one.quote and other.quote = one.base and other.moment = one.moment and one.base < one.quote
  where one.rate * other.rate < 1 - {APART} or one.rate * other.rate > 1 + {APART}
  union all
  select base, quote, 'turned' from beside
  where base <> quote and rate * before between 1 - {APART} and 1 + {APART} and (rate / before > {JUMP} or before / rate > {JUMP})
    and moment < moment_before + interval '{SOON}' day
  union all
  select base, quote, 'far' from beside where base <> quote and rates >= 3 and (rate > middle * {FAR} or rate * {FAR} < middle)
)
select base, quote, doubt, count(*) as rates from doubt group by base, quote, doubt{apart}"""
