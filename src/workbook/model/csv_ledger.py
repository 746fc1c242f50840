"""Decisions that people add line by line: append-only CSV files, read so that a broken line is
told and never lost.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import DataError
from workbook.model.format_versions import column_of
from workbook.model.ledger_errors import NOT_UTF_8, UTF_16, unfinished_merge, wrong_head
from workbook.words import error_of

_FORMULA = "=+-@"
_BEGINS = re.compile(r"[^,\"]+,\d{4}-\d{2}-\d{2}")  # an id and a time: a line that begins a record
_ENDS = re.compile("\r\n?")  # other signs that end a line for Python may stand in a key
_LONGEST = 20  # lines of one record
_WIDEST = 100_000  # characters of one cell, whatever others allow their readers
_UNREADABLE = "unreadable"  # the one cell of a record that is none
_ANY = range(2, 1_000)  # how many cells a record of an unknown table may have
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CUT = re.compile(r"[,;\t]")


@dataclass(frozen=True)
class Broken:
    """One line that decides nothing, and why; `whole` where nothing in its file can be read
    because of it.
    """

    line: int
    why: str
    whole: bool = False


# the line on which it begins, and its cells by column, as plain text
Row = tuple[int, dict[str, str]]


def read_lines(
    path: Path, columns: tuple[str, ...], *, more: tuple[str, ...] = ()
) -> tuple[list[Row], list[Broken]]:
    """The whole rows of a file, and what is wrong with the others; an absent file holds nothing.

    `more` are columns that came later: a head and a line may end before them.

    Raises:
        DataError: something of this name is there and cannot be read at all.
    """
    try:
        text = _bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        return [], []
    except UnicodeDecodeError as error:
        why = UTF_16 if error.object.startswith(_UTF_16) else NOT_UTF_8
        return [], [Broken(error.object[: error.start].count(b"\n") + 1, why, whole=True)]
    lines = _lines(text)
    records = _records(lines, range(len(columns), len(columns) + len(more) + 1))
    first = next(records, None)
    if first is None:
        return [], []
    head = tuple(column_of(path.name, cell.strip()) for cell in first[1])
    if head[: len(columns)] != columns or head != (*columns, *more)[: len(head)]:
        below = sum(1 for line in lines[first[0] :] if line.strip(",; \t"))
        why = unfinished_merge(lines[0]) or wrong_head(
            lines[first[0] - 1], (*columns, *more), below
        )
        return [], [Broken(first[0], why, whole=True)]
    return _whole_rows(records, lines, columns, more)


def _whole_rows(
    records: Iterator[tuple[int, list[str]]],
    lines: Sequence[str],
    columns: tuple[str, ...],
    more: tuple[str, ...],
) -> tuple[list[Row], list[Broken]]:
    rows: list[Row] = []
    broken: list[Broken] = []
    every = (*columns, *more)
    for line, cells in records:
        if len(columns) <= len(cells) <= len(every):
            filled = [*cells, *[""] * (len(every) - len(cells))]
            rows.append(
                (line, {name: _plain(cell) for name, cell in zip(every, filled, strict=True)})
            )
        elif any(cell.strip() for cell in cells):
            broken.append(
                Broken(line, unfinished_merge(lines[line - 1]) or _why(cells, len(columns)))
            )
    return [row for row in rows if any(row[1].values())], broken


def _why(cells: Sequence[str], wanted: int) -> str:
    if cells == [_UNREADABLE]:
        return f"a cell has more than {_WIDEST:,} characters, or a quote is misplaced"
    fields = f"{len(cells)} {'field' if len(cells) == 1 else 'fields'}"
    return f"it has {fields} instead of {wanted}"


def cells_of(folder: Path) -> frozenset[str]:
    """Every cell of the files of decisions in a folder, below their heads, however saved.

    They may name records and values, so no SQL on a page repeats them. What cannot be read as a
    table is cut at commas, semicolons and tabs; a folder of such a name holds none.
    """
    found: set[str] = set()
    for path in sorted(folder.glob("*.csv")):
        if path.is_file():
            lines = _lines(_decoded(_bytes(path)))
            for line, cells in [*_records(lines, _ANY)][1:]:
                whole = len(cells) > 1
                found |= {
                    _plain(cell) for cell in (cells if whole else _CUT.split(lines[line - 1]))
                }
    return frozenset(found - {""})


def _decoded(raw: bytes) -> str:
    """The text of a file, however it was saved."""
    if raw.startswith(_UTF_16):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        place = f"{path.parent.name}/{path.name}"
        raise error_of(
            DataError, "model.decisions.not_readable", file=place, why=str(error.strerror)
        ) from error


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


def _lines(text: str) -> list[str]:
    return _ENDS.sub("\n", text).removesuffix("\n").split("\n") if text else []


def _records(lines: Sequence[str], widths: range) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; a quote that is never closed takes no other
    line with it.
    """
    at = 0
    while at < len(lines):
        taken, cells = _record(lines[at : at + _LONGEST], widths)
        yield at + 1, cells
        at += taken


def _record(lines: Sequence[str], widths: range) -> tuple[int, list[str]]:
    """The record that begins here, and how many lines it takes: several only where none of them
    begins a record itself.
    """
    for taken in range(1, len(lines) + 1):
        if taken > 1 and _BEGINS.match(lines[taken - 1]):
            break
        joined = "\n".join(lines[:taken])
        if joined.count('"') % 2 == 0:
            cells = _cells(joined)
            if taken == 1 or len(cells) in widths:
                return taken, cells
            break
    return 1, _cells(lines[0])


def _cells(record: str) -> list[str]:
    try:
        cells = next(csv.reader(io.StringIO(record)), [])
    except csv.Error:
        return [_UNREADABLE]
    return [_UNREADABLE] if any(len(cell) > _WIDEST for cell in cells) else cells
