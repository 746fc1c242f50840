"""What became of each number: its value, or why there is none; and whether it meets its outside
figure.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

import polars as pl

from workbook.errors import WorkbookError
from workbook.metrics.compile.aggregate import has_mixed_currencies
from workbook.metrics.compile.as_of_clock import as_of_date
from workbook.metrics.compile.fan_out import entities_keyed
from workbook.metrics.compile.metric_table_names import month_table, period_table, value_table
from workbook.metrics.compile.metric_tables import refusals, rests_on
from workbook.metrics.compile.ratios_and_formulas import inputs_of
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import kind_of, resolved, unit_of
from workbook.metrics.results.confidence_range import Range, range_of
from workbook.model import Model
from workbook.model.calendar import calendar_of
from workbook.model.periods import has_ended, period_of
from workbook.model.schema import ControlTotal
from workbook.words import words_of
from workbook.words.wording import humanize

Value = int | Decimal | dt.date | None
_WORDS = words_of("metric_values")
UNDECIDED = _WORDS.text("absent.undecided")


class MetricReader(Protocol):
    """Who can read tables of the plan."""

    def has(self, name: str, /) -> bool: ...

    def frame(self, name: str, /) -> pl.DataFrame: ...

    def query(self, sql: str, /) -> pl.DataFrame: ...

    def duplicates(self, name: str, /) -> int: ...


@dataclass(frozen=True)
class ControlTotalCheck:
    """An outside figure beside ours: `found` is our value for its period, None where we have
    none; `other_period` says that the value shown is of another period, `later` that its period
    begins after the as-of day.
    """

    expected: Decimal
    found: Decimal | None
    tolerance: Decimal
    where_from: str
    period: str = ""
    owner: str = ""
    supplied_by: str = ""
    supplied: dt.date | None = None
    other_period: bool = False
    later: bool = False

    @property
    def difference(self) -> Decimal | None:
        """How much ours is above it."""
        return None if self.found is None else self.found - self.expected

    @property
    def met(self) -> bool:
        """Whether ours is as close as was agreed."""
        return self.difference is not None and abs(self.difference) <= self.tolerance


@dataclass(frozen=True)
class MetricResult:
    """One metric as it came out.

    `refused`: why it may not be shown; `absent`: why there is no value to show.

    `range`: where it lies, of a value that is divided by a rate of few events.
    """

    name: str
    value: Value = None
    exact: Decimal | None = None
    rows: int = 0
    kind: str = "decimal"
    unit: str = ""
    refused: str = ""
    absent: str = ""
    control: ControlTotalCheck | None = None
    range: Range | None = None


def outcomes(model: Model, reader: MetricReader) -> dict[str, MetricResult]:
    """Every metric of 07 as it came out, in the order of the file."""
    results: dict[str, MetricResult] = {}
    static = {refusal.name: refusal.reason for refusal in refusals(model) if not refusal.part}
    for name in model.metrics.metrics:
        results[name] = (
            MetricResult(name, refused=static[name])
            if name in static
            else _outcome(model, reader, name)
        )
    return results


def _outcome(model: Model, reader: MetricReader, name: str) -> MetricResult:
    kind, unit = kind_of(model, name), unit_of(model, name)
    if not reader.has(value_table(name)):
        return MetricResult(name, kind=kind, unit=unit, absent=UNDECIDED)
    try:
        row = reader.frame(value_table(name)).row(0, named=True)
    except WorkbookError as error:
        return MetricResult(
            name, kind=kind, unit=unit, refused=_WORDS.text("refusal.table", error=str(error))
        )
    exact = row["exact"] if isinstance(row["exact"], Decimal) else None
    found = MetricResult(name, row["value"], exact, int(row["rows_counted"] or 0), kind, unit)
    if found.value is None:
        refused, absent = _why_none(model, reader, name, found.rows)
        return MetricResult(name, None, None, found.rows, kind, unit, refused, absent)
    total = metrics_of(model).metrics[name].control_total
    return replace(
        found,
        control=_control(model, reader, found, total) if total else None,
        range=range_of(model, reader, name),
    )


def _why_none(model: Model, reader: MetricReader, name: str, rows_counted: int) -> tuple[str, str]:
    """Why a value is NULL: (refused, absent)."""
    keyed = entities_keyed(model)
    for table in rests_on(model, name):
        if table in keyed and reader.has(table):
            rows, ids = reader.frame(table).row(0)
            if rows > ids:
                text = "refusal.duplicate_ids"
                return _WORDS.text(text, entity=keyed[table], rows=rows, ids=ids), ""
    metric = metrics_of(model).metrics[name]
    if metric.type in ("ratio", "derived"):
        for item in inputs_of(model, name).values():
            refused, absent = _why_input(model, reader, item.metric)
            if refused or absent:
                label = metrics_of(model).metrics[item.metric].label or humanize(item.metric)
                return (
                    (_WORDS.text("refusal.input", metric=label, reason=refused), "")
                    if refused
                    else ("", absent)
                )
        return "", _WORDS.text("absent.no_divisor")
    if reader.has(rows_table := f"m__{name}__rows") and (repeated := reader.duplicates(rows_table)):
        return _WORDS.text("refusal.overlap", rows=repeated), ""
    if (
        rows_counted
        and has_mixed_currencies(model, resolved(model, name))
        and _several_currencies(reader, rows_table)
    ):
        return _WORDS.text("refusal.currencies"), ""
    return "", _WORDS.text("absent.no_rows")


def _several_currencies(reader: MetricReader, rows_table: str) -> bool:
    """Whether rows bear different currencies; where they cannot be read, what the model says
    must do.
    """
    return not reader.has(rows_table) or reader.frame(rows_table)["currency"].n_unique() > 1


def _why_input(model: Model, reader: MetricReader, name: str) -> tuple[str, str]:
    found = _outcome(model, reader, name)
    return found.refused, found.absent


def _control(
    model: Model, reader: MetricReader, found: MetricResult, total: ControlTotal
) -> ControlTotalCheck:
    expected = Decimal(str(total.value))
    ours = (
        _at_period(model, reader, found, total.period.strip())
        if total.period
        else _decimal(found.value)
    )
    return ControlTotalCheck(
        expected,
        ours,
        tolerance_of(total.tolerance, expected),
        total.where_from,
        total.period,
        total.owner,
        total.supplied_by,
        total.supplied,
        ours is not None and ours != _decimal(found.value),
        _is_unfinished(model, total.period),
    )


def _is_unfinished(model: Model, text: str) -> bool:
    """Whether a period ends after the as-of day."""
    period = period_of(text, calendar_of(model))
    return period is not None and not has_ended(period, as_of_date(model))


def tolerance_of(text: str, expected: Decimal) -> Decimal:
    """How far ours may be from the outside figure: `0.5%` of it, or an amount.

    >>> tolerance_of("0.5%", Decimal(200)), tolerance_of("10", Decimal(200))
    (Decimal('1.0'), Decimal('10'))
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*", text)
    if not found:
        return Decimal(0)
    size = Decimal(found[1])
    return abs(expected) * size / 100 if found[2] else size


def _at_period(
    model: Model, reader: MetricReader, found: MetricResult, text: str
) -> Decimal | None:
    """Our value for a period: its own where it is given by such periods; a flow's months added
    up; else that of the last month.
    """
    period = period_of(text, calendar_of(model))
    if period is None or not has_ended(period, as_of_date(model)):
        return None
    own = period_table(found.name, period.grain)
    if reader.has(own) and period.grain != "day":
        value = reader.frame(own).filter(pl.col(period.grain) == period.first)["value"]
        return _decimal(value[0]) if len(value) else None
    first, last = period.months
    table = month_table(found.name)
    if not reader.has(table):
        return (
            _decimal(found.value)
            if period.grain in ("day", "month") and as_of_date(model).replace(day=1) == last
            else None
        )
    frame = reader.frame(table)
    inside = frame.filter(pl.col("month").is_between(first, last))
    if first != last and not _adds_over_time(model, found.name) and not _stands(model, found.name):
        return None
    if first == last or not _adds_over_time(model, found.name):
        value = inside.filter(pl.col("month") == last)["value"]
        return _decimal(value[0]) if len(value) else None
    if inside.is_empty() or inside["exact"].null_count():
        return None
    return _rounded(found.kind, sum(inside["exact"].to_list(), Decimal(0)))


def _adds_over_time(model: Model, name: str) -> bool:
    if metrics_of(model).metrics[name].type != "simple":
        return False
    found = resolved(model, name)
    return found.kind == "flow" and found.adds_up


def _stands(model: Model, name: str) -> bool:
    """Whether a number is asked at the end of a period, so that it has the value of the
    period's last month.
    """
    metric = metrics_of(model).metrics[name]
    if metric.type in ("ratio", "derived"):
        return all(_stands(model, item.metric) for item in inputs_of(model, name).values())
    return (
        not _adds_over_time(model, name)
        and "." not in metric.measure
        and resolved(model, name).kind != "flow"
    )


def _rounded(kind: str, value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP) if kind == "money" else value


def _decimal(value: Value) -> Decimal | None:
    return Decimal(value) if isinstance(value, (int, Decimal)) else None
