"""Review decisions as they stand in the file: append-only, one word a line; a broken line is
told and never lost.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbook.model.csv_ledger import Broken, moment, read_lines
from workbook.model.ledger_errors import hinted
from workbook.words import words_of

_WORDS = words_of("errors/identity")

COLUMNS = (
    "id",
    "at",
    "by",
    "entity",
    "left_record",
    "right_record",
    "verdict",
    "band",
    "pattern",
    "evidence",
    "undoes",
    "because",
)
VERDICTS = ("same", "different", "unsure", "undo")
PAIR, PATTERN, BAND, UNDO = "pair", "pattern", "band", "undo"
_STATED = re.compile(r"sample=(\d+) errors=(\d+) bound=([01](?:\.\d+)?) of=(\d+) weights=(\w+)")
_DIGEST = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class MatchDecision:
    """What one person said of one pair of records (lower key first), of a pattern or of a band
    of suggestions; or which earlier line it takes back (`undo`).

    Of a pair, `band` and `pattern` are those under which it was seen, and `evidence` is the
    digest of its values then. A pattern with a band means the suggestions of the pattern in
    that band.
    """

    line: int
    id: str
    at: dt.datetime
    by: str
    entity: str
    left: str
    right: str
    verdict: str
    undoes: str
    band: str = ""
    pattern: str = ""
    evidence: str = ""

    @property
    def kind(self) -> str:
        """What it is about: a pair, a pattern, a band, or another line (undo)."""
        if self.verdict == "undo":
            return UNDO
        return PAIR if self.left else PATTERN if self.pattern else BAND

    @property
    def about(self) -> tuple[str, str, str]:
        """What it decides, as a key: two words on the same thing have the same one."""
        return (
            (PAIR, self.left, self.right)
            if self.kind == PAIR
            else (self.kind, self.pattern, self.band)
        )

    @property
    def seen(self) -> str:
        """The digest of the pair's values that the reviewer saw; empty where the line states
        none.
        """
        return self.evidence if self.kind == PAIR and _DIGEST.fullmatch(self.evidence) else ""

    @property
    def stated(self) -> SampleEvidence | None:
        """What a sign-off depends on."""
        found = _STATED.fullmatch(self.evidence) if self.kind in (PATTERN, BAND) else None
        return (
            SampleEvidence(int(found[1]), int(found[2]), found[3], int(found[4]), found[5])
            if found
            else None
        )


@dataclass(frozen=True)
class SampleEvidence:
    """What a sign-off depends on: pairs judged, errors among them, the share of errors that the
    whole (`of` pairs) has at most, and the weights under which the pairs were suggested.
    """

    sample: int
    errors: int
    bound: str
    of: int
    weights: str

    def __str__(self) -> str:
        return (
            f"sample={self.sample} errors={self.errors} bound={self.bound} of={self.of}"
            f" weights={self.weights}"
        )


@dataclass(frozen=True)
class MatchLedger:
    """Everything that the file holds."""

    decisions: tuple[MatchDecision, ...] = ()
    broken: tuple[Broken, ...] = ()


def read_ledger(path: Path, unwritten: Sequence[Mapping[str, str]] = ()) -> MatchLedger:
    """The decisions of a file, and its broken lines; a file that is not there holds nothing.

    `unwritten` are further rows, as if they stood at the end of the file: what a preview adds.

    Raises:
        DataError: something of this name is there and cannot be read at all.
    """
    rows, broken = read_lines(path, COLUMNS)
    rows = [*rows, *((0, {name: row.get(name, "") for name in COLUMNS}) for row in unwritten)]
    return _sorted_out(
        sorted([*broken, *(_decision(line, row) for line, row in rows)], key=lambda item: item.line)
    )


def _sorted_out(rows: list[MatchDecision | Broken]) -> MatchLedger:
    """Decisions apart from broken lines; an id that stands twice means neither, since nobody
    knows which one an undo meant.

    A line that two branches brought along stands twice word for word; then there is no doubt,
    and the first counts.
    """
    said: dict[str, list[MatchDecision]] = {}
    for row in rows:
        if isinstance(row, MatchDecision):
            said.setdefault(row.id, []).append(row)
    known = {
        item: found[0]
        for item, found in said.items()
        if all(replace(other, line=0) == replace(found[0], line=0) for other in found)
    }
    decisions: list[MatchDecision] = []
    broken: list[Broken] = []
    for row in rows:
        why = "" if isinstance(row, Broken) else _doubtful(row, said, known)
        if isinstance(row, Broken):
            broken.append(row)
        elif why:
            broken.append(Broken(row.line, why))
        else:
            decisions.append(row)
    return MatchLedger(tuple(decisions), tuple(broken))


def _why(name: str, **values: Any) -> str:
    return _WORDS.text(f"broken_line.{name}", **values)


def _doubtful(
    row: MatchDecision,
    said: Mapping[str, Sequence[MatchDecision]],
    known: Mapping[str, MatchDecision],
) -> str:
    """What is wrong with a line beside the others; nothing where all is well."""
    if row.id not in known:
        others = [str(other.line) for other in said[row.id] if other.line != row.line]
        return _why("repeated_id", lines=", ".join(others))
    if row != known[row.id]:
        return _why("repeats", line=str(known[row.id].line))
    if row.undoes and row.undoes not in known:
        return (
            _why("undoes_two")
            if row.undoes in said
            else hinted(_why("undoes_none"), row.undoes, known)
        )
    if row.undoes and known[row.undoes].entity != row.entity:
        return _why("undoes_another", line=str(known[row.undoes].line))
    return ""


def _decision(line: int, row: dict[str, str]) -> MatchDecision | Broken:
    verdict = row["verdict"] or ("undo" if row["undoes"] else "")
    # of a pattern or a band
    whole = not (row["left_record"] or row["right_record"]) and bool(row["pattern"] or row["band"])
    about = (
        ("undoes",)
        if verdict == "undo"
        else ("verdict",)
        if whole
        else ("left_record", "right_record", "verdict")
    )
    empty = [name for name in ("id", "at", "by", "entity", *about) if not row[name]]
    if empty:
        return Broken(line, _why("empty", names=", ".join(empty), several=len(empty) > 1))
    if verdict not in VERDICTS:
        return Broken(
            line, hinted(_why("verdict", verdicts=", ".join(VERDICTS)), verdict, VERDICTS)
        )
    at = moment(row["at"])
    if at is None:
        return Broken(line, _why("time"))
    left, right = sorted((row["left_record"], row["right_record"]))
    result = MatchDecision(
        line,
        row["id"],
        at,
        row["by"],
        row["entity"],
        left,
        right,
        verdict,
        row["undoes"],
        row["band"],
        row["pattern"],
        row["evidence"],
    )
    wrong = _wrong(result)
    return Broken(line, wrong) if wrong else result


def _wrong(decision: MatchDecision) -> str:
    if decision.kind == PAIR and decision.left == decision.right:
        return _why("itself")
    if decision.kind == PAIR and decision.evidence and not decision.seen:
        return _why("digest")
    if decision.kind in (PATTERN, BAND):
        if decision.verdict == "unsure":
            return _why("unsure", kind=decision.kind)
        if decision.stated is None:
            return _why("sample", kind=decision.kind)
    return ""
