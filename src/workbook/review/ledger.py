"""The sign-offs as they stand in the file: append-only, one verdict a line; a broken line is
told and never lost.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbook.model.csv_append import append_line
from workbook.model.csv_ledger import Broken, moment, read_lines

SIGNOFFS = "signoffs.csv"
_FIRST = (
    "id",
    "at",
    "by",
    "department",
    "statement",
    "verdict",
    "decision",
    "figure",
    "tolerance",
    "because",
)
_LATER = ("as_of", "says")  # a file that was begun before them is read, and goes on, without them
COLUMNS = (*_FIRST, *_LATER)
VERDICTS = ("agree", "disagree")
_TOLERANCE = re.compile(r"\d+(\.\d+)?%?")


@dataclass(frozen=True)
class Signoff:
    """One verdict of one department on one statement, and what it saw then.

    `figure` is the number that stood in the statement, None where there was none; `says` is the
    statement with its numbers and `as_of` the day of those, both empty where the line was
    written without them.
    """

    line: int
    id: str
    at: dt.datetime
    by: str
    department: str
    statement: str
    verdict: str
    decision: str
    figure: Decimal | None
    tolerance: str
    because: str
    as_of: dt.date | None = None
    says: str = ""


@dataclass(frozen=True)
class Ledger:
    """Everything that the file holds."""

    signoffs: tuple[Signoff, ...] = ()
    broken: tuple[Broken, ...] = ()


def read_ledger(path: Path) -> Ledger:
    """The sign-offs of a file, and its broken lines; a file that is not there holds nothing."""
    rows, broken = read_lines(path, _FIRST, more=_LATER)
    signoffs: list[Signoff] = []
    ids: dict[str, int] = {}
    for line, row in rows:
        made = _signoff(line, row)
        if isinstance(made, Signoff) and made.id in ids:
            made = Broken(line, f"id '{made.id}' stands in line {ids[made.id]} already")
        if isinstance(made, Broken):
            broken.append(made)
        else:
            ids[made.id] = line
            signoffs.append(made)
    return Ledger(tuple(signoffs), tuple(sorted(broken, key=lambda each: each.line)))


def _signoff(line: int, row: dict[str, str]) -> Signoff | Broken:
    empty = [
        name for name in ("id", "at", "by", "department", "statement", "verdict") if not row[name]
    ]
    if empty:
        return Broken(line, f"its {', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty")
    at = moment(row["at"])
    if at is None:
        return Broken(line, f"'{row['at']}' is no time such as 2025-06-26T14:02:00Z")
    if row["verdict"] not in VERDICTS:
        return Broken(line, f"'{row['verdict']}' is no verdict; write agree or disagree")
    figure = _figure(row["figure"])
    if isinstance(figure, str):
        return Broken(line, f"'{figure}' is no number")
    if row["tolerance"] and not _TOLERANCE.fullmatch(row["tolerance"]):
        return Broken(line, f"'{row['tolerance']}' is no tolerance; write 0.5% or 10")
    day = _day(row["as_of"])
    if isinstance(day, str):
        return Broken(line, f"'{day}' is no day such as 2025-06-30")
    return Signoff(
        line,
        row["id"],
        at,
        row["by"],
        row["department"],
        row["statement"],
        row["verdict"],
        row["decision"],
        figure,
        row["tolerance"],
        row["because"],
        day,
        row["says"],
    )


def _day(text: str) -> dt.date | str | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _figure(text: str) -> Decimal | str | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def append(path: Path, row: dict[str, str]) -> str:
    """Write one more line, and give its id; no line that stands is touched, and it is on the
    disk when this returns.

    Raises:
        WorkbookError: the file cannot be written, or none of it can be read.
    """
    return append_line(path, _FIRST, "s", row, more=_LATER)
