"""The sign-offs of the file: append-only, one verdict a line; a broken line is named and never
lost.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbook.model.csv_append import append_line
from workbook.model.csv_ledger import Broken, moment, read_lines
from workbook.words import words_of

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
class SignoffLedger:
    """Everything that the file holds."""

    signoffs: tuple[Signoff, ...] = ()
    broken: tuple[Broken, ...] = ()


def read_ledger(path: Path) -> SignoffLedger:
    """The sign-offs of a file, and its broken lines; a file that is not there holds nothing."""
    rows, broken = read_lines(path, _FIRST, more=_LATER)
    signoffs: list[Signoff] = []
    ids: dict[str, int] = {}
    for line, row in rows:
        signed = _signoff(line, row)
        if isinstance(signed, Signoff) and signed.id in ids:
            signed = _broken(line, "repeated", text=signed.id, line=ids[signed.id])
        if isinstance(signed, Broken):
            broken.append(signed)
        else:
            ids[signed.id] = line
            signoffs.append(signed)
    return SignoffLedger(tuple(signoffs), tuple(sorted(broken, key=lambda item: item.line)))


def _signoff(line: int, row: dict[str, str]) -> Signoff | Broken:
    empty = [
        name for name in ("id", "at", "by", "department", "statement", "verdict") if not row[name]
    ]
    if empty:
        return _broken(line, "empty", columns=empty)
    at = moment(row["at"])
    if at is None:
        return _broken(line, "time", text=row["at"])
    if row["verdict"] not in VERDICTS:
        return _broken(line, "verdict", text=row["verdict"])
    figure = _figure(row["figure"])
    if isinstance(figure, str):
        return _broken(line, "number", text=figure)
    if row["tolerance"] and not _TOLERANCE.fullmatch(row["tolerance"]):
        return _broken(line, "tolerance", text=row["tolerance"])
    day = _day(row["as_of"])
    if isinstance(day, str):
        return _broken(line, "day", text=day)
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


def _broken(at: int, reason: str, **values: object) -> Broken:
    """A line that is no sign-off, and why."""
    return Broken(at, words_of("review").text(f"line.{reason}", **values))


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
