"""Which decisions stand: not taken back, about what they were said of, the newest word of each
person, and undisputed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import polars as pl

from workbook.engine import Function
from workbook.identity.evidence_digest import digests
from workbook.identity.match_ledger import BAND, PAIR, PATTERN, UNDO, MatchDecision

VERSION = 2
DISPUTED, GONE, CIRCLE = "disputed", "a record is gone", "it undoes itself in a circle"
CHANGED, OTHER_WEIGHTS = "changed", "other weights"
STANDS, TAKEN_BACK, UNSURE = "stands", "taken back", "unsure"
REPLACED, AGREES = "a later word of the same person", "agrees with another"
WITHDRAWAL = "an undo"
STANDING = {
    "id": pl.String,
    "line": pl.Int64,
    "at": pl.Datetime("us"),
    "by": pl.String,
    "kind": pl.String,
    "left_record": pl.String,
    "right_record": pl.String,
    "pattern": pl.String,
    "band": pl.String,
    "verdict": pl.String,
    "stands": pl.Boolean,
    "state": pl.String,
    "version": pl.String,
    "evidence": pl.String,
}


def decisions_function(
    entity: str,
    decisions: Sequence[MatchDecision],
    compared: Mapping[str, str] | None = None,
    weights: str = "",
) -> Function:
    """The decisions about one entity as a table; what they say is part of its recipe.

    `compared` are the attributes that suggestions compare, each with its normaliser, and
    `weights` names the weights under which pairs are suggested now.
    """
    digest = sha256(
        "\n".join(map(repr, sorted(decisions, key=lambda each: each.id))).encode()
    ).hexdigest()
    records, compared = f"{entity}__records", dict(compared or {})
    params = {"records": records, "decisions": digest, "compared": compared, "weights": weights}
    columns = {
        **dict.fromkeys(STANDING, ()),
        "left_record": (f"{records}._record",),
        "right_record": (f"{records}._record",),
    }
    columns["state"] = tuple(f"{records}.{name}" for name in compared)
    only = {records: ("_record", *sorted(compared))}
    return Function(
        "standing_decisions",
        VERSION,
        partial(_call, tuple(decisions)),
        (records,),
        params,
        columns=columns,
        only=only,
    )


def _call(
    decisions: Sequence[MatchDecision], inputs: Mapping[str, Any], params: Mapping[str, Any]
) -> pl.DataFrame:
    if not decisions:
        return pl.DataFrame(schema=STANDING)
    named = pl.Series(
        "_record",
        [record for each in decisions for record in (each.left, each.right)],
        dtype=pl.String,
    ).unique()
    records = inputs[params["records"]].join(named.to_frame(), on="_record", how="semi")
    pairs = sorted({(each.left, each.right) for each in decisions if each.seen})
    now = digests(records, params["compared"], pairs) if params["compared"] else {}
    return standing(decisions, set(records["_record"]), now, params["weights"])


def standing(
    decisions: Sequence[MatchDecision],
    records: Collection[str],
    now: Mapping[tuple[str, str], str] | None = None,
    weights: str = "",
) -> pl.DataFrame:
    """One row per decision, with whether it stands and in which state it is.

    Where two people contradict each other, the pair stays apart until they agree, because a
    wrong merge costs more than a missed one: `different` stands, `same` does not, and both rows
    are `disputed`. A pair whose values (`now`, by pair) are not those that were seen is
    `changed`: it decides nothing and waits again. So does a sign-off that was given under other
    weights, because its pattern or band holds other pairs now.
    """
    states = taken_back(decisions)
    states |= {
        each.id: state
        for each in decisions
        if each.id not in states and (state := _outdated(each, records, now or {}, weights))
    }
    subjects: dict[tuple[str, str, str], list[MatchDecision]] = {}
    for decision in decisions:
        if decision.id not in states and decision.kind != UNDO:
            subjects.setdefault(decision.about, []).append(decision)
    for subject in subjects.values():
        states.update(_of_one(subject))
    rows = [
        (
            d.id,
            d.line,
            d.at,
            d.by,
            d.kind,
            d.left or None,
            d.right or None,
            d.pattern or None,
            d.band or None,
            d.verdict,
            _stands(d, states),
            states.get(d.id, WITHDRAWAL),
            _version(d),
            _evidence(d),
        )
        for d in sorted(decisions, key=lambda d: d.id)
    ]
    return pl.DataFrame(rows, schema=STANDING, orient="row")


def _outdated(
    decision: MatchDecision,
    records: Collection[str],
    now: Mapping[tuple[str, str], str],
    weights: str,
) -> str:
    if decision.kind == PAIR:
        if decision.left not in records or decision.right not in records:
            return GONE
        return (
            CHANGED
            if decision.seen
            and now.get((decision.left, decision.right), decision.seen) != decision.seen
            else ""
        )
    return OTHER_WEIGHTS if decision.stated and decision.stated.weights != weights else ""


def _version(decision: MatchDecision) -> str | None:
    """What a link made by it names as its version: the decision itself; of a sign-off, what was
    signed and the weights.
    """
    if decision.kind in (PATTERN, BAND) and decision.stated:
        return sha256(
            (
                f"{decision.kind}\0{decision.pattern}\0{decision.band}\0{decision.stated.weights}"
            ).encode()
        ).hexdigest()[:8]
    return decision.id if decision.kind == PAIR else None


def _evidence(decision: MatchDecision) -> str | None:
    """The words that a link made by it gives as evidence."""
    stated = decision.stated
    if stated is None:
        return f"decision {decision.id}" if decision.kind == PAIR else None
    errors = (
        "no error"
        if not stated.errors
        else "1 error"
        if stated.errors == 1
        else f"{stated.errors} errors"
    )
    return (
        f"sign-off {decision.id}: {errors} in a sample of {stated.sample}, at most "
        f"{stated.bound} of"
        f" {stated.of} wrong"
    )


def _stands(decision: MatchDecision, states: Mapping[str, str]) -> bool:
    state = states.get(decision.id)
    return state == STANDS or (state == DISPUTED and decision.verdict == "different")


def taken_back(decisions: Sequence[MatchDecision]) -> dict[str, str]:
    """The state of each decision that an undo takes back, unless the undo is itself taken back;
    undos that go in a circle take back nothing.
    """
    undone_by: dict[str, list[MatchDecision]] = {}
    ordered = sorted(decisions, key=lambda each: each.id)
    for item in ordered:
        if item.undoes:
            undone_by.setdefault(item.undoes, []).append(item)
    holds: dict[str, bool] = {}
    circled: set[str] = set()
    for start in ordered:
        path = [start.id]
        while path:
            here = path[-1]
            waiting = [undo.id for undo in undone_by.get(here, ()) if undo.id not in holds]
            if here in holds or not waiting:
                holds.setdefault(
                    here,
                    not any(
                        holds[undo.id] and undo.id not in circled
                        for undo in undone_by.get(here, ())
                    ),
                )
                path.pop()
            elif waiting[0] in path:
                ring = path[path.index(waiting[0]) :]
                circled.update(ring)
                holds.update(dict.fromkeys(ring, False))
            else:
                path.append(waiting[0])
    states = {each.id: TAKEN_BACK for each in decisions if not holds[each.id]}
    return states | dict.fromkeys(circled, CIRCLE)


def _of_one(decisions: Sequence[MatchDecision]) -> dict[str, str]:
    """What becomes of everything that was said of one pair, pattern or band and not taken back."""
    newest: dict[str, MatchDecision] = {}
    for each in sorted(decisions, key=lambda d: (d.at, d.id)):
        newest[each.by] = each
    final = [each for each in newest.values() if each.verdict != "unsure"]
    states = {each.id: REPLACED for each in decisions}
    states.update({each.id: UNSURE for each in newest.values()})
    disputed = len({each.verdict for each in final}) > 1
    first = min(final, key=lambda d: (d.at, d.id), default=None)
    for each in final:
        states[each.id] = DISPUTED if disputed else STANDS if each is first else AGREES
    return states
