"""Suggested pairs as text in, the tables of one entity out: suggestions by hand, decisions and
sign-offs as in the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from rows_in import ENTITY, METHODS, Resolved, built

from workbook.engine import Function, Plan, Table
from workbook.identity import entity_tables
from workbook.identity.match_ledger import MatchDecision
from workbook.identity.evidence_digest import digests
from workbook.model.schema import EntityIdentity

WEIGHTS = "abc123"
SUGGESTIONS = {
    "left_record": pl.String,
    "right_record": pl.String,
    "left_root": pl.String,
    "right_root": pl.String,
    "score": pl.Float64,
    "weight": pl.Float64,
    "band": pl.String,
    "pattern": pl.String,
    "evidence": pl.String,
}
EVIDENCE = {
    "left_record": pl.String,
    "right_record": pl.String,
    "attribute": pl.String,
    "level": pl.Int64,
    "says": pl.String,
    "weight": pl.Float64,
}
COMPARED = {"name": "company_name", "domain": "domain"}


def pairs_of(
    text: str, records: pl.DataFrame, compared: Mapping[str, str] = COMPARED
) -> pl.DataFrame:
    """`left right band pattern…` lines as a frame of suggestions, with the digests that a
    reviewer would see.
    """
    lines = [line.split(maxsplit=3) for line in text.strip().splitlines()]
    seen = digests(
        records.rename({"record": "_record"}),
        compared,
        [(left, right) for left, right, _, _ in lines],
    )
    rows = [
        (
            left,
            right,
            left,
            right,
            round(0.99 - n / 100, 6),
            round(9.0 - n, 2),
            band,
            pattern,
            seen[left, right],
        )
        for n, (left, right, band, pattern) in enumerate(lines)
    ]
    return pl.DataFrame(rows, schema=SUGGESTIONS, orient="row")


def evidence_of(suggestions: pl.DataFrame) -> pl.DataFrame:
    """For each suggestion a prior and what its name says; together they make its weight."""
    rows = []
    for left, right, weight in suggestions.select(
        "left_record", "right_record", "weight"
    ).iter_rows():
        rows += [
            (left, right, None, None, None, -4.0),
            (left, right, "name", 2, "close", round(weight + 4.0, 2)),
        ]
    return pl.DataFrame(rows, schema=EVIDENCE, orient="row")


def resolve(
    records: pl.DataFrame,
    spec: Mapping[str, Any],
    suggestions: pl.DataFrame,
    decisions: Sequence[MatchDecision] = (),
    registry: Path | None = None,
    weights: str = WEIGHTS,
) -> Resolved:
    """Every table of identity over these records and suggestions."""
    said = EntityIdentity.model_validate(spec)
    compared = {name for rule in said.rules for name in rule.match} | set(said.never_merge)
    given = {
        "records": (records.rename({"record": "_record"}), ("_record",)),
        "suggestions": (suggestions, ("left_record", "right_record")),
    }
    source, *suggested = (
        Table(
            f"{ENTITY}__{word}",
            "one row",
            "test",
            keys=keys,
            function=Function("given", 1, lambda inputs, params, frame=frame: frame),
        )
        for word, (frame, keys) in given.items()
    )
    methods = {name: METHODS[name] for name in records.columns if name in compared}
    made = entity_tables(
        ENTITY,
        said,
        methods=methods,
        decisions=decisions,
        registry=registry,
        suggestions=suggested,
        seen=COMPARED,
        weights=weights,
    )
    return Resolved(built(Plan([source, *made])))


def word(
    number: int,
    about: str,
    verdict: str = "same",
    by: str = "ann",
    evidence: str = "",
    weights: str = WEIGHTS,
    undoes: str = "",
) -> MatchDecision:
    """A line of the file about `left,right`, `pattern: words` or `band: name`; a sign-off rests
    on a sample of two.
    """
    at = dt.datetime(2025, 1, 1) + dt.timedelta(minutes=number)
    head = (number + 2, f"m{number}", at, by, ENTITY)
    stated = f"sample=2 errors=0 bound=0.777 of=2 weights={weights}"
    if undoes:
        return MatchDecision(*head, "", "", "undo", undoes)
    if about.startswith("pattern: "):
        return MatchDecision(
            *head, "", "", verdict, "", "", about.removeprefix("pattern: "), stated
        )
    if about.startswith("band: "):
        return MatchDecision(*head, "", "", verdict, "", about.removeprefix("band: "), "", stated)
    left, right = sorted(about.split(","))
    return MatchDecision(*head, left, right, verdict, "", evidence=evidence)


def waiting(made: Resolved) -> list[str]:
    """What waits, as `left,right`."""
    return [
        f"{left},{right}" for left, right in made.rows("waiting", "left_record", "right_record")
    ]
