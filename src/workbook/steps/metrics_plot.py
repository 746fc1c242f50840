"""Any metric over time, as a line; or a line for each of its largest segments."""

from __future__ import annotations

from typing import Any

import polars as pl

from workbook import metrics
from workbook.errors import WorkbookError
from workbook.metrics.report.metric_wording import is_currency, label_of
from workbook.model import Model
from workbook.model.names import dimension_of
from workbook.nearest_name import did_you_mean
from workbook.privacy import shown
from workbook.show import Column, Figure, lines
from workbook.show.text import clean
from workbook.steps.metrics_series import recent
from workbook.words import words_of

_WORDS = words_of("data")
_MOST = 6  # lines of one plot


def plot(step: Any, name: str, grain: str = "", by: str = "") -> Figure:
    """A metric, by its name or its label, by period; with `by` the largest segments of one of its
    dimensions.

    Raises:
        WorkbookError: there is no such metric, period or split, or its segments are personal.
    """
    model, context = step.model, step.context
    metric = _metric(model, name)
    label, grains = label_of(model, metric), metrics.grains_of(model, metric)
    wanted = grain or ("month" if "month" in grains else grains[0])
    result = metrics.period_table(metric, wanted)
    if wanted not in grains or not context.has(result):
        known = [grain for grain in grains if context.has(metrics.period_table(metric, grain))]
        raise WorkbookError(_text("no_grain", metric=label, grain=clean(wanted), grains=known))
    frame = recent(context.frame(result), wanted).select(wanted, pl.col("value").alias(label))
    series, rest = [label], 0
    if by:
        result = metrics.period_table(metric, wanted, by)
        known = [
            item
            for item in model.metrics.metrics[metric].by
            if context.has(metrics.period_table(metric, wanted, item))
        ]
        if by not in known:
            raise WorkbookError(
                _text("no_split", metric=label, by=clean(by), grain=wanted, known=known)
            )
        if not shown(metrics.class_of_dimension(model, dimension_of(by))):
            raise WorkbookError(_text("protected", by=by))
        frame, series, rest = _split(context.frame(result), frame.select(wanted), wanted)
    outcome = step.outcomes[metric]
    columns = [_column(item, outcome) for item in series]
    frame = frame.with_columns(
        pl.col(item).cast(pl.Float64) * (100 if outcome.unit == metrics.SHARE else 1)
        for item in series
    )
    return Figure(
        "",
        _text("title", metric=label, grain=wanted, by=by),
        "",
        lines(frame, wanted, columns),
        _text("caption", rest=rest, table=result),
    )


def _metric(model: Model, name: str) -> str:
    labels = {label_of(model, metric).casefold(): metric for metric in model.metrics.metrics}
    found = name if name in model.metrics.metrics else labels.get(name.casefold())
    if found is None:
        hint = did_you_mean(name, model.metrics.metrics) or did_you_mean(name, labels)
        raise WorkbookError(_text("no_metric", name=clean(name)[:80], hint=hint))
    return found


def _split(
    rows: pl.DataFrame, periods: pl.DataFrame, grain: str
) -> tuple[pl.DataFrame, list[str], int]:
    """One row per period with a column for each of the largest segments; how many more there
    are.
    """
    known = rows.join(periods, on=grain, how="semi").filter(pl.col("value").is_not_null())
    sizes = known.group_by("segment").agg(pl.col("value").abs().max()).sort("value", "segment")
    order = sizes["segment"].to_list()[::-1]
    told = {segment: clean(segment) for segment in order[:_MOST]}
    wide = periods
    for segment, column in told.items():
        values = known.filter(pl.col("segment") == segment).select(
            grain, pl.col("value").alias(column)
        )
        wide = wide.join(values, on=grain, how="left")
    return wide.sort(grain), list(told.values()), len(order) - len(told)


def _column(name: str, outcome: Any) -> Column:
    if is_currency(outcome.unit):
        return Column(name, name, "money", unit=outcome.unit)
    return Column(name, name, "number", unit="%" if outcome.unit == metrics.SHARE else "")


def _text(name: str, /, **values: object) -> str:
    return _WORDS.text(f"plot.{name}", **values)
