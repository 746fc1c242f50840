"""The drawings of page 06: the lifecycle as a flow, time in a state with those still in it, and
retention by start cohort.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from workbook import history
from workbook.checks import is_accepted
from workbook.model.durations import optional_duration
from workbook.show import (
    Body,
    Column,
    Curve,
    Figure,
    Limit,
    Move,
    Point,
    Stage,
    curves,
    flow,
)
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize

_FEW = 10  # stays below which no curve is drawn


def lifecycle_flow(step: Step, evidence: history.HistoryEvidence) -> str:
    """The states of each lifecycle in a line and the moves between them; '' without any."""
    drawings = []
    for entity, stays in evidence.stays.items():
        states = history.durations(stays, evidence.part.lifecycle[entity])
        moves = [move for move in history.moves(stays) if move["previous_state"] != move["state"]]
        if not moves:
            continue
        stages = [
            Stage(
                capital(humanize(row["state"])),
                row["still"],
                step.text("drawings.so_far", days=round(row["so_far"])) if row["still"] else "",
                row["over_still"] / row["still"] if row["over_still"] else None,
                step.text("drawings.over", count=row["over_still"], expected=row["expected"])
                if row["over_still"]
                else "",
            )
            for row in states
        ]
        accepted = undeclared_accepted(step, entity, moves)
        ways = [
            Move(
                capital(humanize(move["previous_state"])),
                capital(humanize(move["state"])),
                move["count"],
                step.text("drawings.after", days=round(move["days"]))
                if move["valid_move"]
                else step.text("drawings.accepted" if accepted else "drawings.undeclared"),
                refused=not move["valid_move"] and not accepted,
            )
            for move in moves
        ]
        words = step.text(
            "drawings.flow",
            entity=entity,
            states=len(stages),
            moves=sum(move["count"] for move in moves),
        )
        drawings.append(flow(stages, ways, words, listed=False))
    return "".join(drawings)


def undeclared_accepted(step: Step, entity: str, moves: history.Rows) -> bool:
    """Whether the team accepted as many moves as its lifecycle does not declare."""
    wrong = sum(row["count"] for row in moves if not row["valid_move"])
    every = sum(row["count"] for row in moves)
    return is_accepted(step.model, "invalid_states", entity, wrong, every)


@dataclass(frozen=True)
class StayCurves:
    """A drawing of the time in one state, and what it is of."""

    body: Body
    entity: str
    state: str
    ended: int
    still: int


def stay_curves(step: Step, evidence: history.HistoryEvidence) -> StayCurves | None:
    """Time in the state in which the most stay longer than expected, else in which the most
    are; None where nowhere enough stays have ended.
    """
    candidates = [
        (row["over_still"] or 0, row["still"], row["ended"], entity, row["state"])
        for entity, stays in evidence.stays.items()
        for row in history.durations(stays, evidence.part.lifecycle[entity])
        if row["ended"] >= _FEW
    ]
    if not candidates:
        return None
    _, still, ended, entity, state = max(candidates, key=lambda row: row[:3])
    declared = evidence.part.lifecycle[entity]
    order = list(declared)
    here = evidence.stays[entity].filter(pl.col("state") == state)
    later = pl.col("previous_state").is_in(order[order.index(state) + 1 :])
    back = here.filter(later)
    groups = [
        (step.text("drawings.first_stay"), here.filter(~later | later.is_null())),
        (step.text("drawings.returned"), back),
    ]
    if any(len(stays) < _FEW for _, stays in groups):
        groups = [(humanize(state), here)]
    limit = optional_duration(declared[state].expected)
    return StayCurves(
        curves(
            [_curve(step, name, stays) for name, stays in groups],
            Column("day", step.text("drawings.days", state=state), kind="int"),
            Column("share", step.text("drawings.share", state=state), kind="percent", decimals=0),
            step=True,
            limit=Limit(
                limit.fixed.days or 30 * limit.months,
                step.text("drawings.expected", expected=declared[state].expected),
            )
            if limit
            else None,
        ),
        entity,
        state,
        ended,
        still,
    )


def _curve(step: Step, name: str, stays: pl.DataFrame) -> Curve:
    """A curve ends where fewer than ten stays are as long, because few say little."""
    made = history.survival(stays)
    days = stays["days"].drop_nulls().sort(descending=True)
    end = days[min(_FEW, days.len()) - 1]
    rows = made.filter(pl.col("day") <= end).select("day", "share", "low", "high").rows()
    points = [Point(0, 1.0), *(Point(*row) for row in rows)]
    if points[-1].x < end:
        last = points[-1]
        points.append(Point(float(end), last.y, last.low, last.high))
    ongoing = stays.filter(pl.col("is_current") & (pl.col("days") <= end))["days"].to_list()
    share = points[-1].y
    return Curve(name, points, ongoing, note=step.text("drawings.still_in", share=share))


def retention_figure(step: Step, evidence: history.HistoryEvidence, as_of: dt.date) -> Figure:
    """Figure 6.10: of those who started in the same months, how many had not ended after so
    many months.
    """
    entity = next(iter(evidence.stays), "")
    period = history.period_state(step.model, entity) if entity else None
    ended = (
        history.peers_in(step.model, entity, history.ending(step.model, entity)) if entity else ()
    )
    started = period.states if period else ()
    if not started or not ended:
        return step.figure("retention", curves([], *_retention_columns(step)))
    found = history.retention(evidence.stays[entity], started, ended, as_of)
    drawn = []
    lived = found.rows.filter(pl.col("month") > 0)  # a cohort of this month says nothing yet
    cohorts = lived["cohort"].unique(maintain_order=True).to_list()
    for n, cohort in enumerate(cohorts):
        rows = found.rows.filter(pl.col("cohort") == cohort)
        points = [Point(month, share) for month, share in rows.select("month", "share").rows()]
        size = rows["started"][0]
        name = step.text("drawings.cohort", cohort=cohort, count=size)
        drawn.append(Curve(name, points, tone="d1" if n == 0 else "d3" if n % 2 else "d2"))
    least = min((point.y for curve in drawn for point in curve.points), default=0.0)
    base = 0.5 if least > 0.5 else 0.0
    return step.figure(
        "retention",
        curves(drawn, *_retention_columns(step), base=base, every=6),
        entity=entity,
        months=found.months,
        event=period.event if period else "",
        ended=list(ended),
        base=base,
        small=found.small,
    )


def _retention_columns(step: Step) -> tuple[Column, Column]:
    heads = step.heads("retention", Column("month", kind="int"), Column("share", kind="percent"))
    return heads[0], heads[1]
