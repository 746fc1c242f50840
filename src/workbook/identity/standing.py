"""Which decisions stand: not taken back, about records that exist, the newest word of each person, and undisputed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import polars as pl

from workbook.engine import Function
from workbook.identity.ledger import Decision

VERSION = 1
DISPUTED, GONE, CIRCLE = "disputed", "a record is gone", "it undoes itself in a circle"
STANDING = {
    "id": pl.String,
    "line": pl.Int64,
    "at": pl.Datetime("us"),
    "by": pl.String,
    "left_record": pl.String,
    "right_record": pl.String,
    "verdict": pl.String,
    "stands": pl.Boolean,
    "state": pl.String,
}


def decisions_function(entity: str, decisions: Sequence[Decision]) -> Function:
    """The decisions about one entity as a table; what they say is part of its recipe."""
    digest = sha256("\n".join(map(repr, sorted(decisions, key=lambda each: each.id))).encode()).hexdigest()
    records = f"{entity}__records"
    return Function(
        "standing_decisions", VERSION, partial(_call, tuple(decisions)), (records,), {"records": records, "decisions": digest},
        columns={**dict.fromkeys(STANDING, ()), "left_record": (f"{records}.record",), "right_record": (f"{records}.record",)},
    )  # fmt: skip


def _call(decisions: Sequence[Decision], inputs: Mapping[str, Any], params: Mapping[str, Any]) -> pl.DataFrame:
    return standing(decisions, set(inputs[params["records"]]["record"]))


def standing(decisions: Sequence[Decision], records: Collection[str]) -> pl.DataFrame:
    """One row per decision, with whether it stands and in which state it is.

    Where two people contradict each other, the pair stays apart until they agree, because a wrong merge costs more
    than a missed one: `different` stands, `same` does not, and both rows are `disputed`.
    """
    states = _taken_back(decisions)
    for each in decisions:
        if each.id not in states and each.verdict != "undo" and not {each.left, each.right} <= set(records):
            states[each.id] = GONE
    pairs: dict[tuple[str, str], list[Decision]] = {}
    for each in decisions:
        if each.id not in states and each.verdict in ("same", "different", "unsure"):
            pairs.setdefault((each.left, each.right), []).append(each)
    for said in pairs.values():
        states.update(_of_pair(said))
    rows = [
        (d.id, d.line, d.at, d.by, d.left or None, d.right or None, d.verdict, _stands(d, states), states.get(d.id, "an undo"))
        for d in sorted(decisions, key=lambda d: d.id)
    ]
    return pl.DataFrame(rows, schema=STANDING, orient="row")


def _stands(decision: Decision, states: Mapping[str, str]) -> bool:
    state = states.get(decision.id)
    return state == "stands" or (state == DISPUTED and decision.verdict == "different")


def _taken_back(decisions: Sequence[Decision]) -> dict[str, str]:
    """Decisions that an undo takes back, unless the undo is itself taken back; undos that go in a circle take back nothing."""
    undone_by: dict[str, list[Decision]] = {}
    ordered = sorted(decisions, key=lambda each: each.id)
    for each in ordered:
        if each.undoes:
            undone_by.setdefault(each.undoes, []).append(each)
    holds: dict[str, bool] = {}
    circled: set[str] = set()
    for start in ordered:
        path = [start.id]
        while path:
            here = path[-1]
            waiting = [undo.id for undo in undone_by.get(here, ()) if undo.id not in holds]
            if here in holds or not waiting:
                holds.setdefault(here, not any(holds[undo.id] and undo.id not in circled for undo in undone_by.get(here, ())))
                path.pop()
            elif waiting[0] in path:
                ring = path[path.index(waiting[0]) :]
                circled.update(ring)
                holds.update(dict.fromkeys(ring, False))
            else:
                path.append(waiting[0])
    states = {each.id: "taken back" for each in decisions if not holds[each.id]}
    return states | dict.fromkeys(circled, CIRCLE)


def _of_pair(said: Sequence[Decision]) -> dict[str, str]:
    """What becomes of everything that was said of one pair and not taken back."""
    newest: dict[str, Decision] = {}
    for each in sorted(said, key=lambda d: (d.at, d.id)):
        newest[each.by] = each
    final = [each for each in newest.values() if each.verdict != "unsure"]
    states = {each.id: "a later word of the same person" for each in said}
    states.update({each.id: "unsure" for each in newest.values()})
    disputed = len({each.verdict for each in final}) > 1
    first = min(final, key=lambda d: (d.at, d.id), default=None)
    for each in final:
        states[each.id] = DISPUTED if disputed else "stands" if each is first else "agrees with another"
    return states
