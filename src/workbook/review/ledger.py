"""The sign-offs as they stand in the file: append-only, one verdict a line; a broken line is told and never lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

COLUMNS = ("id", "at", "by", "function", "statement", "verdict", "decision", "figure", "tolerance", "because")
VERDICTS = ("agree", "disagree")
_TOLERANCE = re.compile(r"\d+(\.\d+)?%?")
_FORMULA = "=+-@"
_BEGINS = re.compile(r"[^,\"]+,\d{4}-\d{2}-\d{2}")
_LONGEST = 20  # lines of one record


@dataclass(frozen=True)
class Signoff:
    """One verdict of one function on one statement; `figure` is the number that stood in it, None where there was none."""

    line: int
    id: str
    at: dt.datetime
    by: str
    function: str
    statement: str
    verdict: str
    decision: str
    figure: Decimal | None
    tolerance: str
    because: str


@dataclass(frozen=True)
class Broken:
    """One line that is no sign-off, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Ledger:
    """Everything that the file holds."""

    signoffs: tuple[Signoff, ...] = ()
    broken: tuple[Broken, ...] = ()


def read_ledger(path: Path) -> Ledger:
    """The sign-offs of a file, and its broken lines; a file that is not there holds nothing."""
    if not path.is_file():
        return Ledger()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Ledger((), (Broken(error.object[: error.start].count(b"\n") + 1, "the file is not UTF-8"),))
    return _read(text)


def _read(text: str) -> Ledger:
    signoffs: list[Signoff] = []
    broken: list[Broken] = []
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        return Ledger()
    if tuple(cell.strip() for cell in first[1]) != COLUMNS:
        return Ledger((), (Broken(first[0], f"the head is not {','.join(COLUMNS)}"),))
    ids: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        made = _signoff(line, cells)
        if isinstance(made, Signoff) and made.id in ids:
            made = Broken(line, f"id '{made.id}' stands in line {ids[made.id]} already")
        if isinstance(made, Broken):
            broken.append(made)
        else:
            ids[made.id] = line
            signoffs.append(made)
    return Ledger(tuple(signoffs), tuple(broken))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; a quote that is never closed takes no other line with it."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        taken, cells = _record(lines[at:])
        yield at + 1, cells
        at += taken


def _record(lines: list[str]) -> tuple[int, list[str]]:
    """The record that begins here, and how many lines it takes: several only where none of them begins a record itself."""
    for taken in range(1, min(len(lines), _LONGEST) + 1):
        if taken > 1 and _BEGINS.match(lines[taken - 1]):
            break
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
    except csv.Error as error:
        return [f"unreadable: {error}"]


def _signoff(line: int, cells: list[str]) -> Signoff | Broken:
    if len(cells) != len(COLUMNS):
        return Broken(line, f"it has {len(cells)} fields instead of {len(COLUMNS)}")
    row = {name: _stripped(cell) for name, cell in zip(COLUMNS, cells, strict=True)}
    empty = [name for name in ("id", "at", "by", "function", "statement", "verdict") if not row[name]]
    if empty:
        return Broken(line, f"its {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty")
    at = _moment(row["at"])
    if at is None:
        return Broken(line, f"'{row['at']}' is no time such as 2025-06-26T14:02:00Z")
    if row["verdict"] not in VERDICTS:
        return Broken(line, f"'{row['verdict']}' is no verdict; write agree or disagree")
    figure = _figure(row["figure"])
    if isinstance(figure, str):
        return Broken(line, f"'{figure}' is no number")
    if row["tolerance"] and not _TOLERANCE.fullmatch(row["tolerance"]):
        return Broken(line, f"'{row['tolerance']}' is no tolerance; write 0.5% or 10")
    return Signoff(
        line, row["id"], at, row["by"], row["function"], row["statement"], row["verdict"], row["decision"], figure,
        row["tolerance"], row["because"],
    )  # fmt: skip


def _stripped(cell: str) -> str:
    """The text without the mark that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA else text


def marked(text: str) -> str:
    """Text as it is written to the file: one that a spreadsheet would run gets a mark before it."""
    return f"'{text}" if text[:1] and text[0] in _FORMULA else text


def _moment(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at


def _figure(text: str) -> Decimal | str | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def append(path: Path, row: dict[str, str]) -> str:
    """Write one more line, with the next id, and give that id; no line that stands is touched."""
    taken = read_ledger(path)
    highest = max((int(each.id[1:]) for each in taken.signoffs if re.fullmatch(r"s\d+", each.id)), default=0)
    new = f"s{highest + len(taken.broken) + 1}"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.is_file() else b""
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not before:
            writer.writerow(COLUMNS)
        elif not before.endswith(b"\n"):
            file.write("\n")
        writer.writerow([marked(new if name == "id" else row.get(name, "")) for name in COLUMNS])
    return new
