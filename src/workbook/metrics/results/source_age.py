"""Sources that end before the period of a metric that reads them does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from workbook.metrics.compile.time_spine import as_of_date
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import Reader
from workbook.model import Model
from workbook.model.as_of import is_undated
from workbook.model.dependencies import dependencies_of
from workbook.model.facts import is_log
from workbook.model.table_names import NEWEST_DAYS


def ended_sources(model: Model, reader: Reader, name: str) -> Iterator[MetricCheck]:
    """Per source under a metric whose latest record is before the as-of day: `rows` is by how
    many days.
    """
    if is_undated(model) or not reader.has(NEWEST_DAYS):
        return
    newest, day = latest_days(model, reader), as_of_date(model)
    for source in sorted(dependencies_of(model, [name]).sources):
        if source in newest and newest[source] < day:
            yield MetricCheck(
                name, "source ended", source, "pass", rows=(day - newest[source]).days
            )


def latest_days(model: Model, reader: Reader) -> dict[str, dt.date]:
    """The day of the latest record of every source of facts, up to the as-of day for a log.

    A source that overwrites its rows dates them by their last change, so a later date tells that
    it was still written on the as-of day.
    """
    day = as_of_date(model)
    frame = reader.frame(NEWEST_DAYS).drop_nulls("day")
    if frame.is_empty():
        return {}
    logs = [source for source in frame["source"].unique() if is_log(model, source)]
    known = frame.filter(~pl.col("source").is_in(logs) | (pl.col("day") <= day))
    return dict(known.group_by("source").agg(pl.col("day").max()).rows())
