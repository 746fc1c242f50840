"""Figure 7.8: what moved a balance, period by period."""

from __future__ import annotations

import polars as pl

from workbook import metrics
from workbook.metrics.report.movement_wording import ladder_of, moving_of
from workbook.metrics.report.period_wording import period_up_to_now
from workbook.show import Column, Figure, bars, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize

_PERIODS = 12  # shown at most
_TONES = {"new": "d1", "expansion": "d2", "reactivated": "d3", "contraction": "d4", "churned": "d3"}


def movement_figure(step: Step, name: str = "") -> Figure:
    """What moved a balance (the first, unless one is named) period by period, as stacked bars
    with the net change.
    """
    model, context = step.model, step.context
    declared = model.metrics.movements
    shown, frame = "", pl.DataFrame()
    for movement in [name] if name in declared else [] if name else declared:
        result = metrics.moved_table(movement, declared[movement])
        if context.has(result):
            shown, frame = movement, context.frame(result).sort(declared[movement].every)
            break
    if frame.is_empty():
        columns = step.heads("movements", Column("month"))
        body = table(frame_for([], columns), columns)
        return step.figure("movements", body, metric="", unit="", periods=0, every="")
    every, unit = declared[shown].every, metrics.movement_unit(model, shown)
    last = frame.row(-1, named=True)
    recent = frame.tail(_PERIODS).select(every, *_TONES, net=pl.col("closing") - pl.col("opening"))
    series = step.heads(
        "movements",
        *(
            Column(kind, kind="number", decimals=0, colours=(tone,))
            for kind, tone in _TONES.items()
        ),
        Column("net", kind="number", decimals=0, sign=True),
    )
    body = bars(
        recent, Column(every, capital(humanize(every)), "date"), series[:-1], net=series[-1]
    )
    return step.figure(
        "movements",
        body,
        ladder_of(model, shown, last, unit, period_up_to_now(model, every, last[every])),
        metric=moving_of(model, shown),
        unit=unit,
        periods=recent.height,
        every=humanize(every),
    )
