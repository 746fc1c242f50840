"""`metric_values`: every number of every period and segment as one long table, with what a
reader must know beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any

import polars as pl

from workbook.engine import Function, Table
from workbook.metrics.compile.as_of_clock import GRAINS, as_of_date
from workbook.metrics.compile.fan_out import entities_keyed, link_name
from workbook.metrics.compile.metric_table_names import (
    grains_of,
    part_by,
    period_table,
    value_table,
)
from workbook.metrics.compile.metric_tables import refusals, tables
from workbook.metrics.compile.movements import moved_table
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.rules import STEP
from workbook.metrics.compile.segment_bucket import class_of_dimension, segment_table
from workbook.metrics.report.caveat_wording import caveat_of
from workbook.metrics.report.control_wording import control_of
from workbook.metrics.report.metric_wording import label_of
from workbook.metrics.results.metric_result import MetricResult, outcomes
from workbook.metrics.results.reconciliation import reconcile
from workbook.model import Model, dimension_of
from workbook.model.as_of import UNDATED, is_undated
from workbook.model.fact_sources import fact_sources
from workbook.model.table_names import NEWEST, NEWEST_DAYS
from workbook.privacy import strictest

VALUES = "metric_values"
KEYS = ("metric", "grain", "period", "dimension", "member")
_OF_THE_MODEL = ("metric", "label", "grain", "dimension", "unit", "caveats")  # no value of a row
_KINDS = ("total", "left_out")
_SCHEMA = {
    "metric": pl.String,
    "label": pl.String,
    "grain": pl.String,
    "period": pl.Date,
    "dimension": pl.String,
    "member": pl.String,
    "value": pl.Decimal(24, 6),
    "on_date": pl.Date,
    "unit": pl.String,
    "rows_counted": pl.Int64,
    "proven": pl.Boolean,
    "caveats": pl.String,
}


class _Inputs:
    """The tables that were handed over, as the metrics room reads them; what one row counts is
    not among them.
    """

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        self.frames = frames

    def has(self, name: str) -> bool:
        return name in self.frames

    def frame(self, name: str) -> pl.DataFrame:
        return self.frames[name]

    def query(self, sql: str) -> pl.DataFrame:
        return pl.DataFrame()

    def duplicates(self, name: str) -> int:
        return 0


def values_table(model: Model) -> Table | None:
    """One row per number, period and segment: its value, its unit, whether it was proven, and
    its caveats; None while 07 is open.

    `grain` is `as_of` (period: the as-of day), or `month`, `day`, `week`, `quarter`, `year`,
    `fiscal_quarter`, `fiscal_year` (period: its first day; none for rows without a date).
    `dimension` and `member` are empty where a number is not split; of a period those members
    stand there that count a row. A number that is refused has a row without a value, and the
    reason.
    """
    if model.is_open("metrics") or model.is_open("entities") or not model.metrics.metrics:
        return None
    made = {table.name for table in tables(model)}
    reads = tuple(name for table in tables(model) if _is_small(model, name := table.name))
    reads += tuple(table for table in _of_movements(model) if table in made)
    reads += (NEWEST_DAYS, NEWEST) if fact_sources(model) else ()
    if not any(name == value_table(metric) for name in reads for metric in model.metrics.metrics):
        return None
    decided = sha256(
        repr(
            [sorted(text.values.items(), key=str) for _, text in sorted(model.texts.items())]
        ).encode()
    ).hexdigest()
    day = UNDATED if is_undated(model) else str(as_of_date(model))
    endings = tuple(f"__{kind}" for kind in ("total", *GRAINS))
    columns = {
        "value": tuple(
            f"{name}.value" for name in reads if name.startswith("m__") and name.endswith(endings)
        )
    }
    function = Function(
        "metric_values",
        8,
        lambda inputs, params: _rows(model, inputs),
        reads,
        {"model": decided, "as_of": day},
        columns=columns,
    )
    dimensions = [
        dimension_of(text) for metric in model.metrics.metrics.values() for text in metric.by
    ]
    cls = strictest(class_of_dimension(model, each) for each in dimensions)
    row_is = "one number at the end of the as-of day or of one period, in all or of one segment"
    return Table(
        VALUES,
        row_is,
        STEP,
        "canonical",
        KEYS,
        function=function,
        classes={**dict.fromkeys(_OF_THE_MODEL, "internal"), "member": cls},
    )


def _is_small(model: Model, name: str) -> bool:
    """Whether a table holds numbers or measurements of numbers, and not the rows that they
    count.
    """
    if name in entities_keyed(model) or name in map(link_name, model.entities.relationships):
        return True
    return any(
        name
        in (
            *(f"m__{metric}__{kind}" for kind in _KINDS),
            *(segment_table(metric, each) for each in part.by),
            *(place[2] for place in _places(model, metric)),
        )
        for metric, part in metrics_of(model).metrics.items()
    )


def _of_movements(model: Model) -> list[str]:
    """The tables of what moved, over every length of time that a metric asks for."""
    part = metrics_of(model)
    overs = dict.fromkeys(["", *(metric.over for metric in part.metrics.values())])
    return [
        moved_table(name, each, over) for name, each in part.movements.items() for over in overs
    ]


def _places(model: Model, name: str) -> Iterator[tuple[str, str, str]]:
    """Every (grain, dimension or '', table) of a metric; whether the table is made is another
    question.
    """
    for grain in grains_of(model, name):
        for dimension in ("", *metrics_of(model).metrics[name].by):
            yield grain, dimension, period_table(name, grain, dimension)


def _rows(model: Model, inputs: Mapping[str, Any]) -> pl.DataFrame:
    reader = _Inputs(inputs)
    made = outcomes(model, reader)
    proofs = reconcile(model, reader, made)
    rows: list[dict[str, Any]] = []
    for name, outcome in made.items():
        mine = [proof for proof in proofs if proof.metric == name]
        proven = outcome.value is not None and all(proof.verdict != "fail" for proof in mine)
        missed = control_of(outcome) if outcome.control and not outcome.control.met else ""
        caveats = [caveat_of(model, outcome, made, proofs), f"{missed}." if missed else ""]
        about = {
            "metric": name,
            "label": label_of(model, name),
            "unit": outcome.unit,
            "proven": proven,
            "caveats": " ".join(text for text in caveats if text),
        }
        rows += [{**about, **each} for each in _of(model, reader, outcome)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _of(model: Model, reader: _Inputs, outcome: MetricResult) -> Iterator[dict[str, Any]]:
    """The number itself, its segments, its periods, the segments of its periods."""
    yield {
        "grain": "as_of",
        "period": None if is_undated(model) else as_of_date(model),
        **_value(outcome.value),
        "rows_counted": outcome.rows,
    }
    if outcome.value is None:
        return
    for dimension in metrics_of(model).metrics[outcome.name].by:
        table = segment_table(outcome.name, dimension)
        for row in reader.frame(table).iter_rows(named=True) if reader.has(table) else ():
            head = {
                "grain": "as_of",
                "period": None if is_undated(model) else as_of_date(model),
                "dimension": dimension,
                "member": row["segment"],
            }
            yield {**head, **_value(row["value"]), "rows_counted": row["rows_counted"]}
    refused = {each.part for each in refusals(model) if each.name == outcome.name}
    for grain, dimension, table in _places(model, outcome.name):
        if reader.has(table) and not refused & {grain, part_by(dimension, grain)}:
            for row in reader.frame(table).iter_rows(named=True):
                split = {"dimension": dimension, "member": row["segment"]} if dimension else {}
                yield {
                    "grain": grain,
                    "period": row[grain],
                    **split,
                    **_value(row["value"]),
                    "rows_counted": row["rows_counted"],
                }


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, (int, Decimal)):
        return {"value": Decimal(value).quantize(Decimal("0.000001"), ROUND_HALF_UP)}
    return (
        {"on_date": value.date() if hasattr(value, "date") else value} if value is not None else {}
    )
