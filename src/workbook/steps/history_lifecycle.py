"""What page 06 shows and finds of lifecycles: how long states last, and which transitions occur."""

from __future__ import annotations

from typing import Any

import polars as pl

from workbook import history
from workbook.finding import Finding
from workbook.model import Model
from workbook.show import Column, Figure, with_drawings
from workbook.steps.history_drawings import (
    lifecycle_flows,
    retention_curves,
    stay_curves,
    undeclared_accepted,
)
from workbook.steps.history_rows import event_scope, grouped_table
from workbook.steps.step import Step
from workbook.words import finding
from workbook.words.wording import capital, humanize


def _durations(evidence: history.HistoryEvidence, entity: str, stays: pl.DataFrame) -> history.Rows:
    return history.durations(stays, evidence.part.lifecycle[entity])


def stays_figure(step: Step, evidence: history.HistoryEvidence) -> Figure:
    """Figure 6.4: how long a state lasts, and who is still in it."""
    rows = [
        {
            **row,
            "group": capital(humanize(entity)),
            "state": humanize(row["state"]),
            "since": step.text(
                "figures.stays.since",
                event=row["starts"],
                scope=event_scope(step, row["starts"]),
                expected=row["expected"] or "",
            ),
            "ended_median": _median_note(step, row),
            "now": step.text("figures.stays.still", count=row["over_still"]) if row["over"] else "",
            "of_these": _of_these(step, evidence, entity, row),
        }
        for entity, stays in evidence.stays.items()
        for row in _durations(evidence, entity, stays)
    ]
    columns = step.heads(
        "stays",
        Column("state", detail="since"),
        Column("quarters", kind="interval", unit="d"),
        Column("median", kind="number", unit="d", decimals=0, detail="ended_median"),
        Column("ended", kind="int"),
        Column("still", kind="int", detail="of_these"),
        Column("so_far", kind="number", unit="d", decimals=0),
        Column("over", kind="int", detail="now"),
    )
    stateless = [
        step.text("figures.stays.stateless", count=count, of=of, entity=entity)
        for entity, (count, of) in evidence.stateless.items()
        if count
    ]
    drawings = list(filter(None, (stay_curves(step, evidence), retention_curves(step, evidence))))
    body = with_drawings(
        [(drawing.title, drawing.html) for drawing in drawings], grouped_table(rows, columns)
    )
    captions = [drawing.caption for drawing in drawings]
    captions.append(step.text("figures.stays.caption", stateless=stateless))
    return step.figure("stays", body, " ".join(captions))


def _median_note(step: Step, row: dict[str, Any]) -> str:
    """What the median reads without those still in the state, where it differs."""
    if row["median_ended"] is None or row["median_ended"] == row["median"]:
        return ""
    name = "not_reached" if row["median"] is None else "completed_only"
    return step.text(f"figures.stays.{name}", days=int(row["median_ended"]))


def _of_these(
    step: Step, evidence: history.HistoryEvidence, entity: str, row: dict[str, Any]
) -> str:
    """Of those still in a state: how many came back to it and why, how many never had the period
    that it depends on.
    """
    declared, texts = evidence.part.lifecycle[entity], []
    if row["back"]:
        whys = [declared[state].because for state in row["back_from"] if declared[state].because]
        texts.append(
            step.text(
                "figures.stays.back", count=row["back"], states=row["back_from"], because=whys
            )
        )
    if without := evidence.without_period.get(entity, {}).get(row["state"]):
        period = history.period_state(step.model, entity)
        event = period.event if period else ""
        texts.append(step.text("figures.stays.without_period", count=without, event=event))
    return "; ".join(texts)


def moves_figure(step: Step, evidence: history.HistoryEvidence) -> Figure:
    """Figure 6.5: transitions from state to state, undeclared ones marked, and the paths into
    the last state.
    """
    rows: history.Rows = []
    for entity, stays in evidence.stays.items():
        moves = history.moves(stays)
        rows += [
            {
                **move,
                **_verdict(step, evidence, entity, move, moves),
                "group": step.text("figures.moves.transitions", entity=entity),
                "move": f"{humanize(move['previous_state'])} → {humanize(move['state'])}",
            }
            for move in moves
        ]
        rows += _path_rows(step, entity, stays)
    columns = step.heads(
        "moves",
        Column("check", " ", "check"),
        Column("move", detail="said"),
        Column("count", kind="int"),
        Column("bar", " ", "bar"),
        Column("days", kind="number", decimals=0),
    )
    body = grouped_table([{**row, "bar": row["count"]} for row in rows], columns)
    return step.figure(
        "moves",
        with_drawings(lifecycle_flows(step, evidence), body),
        wrong=sum(row["count"] for row in rows if not row.get("valid_move", True)),
    )


def _path_rows(step: Step, entity: str, stays: pl.DataFrame) -> history.Rows:
    into = history.peers_in(step.model, entity, history.ending(step.model, entity))
    return [
        {
            **row,
            "group": step.text("figures.moves.paths", states=into),
            "move": humanize(row["path"])
            or step.text("figures.moves.other_paths", count=row["ways"]),
        }
        for row in (history.paths(stays, into) if into else [])
    ]


def _verdict(
    step: Step,
    evidence: history.HistoryEvidence,
    entity: str,
    move: dict[str, Any],
    moves: history.Rows,
) -> dict[str, str]:
    """How a transition is marked: as the check of its lifecycle judges one that is not declared."""
    if move["valid_move"]:
        return {"check": "pass", "said": _why_back(evidence, entity, move)}
    if undeclared_accepted(step, entity, moves):
        return {"check": "accepted", "said": step.text("figures.moves.accepted")}
    return {"check": "look", "said": step.text("figures.moves.undeclared")}


def _why_back(evidence: history.HistoryEvidence, entity: str, move: dict[str, Any]) -> str:
    """Why a transition leads to an earlier state, where the state that is left gives a reason;
    such a transition looks like a mistake else.
    """
    declared = evidence.part.lifecycle[entity]
    states, left = list(declared), move["previous_state"]
    back = states.index(move["state"]) < states.index(left)
    return declared[left].because if back else ""


def long_stay_findings(model: Model, evidence: history.HistoryEvidence) -> list[Finding]:
    """One finding per state in which some are still, longer than expected."""
    return [
        finding(
            model,
            "history.long_stay",
            row["over_still"],
            (entity,),
            owner=model.owner_of("history", "lifecycle", entity),
            entity=entity,
            state=row["state"],
            expected=row["expected"],
            back=row["over_back"],
        )
        for entity, stays in evidence.stays.items()
        for row in _durations(evidence, entity, stays)
        if row["over_still"]
    ]


def without_period_findings(model: Model, evidence: history.HistoryEvidence) -> list[Finding]:
    """One finding per entity of which some are in a state that depends on a period and never had
    one.
    """
    found = []
    for entity, without in evidence.without_period.items():
        period = history.period_state(model, entity)
        if period is None or not without:
            continue
        still = {
            row["state"]: row["still"]
            for row in _durations(evidence, entity, evidence.stays[entity])
        }
        states = [state for state in period.states if state in without]
        found.append(
            finding(
                model,
                "history.without_period",
                sum(without.values()),
                (entity,),
                owner=model.owner_of("history", "lifecycle", entity),
                entity=entity,
                states=states,
                of=sum(still[state] for state in states),
                event=period.event,
                first=period.state,
            )
        )
    return found
