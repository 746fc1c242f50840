"""The proof that a number adds up: measured keys and links, segments and periods against the
total, outside figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import polars as pl

from workbook.metrics.compile.fan_out import entities_keyed, link_name, one_name
from workbook.metrics.compile.metric_rows import NOT_LINKED, SEVERAL
from workbook.metrics.compile.metric_table_names import grains_of, period_table
from workbook.metrics.compile.metric_tables import rests_on
from workbook.metrics.compile.movements import KINDS, moved_table
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.segment_bucket import segment_table
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_check import MetricCheck, Verdict
from workbook.metrics.results.metric_result import MetricReader, MetricResult
from workbook.metrics.results.rate_direction import doubts_of
from workbook.metrics.results.row_caveats import aside_of, contested, crossed, of_movement
from workbook.model import Model

NOTHING = Decimal(0)


def reconcile(
    model: Model, reader: MetricReader, made: Mapping[str, MetricResult]
) -> list[MetricCheck]:
    """Every proof of every metric that has a value, in the order of the file."""
    if model.is_open("metrics"):
        return []
    proofs: list[MetricCheck] = []
    for outcome in made.values():
        proofs += [*_keys(model, reader, outcome)]
        if outcome.value is not None:
            proofs += [
                *_control(outcome),
                *_rows(model, reader, outcome),
                *_links(model, reader, outcome),
            ]
            proofs += [
                *_segments(model, reader, outcome),
                *_periods(model, reader, outcome),
                *aside_of(model, reader, outcome),
            ]
    for name in model.metrics.movements:
        proofs += [*_movement(model, reader, name), *of_movement(model, reader, name)]
    return [*proofs, *crossed(reader), *contested(reader), *doubts_of(model, reader)]


def _control(outcome: MetricResult) -> Iterator[MetricCheck]:
    control = outcome.control
    if control and not control.later:
        verdict: Verdict = "pass" if control.met else "look" if control.found is None else "fail"
        yield MetricCheck(
            outcome.name, "control", control.where_from, verdict, control.expected, control.found
        )


def _keys(model: Model, reader: MetricReader, outcome: MetricResult) -> Iterator[MetricCheck]:
    """The key of every entity that a metric depends on: as many ids as rows."""
    keyed = entities_keyed(model)
    for table in rests_on(model, outcome.name):
        if table in keyed and reader.has(table):
            rows, ids = reader.frame(table).row(0)
            entity = keyed[table]
            yield MetricCheck(
                outcome.name,
                "key",
                entity,
                "pass" if rows == ids else "fail",
                Decimal(rows),
                Decimal(ids),
                rows - ids,
            )


def _rows(model: Model, reader: MetricReader, outcome: MetricResult) -> Iterator[MetricCheck]:
    """No row of a metric is counted twice: its rows have as many keys."""
    table = f"m__{outcome.name}__rows"
    if reader.has(table):
        repeated = reader.duplicates(table)
        entity = resolved(model, outcome.name).entity
        yield MetricCheck(
            outcome.name,
            "rows",
            entity,
            "fail" if repeated else "pass",
            Decimal(outcome.rows),
            Decimal(outcome.rows - repeated),
            repeated,
        )


def _links(model: Model, reader: MetricReader, outcome: MetricResult) -> Iterator[MetricCheck]:
    """Every relationship that a metric goes along: who reaches one, nobody, or several (which
    are never multiplied).
    """
    links = model.entities.relationships
    under = set(rests_on(model, outcome.name))
    for name, link in links.items():
        if one_name(name) not in under or not reader.has(link_name(name)):
            continue
        rows, linked, orphans, several = reader.frame(link_name(name)).row(0)
        verdict: Verdict = "look" if several or (orphans and link.required) else "pass"
        yield MetricCheck(
            outcome.name,
            "link",
            name,
            verdict,
            Decimal(rows),
            Decimal(linked + orphans + several),
            several,
            Decimal(orphans),
        )


def _segments(model: Model, reader: MetricReader, outcome: MetricResult) -> Iterator[MetricCheck]:
    """The segments of a metric against its total: amounts where they add up, else the rows that
    they count.
    """
    metric = metrics_of(model).metrics[outcome.name]
    for dimension in metric.by:
        table = segment_table(outcome.name, dimension)
        if metric.type not in ("simple", "cumulative") or not reader.has(table):
            continue
        frame = reader.frame(table)
        adds = resolved(model, outcome.name).adds_up and outcome.exact is not None
        expected = outcome.exact if adds else Decimal(outcome.rows)
        found = _sum(frame, "exact") if adds else Decimal(int(frame["rows_counted"].sum()))
        verdict: Verdict = (
            "pass"
            if found == expected and int(frame["rows_counted"].sum()) == outcome.rows
            else "fail"
        )
        aside = frame.filter(pl.col("segment").is_in([NOT_LINKED, SEVERAL]))
        yield MetricCheck(
            outcome.name,
            "segments",
            dimension,
            verdict,
            expected,
            found,
            int(aside["rows_counted"].sum()),
            _sum(aside, "exact") if adds else None,
        )


def _periods(model: Model, reader: MetricReader, outcome: MetricResult) -> Iterator[MetricCheck]:
    """A flow's periods add up to its total; of a level, the last period's end is its value; the
    segments of each period are the period's.
    """
    metric = metrics_of(model).metrics[outcome.name]
    if metric.type not in ("simple", "cumulative") or "." in metric.measure:
        return
    for grain in grains_of(model, outcome.name):
        frame = (
            reader.frame(period_table(outcome.name, grain))
            if reader.has(period_table(outcome.name, grain))
            else pl.DataFrame()
        )
        if frame.is_empty() or outcome.exact is None:
            continue
        yield from _period(model, outcome, grain, frame)
        for dimension in metric.by:
            table = period_table(outcome.name, grain, dimension)
            if reader.has(table):
                yield _period_segments(model, outcome, dimension, grain, frame, reader.frame(table))


def _period(
    model: Model, outcome: MetricResult, grain: str, frame: pl.DataFrame
) -> Iterator[MetricCheck]:
    found = resolved(model, outcome.name)
    if found.kind != "flow":
        last = frame.filter(pl.col(grain) == frame[grain].max())["exact"][0]
        yield MetricCheck(
            outcome.name,
            "months",
            grain,
            "pass" if last == outcome.exact else "fail",
            outcome.exact,
            last,
        )
    elif found.adds_up:
        total = _sum(frame, "exact")
        undated = frame.filter(pl.col(grain).is_null())
        yield MetricCheck(
            outcome.name,
            "months",
            grain,
            "pass" if total == outcome.exact else "fail",
            outcome.exact,
            total,
            int(undated["rows_counted"].sum()),
            _sum(undated, "exact"),
        )


def _period_segments(
    model: Model,
    outcome: MetricResult,
    dimension: str,
    grain: str,
    whole: pl.DataFrame,
    split: pl.DataFrame,
) -> MetricCheck:
    """The worst period: what its segments come to (amounts where they add up, else the rows
    they count) against the period itself.
    """
    column = "exact" if resolved(model, outcome.name).adds_up else "rows_counted"
    parts = split.group_by(grain).agg(
        pl.col(column).sum().alias("parts"), pl.col("rows_counted").sum().alias("rows")
    )
    both = whole.join(parts, on=grain, how="full", nulls_equal=True).with_columns(
        pl.col("parts", "rows", column).fill_null(0)
    )
    pairs = [
        (row[column], row["parts"], row["rows"] - (row["rows_counted"] or 0))
        for row in both.iter_rows(named=True)
    ]
    expected, found, missing = max(pairs, key=lambda pair: (abs(pair[1] - pair[0]), abs(pair[2])))
    about = f"{dimension} in each {grain}"
    return MetricCheck(
        outcome.name,
        "periods",
        about,
        "fail" if missing or found != expected else "pass",
        Decimal(expected),
        Decimal(found),
    )


def _movement(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Of every period: what moved is exactly what lies between opening and closing; and the
    last closing is the level.
    """
    part = metrics_of(model).movements[name]
    table = moved_table(name, part)
    if not reader.has(table):
        return
    frame = reader.frame(table)
    if frame.is_empty():
        return
    gaps = [
        row["closing"] - row["opening"] - sum((row[kind] for kind in KINDS), NOTHING)
        for row in frame.iter_rows(named=True)
    ]
    worst = max(gaps, key=abs)
    yield MetricCheck(
        name,
        "movement",
        "periods",
        "fail" if worst else "pass",
        NOTHING,
        worst,
        sum(gap != 0 for gap in gaps),
    )
    for metric, item in metrics_of(model).metrics.items():
        if (
            item.type == "simple"
            and item.measure == part.of
            and not item.filter
            and reader.has(f"m__{metric}__total")
        ):
            expected = reader.frame(f"m__{metric}__total")["exact"][0]
            closing = frame.filter(pl.col(part.every) == frame[part.every].max())["closing"][0]
            if expected is not None:
                yield MetricCheck(
                    name,
                    "movement",
                    metric,
                    "pass" if closing == expected else "fail",
                    expected,
                    closing,
                )


def _sum(frame: pl.DataFrame, column: str) -> Decimal:
    return sum((value for value in frame[column].to_list() if value is not None), NOTHING)
