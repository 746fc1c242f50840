"""Figure 6.7: what happened, and what changed, before an event or a movement of a metric; beside
the same days of those without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbook import history
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.errors import WorkbookError
from workbook.metrics import movement_detail_table
from workbook.model.times import instant, zone_of
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.period_labels import day_end
from workbook.steps.step import Step
from workbook.words import error_of
from workbook.words.wording import humanize

GROWTH = "expansion"  # the kind of movement that is shown beside the end of a life


@dataclass(frozen=True)
class _Analysis:
    """One event: of which entity, SQL of its occurrences and of those who could have it ('' where
    the model tells both), and the text of the catalogue that says who the comparison group is.
    """

    entity: str
    name: str
    occurrences: str = ""
    among: str = ""
    peers: str = "unmet"


def preceding_events_figure(
    step: Step, evidence: history.HistoryEvidence, event: str, days: int
) -> Figure:
    """One event of the model, or one kind of a movement; none named: those of the model, or the
    event that ends a life and what grows one.

    Raises:
        WorkbookError: nothing of that name happens.
    """
    names = (event,) if event else evidence.part.before
    analyses = [_named(step.context, evidence, name) for name in names] or _usual(
        step.context, evidence
    )
    rows, compared = [], []
    for analysis in analyses:
        found = _ranked(
            evidence.before_each(
                analysis.entity, analysis.name, days, analysis.occurrences, analysis.among
            )
        )
        compared.append(
            step.text(
                "figures.before.compared",
                event=analysis.name,
                entity=analysis.entity,
                met=max((row["occurrences"] for row in found), default=0),
                others=max((row["peers"] for row in found), default=0),
                peers=step.text(f"figures.before.peers.{analysis.peers}"),
            )
        )
        group = step.text("figures.before.group", event=analysis.name)
        rows += [{**row, "group": group} for row in found]
    columns = step.heads(
        "before",
        Column("happening"),
        Column("occurrences", kind="int"),
        Column("share", kind="percent"),
        Column("met_median", kind="number", decimals=0),
        Column("peers_share", kind="percent"),
        Column("peers_median", kind="number", decimals=0),
        Column("gap", kind="diverging", colours=("d2",)),
    )
    frame = frame_for(rows, [*columns, Column("group")])
    return step.figure(
        "before",
        table(frame, columns, group="group"),
        days=days,
        events=[analysis.name for analysis in analyses],
        compared=" ".join(compared),
        day=day_end(step.model),
    )


def _usual(context: Context, evidence: history.HistoryEvidence) -> list[_Analysis]:
    entity, event = evidence.event()
    growth = _movement(context, GROWTH)
    found = [_of_event(evidence, entity, event)] if event else []
    return [*found, growth] if growth else found


def _named(context: Context, evidence: history.HistoryEvidence, name: str) -> _Analysis:
    if name in evidence.part.events:
        return _of_event(evidence, evidence.part.events[name].of, name)
    found = _movement(context, name)
    if found is None:
        known = [*evidence.part.events, *_kinds(context)]
        raise error_of(WorkbookError, "steps.unknown_event", name=name, known=known)
    return found


def _of_event(evidence: history.HistoryEvidence, entity: str, event: str) -> _Analysis:
    if history.runs_on(evidence.model, event):
        return _Analysis(entity, event, peers="running")
    if history.peers_in(evidence.model, entity, event):
        return _Analysis(entity, event, peers="same_state")
    return _Analysis(entity, event)


def _kinds(context: Context) -> tuple[str, ...]:
    """The kinds of movement that are computed."""
    movements = context.model.metrics.movements
    return tuple(
        dict.fromkeys(
            kind
            for name, movement in movements.items()
            if context.has(movement_detail_table(name))
            for kind in movement.kinds
        )
    )


def _movement(context: Context, kind: str) -> _Analysis | None:
    """The first movement of a metric that has this kind and is computed."""
    movements = context.model.metrics.movements
    for name, movement in movements.items():
        detail, period = movement_detail_table(name), movement.every
        if kind in movement.kinds and context.has(detail):
            begun = instant(f"cast({period} as timestamp)", zone_of(context.model))
            occurrences = (
                f"select id, {begun} as moment, cast({period} as varchar) as record from"
                f" {quote(detail)} where kind = {text(kind)}"
            )
            paying = (
                f"select id from {quote(detail)} where closing > 0 and {period} = (select"
                f" max({period}) from {quote(detail)})"
            )
            return _Analysis(movement.by, kind, occurrences, paying, "paying")
    return None


def _ranked(found: history.Rows) -> list[dict[str, Any]]:
    """The happenings with their shares, those whose shares are furthest apart first."""
    rows = []
    for row in found:
        share = row["met_any"] / row["occurrences"] if row["occurrences"] else None
        peers = row["peers_any"] / row["peers"] if row["peers"] else None
        gap = round(100 * (share - peers), 1) if share is not None and peers is not None else None
        rows.append(
            {
                **row,
                "happening": humanize(row["happening"]),
                "share": share,
                "peers_share": peers,
                "gap": gap,
            }
        )
    return sorted(rows, key=lambda row: (-abs(row["gap"] or 0), row["happening"]))
