"""The drawings of page 06: the lifecycle as a flow, time in a state with those still in it, and
retention by start cohort.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbook import history
from workbook.checks import is_accepted
from workbook.model.as_of import as_of_day
from workbook.model.durations import optional_duration
from workbook.show import (
    Column,
    Curve,
    Limit,
    Move,
    Point,
    Stage,
    curves,
    flow,
)
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize


def lifecycle_flows(step: Step, evidence: history.HistoryEvidence) -> list[tuple[str, str]]:
    """Of each lifecycle with moves its title, where there are several, and its drawing: the
    states in a line and the moves between them.
    """
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
        title = capital(humanize(entity)) if len(evidence.stays) > 1 else ""
        drawings.append((title, flow(stages, ways, words, listed=False)))
    return drawings


def undeclared_accepted(step: Step, entity: str, moves: history.Rows) -> bool:
    """Whether the team accepted as many moves as its lifecycle does not declare."""
    wrong = sum(row["count"] for row in moves if not row["valid_move"])
    every = sum(row["count"] for row in moves)
    return is_accepted(step.model, "invalid_states", entity, wrong, every)


@dataclass(frozen=True)
class LifecycleDrawing:
    """A drawing, its title, and a sentence on how to read it."""

    title: str
    html: str
    caption: str


def stay_curves(step: Step, evidence: history.HistoryEvidence) -> LifecycleDrawing | None:
    """Time in the state in which the most stay longer than expected, else in which the most
    are; None where nowhere enough stays have ended.
    """
    candidates = [
        (row["over_still"] or 0, row["still"], row["ended"], entity, row["state"])
        for entity, stays in evidence.stays.items()
        for row in history.durations(stays, evidence.part.lifecycle[entity])
        if row["ended"] >= history.FEW
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
    if any(len(stays) < history.FEW for _, stays in groups):
        groups = [(humanize(state), here)]
    limit = optional_duration(declared[state].expected)
    body = curves(
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
    )
    return LifecycleDrawing(
        step.text("drawings.time_in", state=state),
        body.html,
        step.text(
            "drawings.time_in_caption", state=state, ended=ended, still=still, few=history.FEW
        ),
    )


def _curve(step: Step, name: str, stays: pl.DataFrame) -> Curve:
    """A curve ends where fewer than ten stays are as long, because few say little."""
    made = history.survival(stays)
    days = stays["days"].drop_nulls().sort(descending=True)
    end = days[min(history.FEW, days.len()) - 1]
    rows = made.filter(pl.col("day") <= end).select("day", "share", "low", "high").rows()
    points = [Point(0, 1.0), *(Point(*row) for row in rows)]
    if points[-1].x < end:
        last = points[-1]
        points.append(Point(float(end), last.y, last.low, last.high))
    ongoing = stays.filter(pl.col("is_current") & (pl.col("days") <= end))["days"].to_list()
    share = points[-1].y
    return Curve(name, points, ongoing, note=step.text("drawings.still_in", share=share))


def retention_curves(step: Step, evidence: history.HistoryEvidence) -> LifecycleDrawing | None:
    """Of those who started in the same months, how many had not ended after so many months; None
    without a state that a period starts and one that ends it, or where every cohort is small.
    """
    entity = next(iter(evidence.stays), "")
    period = history.period_state(step.model, entity) if entity else None
    ended = history.peers_in(step.model, entity, history.ending(step.model, entity))
    if period is None or not ended:
        return None
    begun = (period.state,)  # not who came to a later state without a period
    found = history.retention(evidence.stays[entity], begun, ended, as_of_day(step.model))
    lived = found.rows.filter(pl.col("month") > 0)  # a cohort of this month says nothing yet
    cohorts = lived["cohort"].unique(maintain_order=True).to_list()
    if not cohorts:
        return None
    drawn = []
    for number, cohort in enumerate(cohorts):
        rows = found.rows.filter(pl.col("cohort") == cohort)
        points = [Point(month, share) for month, share in rows.select("month", "share").rows()]
        name = step.text("drawings.cohort", cohort=cohort, count=rows["started"][0])
        drawn.append(Curve(name, points, tone="d2" if number else "d1"))
    base = 0.5 if min(point.y for curve in drawn for point in curve.points) > 0.5 else 0.0
    body = curves(
        drawn,
        Column("month", step.text("drawings.months", event=period.event), kind="int"),
        Column("share", step.text("drawings.retained"), kind="percent", decimals=0),
        base=base,
        every=6,
    )
    return LifecycleDrawing(
        step.text("drawings.retention", entity=entity, ended=list(ended)),
        body.html,
        step.text("drawings.retention_caption", months=found.months, base=base, small=found.small),
    )
