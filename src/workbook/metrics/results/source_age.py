"""Sources that end before the period of a metric that reads them does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from workbook.metrics.compile.as_of_clock import as_of_date
from workbook.metrics.compile.ratios_and_formulas import leaves_of, moves
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.time_behaviour import nature
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.confidence_range import RangeTables
from workbook.metrics.results.metric_check import MetricCheck
from workbook.model import Model
from workbook.model.as_of import is_undated
from workbook.model.dependencies import dependencies_of
from workbook.model.fact_sources import is_overwritten
from workbook.model.table_names import NEWEST, NEWEST_DAYS


def ended_sources(model: Model, reader: RangeTables, name: str) -> Iterator[MetricCheck]:
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


def last_record(model: Model, reader: RangeTables, name: str) -> dt.date | None:
    """The day of the latest record that a flow could count, from which on nothing is measured;
    None where it is the as-of day or not known, and of what is no flow.
    """
    if is_undated(model) or not reader.has(NEWEST_DAYS):
        return None
    if metrics_of(model).metrics[name].type != "simple" or nature(model, name) != "flow":
        return None
    newest = latest_days(model, reader)
    days = [
        newest.get(entity_source)
        for entity_source in model.entity_sources(resolved(model, name).entity)
    ]
    known = [day for day in days if day is not None]
    if len(known) < len(days) or not known or max(known) >= as_of_date(model):
        return None
    return max(known)


def undated_rows(model: Model, reader: RangeTables, name: str) -> Iterator[MetricCheck]:
    """Of a metric that counts rows without a date at an as-of day before the newest fact: the
    entity of which later rows and values are counted too.
    """
    if is_undated(model) or not is_earlier(model, reader):
        return
    found = {
        each.entity
        for leaf in leaves_of(model, name)
        if not moves(model, leaf) and (each := resolved(model, leaf)).kind == "still"
    }
    for entity in sorted(found):
        yield MetricCheck(name, "no past", entity, "pass")


def latest_days(model: Model, reader: RangeTables) -> dict[str, dt.date]:
    """The day of the latest record of every source of facts, up to the as-of day.

    A source that overwrites its rows dates them by their last change: a later date there tells
    that it was still written after the as-of day.
    """
    day = as_of_date(model)
    frame = reader.frame(NEWEST_DAYS).drop_nulls("day")
    if frame.is_empty():
        return {}
    over = [source for source in frame["source"].unique() if is_overwritten(model, source)]
    told = pl.col("source").is_in(over if is_earlier(model, reader) else [])
    known = frame.filter(told | (pl.col("day") <= day))
    return dict(known.group_by("source").agg(pl.col("day").max()).rows())


def is_earlier(model: Model, reader: RangeTables) -> bool:
    """Whether the as-of day lies before the newest fact that is believed."""
    newest = reader.frame(NEWEST)["day"][0] if reader.has(NEWEST) else None
    return newest is not None and newest > as_of_date(model)
