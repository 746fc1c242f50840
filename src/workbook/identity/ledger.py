"""Review decisions as they stand in the file: append-only, one pair a line; a broken line is told and never lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("id", "at", "by", "entity", "left_record", "right_record", "verdict", "band", "pattern", "evidence", "undoes", "because")
VERDICTS = ("same", "different", "unsure", "undo")
_FORMULA = "=+-@"
_LONGEST = 20  # lines of one record


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
class Broken:
    """One line that is no decision, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Ledger:
    """Everything that the file holds."""

    decisions: tuple[Decision, ...] = ()
    broken: tuple[Broken, ...] = ()


def read_ledger(path: Path) -> Ledger:
    """The decisions of a file, and its broken lines; a file that is not there holds nothing."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Ledger()
    except UnicodeDecodeError as error:
        return Ledger((), (Broken(error.object[: error.start].count(b"\n") + 1, "the file is not UTF-8"),))
    rows = _records(text)
    first = next(rows, None)
    if first is None:
        return Ledger()
    if tuple(cell.strip() for cell in first[1]) != COLUMNS:
        return Ledger((), (Broken(first[0], f"the head is not {','.join(COLUMNS)}"),))
    return _sorted_out([_decision(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)])


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


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; a quote that is never closed takes no other line with it."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        taken, cells = _record(lines[at : at + _LONGEST])
        yield at + 1, cells
        at += taken


def _record(lines: list[str]) -> tuple[int, list[str]]:
    """The record that begins here, and how many lines it takes: several only where together they are a whole one."""
    for taken in range(1, len(lines) + 1):
        joined = "\n".join(lines[:taken])
        if joined.count('"') % 2 == 0:
            cells = _cells(joined)
            if taken == 1 or len(cells) == len(COLUMNS):
                return taken, cells
            break
    return 1, _cells(lines[0])


def _cells(record: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(record)), [])
    except csv.Error:
        return ["unreadable"]


def _decision(line: int, cells: list[str]) -> Decision | Broken:
    if len(cells) != len(COLUMNS):
        return Broken(line, f"it has {len(cells)} fields instead of {len(COLUMNS)}")
    row = {name: _plain(cell) for name, cell in zip(COLUMNS, cells, strict=True)}
    verdict = row["verdict"] or ("undo" if row["undoes"] else "")
    needed = ("id", "at", "by", "entity", "undoes") if verdict == "undo" else ("id", "at", "by", "entity", "left_record", "right_record", "verdict")
    empty = [name for name in needed if not row[name]]
    if empty:
        return Broken(line, f"its {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty")
    if verdict not in VERDICTS:
        return Broken(line, f"its verdict is none of {', '.join(VERDICTS)}")
    at = _moment(row["at"])
    if at is None:
        return Broken(line, "its `at` is no time such as 2025-06-26T14:02:00Z")
    left, right = sorted((row["left_record"], row["right_record"]))
    if verdict != "undo" and left == right:
        return Broken(line, "it compares a record with itself")
    return Decision(line, row["id"], at, row["by"], row["entity"], left, right, verdict, row["undoes"])


def _plain(cell: str) -> str:
    """The text without the mark that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA else text


def _moment(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at
