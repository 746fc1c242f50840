"""How much of a change over time is exchange rates: left out of movements, part of every other
change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import polars as pl

from workbook.errors import WorkbookError
from workbook.metrics.compile.currency import home
from workbook.metrics.compile.metric_rows import brings_over
from workbook.metrics.compile.movements import (
    COUNTED,
    moved_table,
    newest_start,
    resolve_movement,
)
from workbook.metrics.compile.ratios_and_formulas import Input, expand_expression, leaves_of, moves
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import MetricReader
from workbook.model import Model


def held_rates(model: Model, reader: MetricReader, name: str) -> Iterator[MetricCheck]:
    """Per movement under a metric what exchange rates alone changed of its opening, which the
    metric leaves out; none where rates changed nothing.
    """
    found: dict[str, Decimal] = {}
    for item in _inputs(model, name):
        movement = moves(model, item.metric)
        measure = metrics_of(model).metrics[item.metric].measure
        if movement and measure.partition(".")[2] not in COUNTED:
            part, ago = (
                metrics_of(model).movements[movement],
                metrics_of(model).metrics[item.metric].ago,
            )
            start = newest_start(model, part, ago)
            amount = revaluation(model, reader, movement, start, item.over)
            if amount:
                found[movement] = amount
    for movement, amount in found.items():
        yield MetricCheck(name, "held rates", movement, "pass", amount=amount)


def revaluation(
    model: Model, reader: MetricReader, movement: str, start: dt.date, over: str = ""
) -> Decimal | None:
    """What exchange rates alone changed of a movement's opening in the period that starts here;
    None where it is not known or no amount is converted.
    """
    part, level = resolve_movement(model, movement)
    table = moved_table(movement, part, over)
    if not brings_over(model, level) or not reader.has(table):
        return None
    rows = reader.frame(table).filter(pl.col(part.every) == start)
    return rows["revaluation"][0] if rows.height else None


def has_rate_effect(model: Model, reader: MetricReader, name: str) -> bool:
    """Whether a metric's change over time contains a change of exchange rates: amounts of another
    currency are under it.
    """
    return any(_converts(model, reader, leaf) for leaf in leaves_of(model, name))


def of_level(model: Model, name: str, grain: str) -> str:
    """The movement that tells what moved a balance by a grain; '' where none does."""
    metric = metrics_of(model).metrics[name]
    if metric.type != "simple" or metric.filter:
        return ""
    for movement, part in metrics_of(model).movements.items():
        if part.of == metric.measure and part.every == grain:
            return movement
    return ""


def _converts(model: Model, reader: MetricReader, name: str) -> bool:
    if movement := moves(model, name):
        counted = metrics_of(model).metrics[name].measure.partition(".")[2] in COUNTED
        level = resolve_movement(model, movement)[1]
        return not counted and brings_over(model, level)
    if not brings_over(model, resolved(model, name)):
        return False
    table = f"m__{name}__rows"
    if not reader.has(table):
        return True
    own = home(model)
    return any(code != own for code in reader.frame(table)["currency"].drop_nulls().unique())


def _inputs(model: Model, name: str) -> list[Input]:
    if metrics_of(model).metrics[name].type in ("simple", "cumulative"):
        return [Input(name)]
    try:
        return list(expand_expression(model, name)[1].values())
    except WorkbookError:
        return []
