"""Decisions that people add line by line: append-only CSV files, read so that a broken line is told and never lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FORMULA = "=+-@"
_BEGINS = re.compile(r"[^,\"]+,\d{4}-\d{2}-\d{2}")  # an id and a time: a line that begins a record
_ENDS = re.compile("\r\n?")  # other signs that end a line for Python may stand in a key
_LONGEST = 20  # lines of one record


@dataclass(frozen=True)
class Broken:
    """One line that decides nothing, and why; `whole` where nothing in its file can be read because of it."""

    line: int
    why: str
    whole: bool = False


Row = tuple[int, dict[str, str]]  # the line on which it begins, and its cells by column, as plain text


def read_lines(path: Path, columns: tuple[str, ...]) -> tuple[list[Row], list[Broken]]:
    """The whole rows of a file, and what is wrong with the others; a file that is not there holds nothing."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], []
    except UnicodeDecodeError as error:
        return [], [Broken(error.object[: error.start].count(b"\n") + 1, "the file is not UTF-8", whole=True)]
    records = _records(text, len(columns))
    first = next(records, None)
    if first is None:
        return [], []
    if tuple(cell.strip() for cell in first[1]) != columns:
        return [], [Broken(first[0], f"the head is not {','.join(columns)}", whole=True)]
    rows: list[Row] = []
    broken: list[Broken] = []
    for line, cells in records:
        if len(cells) == len(columns):
            rows.append((line, {name: _plain(cell) for name, cell in zip(columns, cells, strict=True)}))
        elif any(cell.strip() for cell in cells):
            broken.append(Broken(line, f"it has {len(cells)} {'field' if len(cells) == 1 else 'fields'} instead of {len(columns)}"))
    return [row for row in rows if any(row[1].values())], broken


def moment(text: str) -> dt.datetime | None:
    """A time such as 2025-06-26T14:02:00Z, in UTC; None where it is none."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at


def marked(text: str) -> str:
    """Text as it is written to a file: one that a spreadsheet would run gets a mark before it."""
    return f"'{text}" if text[:1] and text[0] in _FORMULA else text


def _plain(cell: str) -> str:
    """The text without the mark that keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA else text


def _records(text: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; a quote that is never closed takes no other line with it."""
    lines = _ENDS.sub("\n", text).removesuffix("\n").split("\n") if text else []
    at = 0
    while at < len(lines):
        taken, cells = _record(lines[at : at + _LONGEST], width)
        yield at + 1, cells
        at += taken


def _record(lines: list[str], width: int) -> tuple[int, list[str]]:
    """The record that begins here, and how many lines it takes: several only where none of them begins a record itself."""
    for taken in range(1, len(lines) + 1):
        if taken > 1 and _BEGINS.match(lines[taken - 1]):
            break
        joined = "\n".join(lines[:taken])
        if joined.count('"') % 2 == 0:
            cells = _cells(joined)
            if taken == 1 or len(cells) == width:
                return taken, cells
            break
    return 1, _cells(lines[0])


def _cells(record: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(record)), [])
    except csv.Error:
        return ["unreadable"]
