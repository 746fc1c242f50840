"""Review decisions as they stand in the file: append-only, one pair a line; a broken line is told and never lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from workbook.model.lines import Broken, moment, read_lines

COLUMNS = ("id", "at", "by", "entity", "left_record", "right_record", "verdict", "band", "pattern", "evidence", "undoes", "because")
VERDICTS = ("same", "different", "unsure", "undo")


@dataclass(frozen=True)
class Decision:
    """What one person said of one pair of records, lower key first; or which earlier line it takes back (`undo`)."""

    line: int
    id: str
    at: dt.datetime
    by: str
    entity: str
    left: str
    right: str
    verdict: str
    undoes: str


@dataclass(frozen=True)
class Ledger:
    """Everything that the file holds."""

    decisions: tuple[Decision, ...] = ()
    broken: tuple[Broken, ...] = ()


def read_ledger(path: Path) -> Ledger:
    """The decisions of a file, and its broken lines; a file that is not there holds nothing."""
    rows, broken = read_lines(path, COLUMNS)
    return _sorted_out(sorted([*broken, *(_decision(line, row) for line, row in rows)], key=lambda each: each.line))


def _sorted_out(rows: list[Decision | Broken]) -> Ledger:
    """Decisions apart from broken lines; an id that stands twice means neither, since nobody knows which one an undo meant."""
    lines: dict[str, list[int]] = {}
    for row in rows:
        if isinstance(row, Decision):
            lines.setdefault(row.id, []).append(row.line)
    known = {each: found for each, found in lines.items() if len(found) == 1}
    decisions: list[Decision] = []
    broken: list[Broken] = []
    for row in rows:
        if isinstance(row, Broken):
            broken.append(row)
        elif row.id not in known:
            others = [str(line) for line in lines[row.id] if line != row.line]
            broken.append(Broken(row.line, f"its id stands in line {', '.join(others)} too"))
        elif row.undoes and row.undoes not in known:
            broken.append(Broken(row.line, "it undoes an id that no line has"))
        else:
            decisions.append(row)
    return Ledger(tuple(decisions), tuple(broken))


def _decision(line: int, row: dict[str, str]) -> Decision | Broken:
    verdict = row["verdict"] or ("undo" if row["undoes"] else "")
    needed = ("id", "at", "by", "entity", "undoes") if verdict == "undo" else ("id", "at", "by", "entity", "left_record", "right_record", "verdict")
    empty = [name for name in needed if not row[name]]
    if empty:
        return Broken(line, f"its {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty")
    if verdict not in VERDICTS:
        return Broken(line, f"its verdict is none of {', '.join(VERDICTS)}")
    at = moment(row["at"])
    if at is None:
        return Broken(line, "its `at` is no time such as 2025-06-26T14:02:00Z")
    left, right = sorted((row["left_record"], row["right_record"]))
    if verdict != "undo" and left == right:
        return Broken(line, "it compares a record with itself")
    return Decision(line, row["id"], at, row["by"], row["entity"], left, right, verdict, row["undoes"])
