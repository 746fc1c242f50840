"""Figure 6.2: month ends whose values were known differently then than today."""

from __future__ import annotations

import polars as pl

from workbook import history
from workbook.show import Column, Figure, bars, table
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize

MOST = 5  # fields that the chart shows


def month_ends_figure(step: Step, evidence: history.HistoryEvidence) -> Figure:
    """Per month end: for how many the value known then is not the value known now."""
    counted = evidence.knew.with_columns(
        (pl.col("unknown_then") + pl.col("withdrawn") + pl.col("otherwise")).alias("moved")
    )
    moved = (
        counted.group_by("name")
        .agg(pl.col("moved").sum())
        .filter(pl.col("moved") > 0)
        .sort(["moved", "name"], descending=[True, False])
    )
    if not moved.height:
        return _unchanged(step, counted)
    names = moved["name"].to_list()[:MOST]
    frame = (
        counted.filter(pl.col("name").is_in(names))
        .pivot("name", index="day", values="moved")
        .sort("day")
        .select("day", *names)
    )
    series = [Column(name, capital(humanize(name)), "int") for name in names]
    return step.figure(
        "knew_then",
        bars(frame, "day", series),
        months=frame.height,
        unknown=int(counted["unknown_then"].sum()),
        otherwise=int(counted["otherwise"].sum()),
        withdrawn=int(counted["withdrawn"].sum()),
        fields=moved.height,
        shown=len(names),
    )


def _unchanged(step: Step, counted: pl.DataFrame) -> Figure:
    columns = step.heads("knew_then", Column("day", kind="date"), Column("known_now", kind="int"))
    known = counted.group_by("day").agg(pl.col("known_now").sum()).sort("day")
    return step.figure("knew_then", table(known, columns), step.text("figures.knew_then.unchanged"))
