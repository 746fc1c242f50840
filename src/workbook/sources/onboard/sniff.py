"""How a file is written: its form, encoding, delimiter and header, read from its bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.engine.landing import SUFFIXES
from workbook.engine.landing.formats.excel import sheet_rows
from workbook.errors import DataError
from workbook.sources.onboard.table_bounds import header_at
from workbook.words import error_of

_HEAD = 1 << 18
_CHUNK = 1 << 22
_RECORDS = 300
_HINT = re.compile(r'"?sep=(?P<mark>[,;\t|])"?\r?\n', re.IGNORECASE)
_VALUE = re.compile(r"[+-]?\d+([.,]\d+)?|[^@\s]+@[^@\s]+\.[^@\s]+|\d{4}-\d{2}-\d{2}.*")


@dataclass(frozen=True)
class FileForm:
    """How a file is written; delimiter and encoding only matter for delimited text.

    `skip_before` and `skip_after` are the lines above the header and below the last record.
    """

    format: str
    delimiter: str = ","
    encoding: str = "utf-8"
    skip_before: int = 0
    skip_after: int = 0


class NoTableError(DataError):
    """A sheet that holds no record below a header."""


def sniffed(path: Path, sheet: str = "") -> FileForm:
    """The form, encoding and delimiter of a file, and how many lines stand above its header.

    Raises:
        DataError: it is empty, or its first line is data and not a header.
    """
    if path.stat().st_size == 0:
        raise error_of(DataError, "sources.empty", file=path.name)
    form = SUFFIXES[path.suffix.lower()]
    if form == "parquet":
        return FileForm(form)
    if form == "excel":
        return _sheet(path, sheet)
    if form in ("json", "ndjson"):
        return FileForm(_json_form(path))
    encoding = encoding_of(path)
    head = _head(path, encoding)
    delimiter = "\t" if form == "tsv" else _delimiter(head)
    header, above = _header(path, head, delimiter)
    _check_header(path, header)
    return FileForm(form, delimiter, encoding, above)


def _sheet(path: Path, sheet: str) -> FileForm:
    """Where the table of a sheet begins."""
    rows = sheet_rows(path, sheet)
    named = f"{path.name}, sheet '{sheet}'" if sheet else path.name
    if sum(1 for row in rows if any(row)) < 2:
        raise error_of(NoTableError, "sources.no_rows", place=named)
    above = header_at(rows[:_RECORDS])
    if above is None:
        above = next(number for number, row in enumerate(rows) if any(row))
        _check_header(path, [cell or "" for cell in rows[above]], named)
    return FileForm("excel", skip_before=above if any(map(any, rows[:above])) else 0)


def encoding_of(path: Path) -> str:
    """utf-16 where a mark says so, utf-8 where the whole file is, else windows-1252, else
    latin-1.
    """
    with path.open("rb") as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    return next((name for name in ("utf-8", "windows-1252") if _decodes(path, name)), "latin-1")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while piece := stream.read(_CHUNK):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _head(path: Path, encoding: str) -> str:
    with path.open("rb") as stream:
        raw = stream.read(_HEAD)
    text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="ignore")
    whole = len(raw) < _HEAD or "\n" not in text
    return text if whole else text[: text.rindex("\n") + 1]


def _delimiter(head: str) -> str:
    """The delimiter that cuts most records into as many fields as the others have."""
    hint = _HINT.match(head)
    if hint:
        return hint["mark"]
    best, found = (0.0, 1), ","
    for delimiter in (",", ";", "\t", "|"):
        widths = [len(record) for record, _ in _records(head, delimiter) if record]
        width = _usual(widths)
        if width > 1:
            alike = widths.count(width) / len(widths)
            if (round(alike, 1), width) > best:
                best, found = (round(alike, 1), width), delimiter
    return found


def _records(head: str, delimiter: str) -> list[tuple[list[str], int]]:
    """The first records, each with the number of lines above it; an empty line is an empty
    record.
    """
    reader, above, found = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), 0, []
    try:
        for record in reader:
            found.append((record, above))
            above = reader.line_num
            if len(found) == _RECORDS:
                break
    except csv.Error:
        return []
    return found


def _usual(widths: Sequence[int]) -> int:
    """How many fields most records have; of two that are as frequent the larger."""
    return max(widths, key=lambda width: (widths.count(width), width), default=1)


def _header(path: Path, head: str, delimiter: str) -> tuple[list[str], int]:
    """The header, and how many lines stand above it, but for a first line that names the
    delimiter.
    """
    hinted = _HINT.match(head) is not None
    records = _records(head, delimiter)[hinted:]
    if not any(record for record, _ in records):
        return [], 0
    at = header_at([record for record, _ in records])
    header, above = records[at] if at is not None else _first_of_usual_width(records)
    _refuse_longer(path, header, [record for record, lines in records if lines > above], delimiter)
    return header, 0 if above == hinted else above


def _first_of_usual_width(records: Sequence[tuple[list[str], int]]) -> tuple[list[str], int]:
    """The first record, or where it is narrower than the others the first that is not: no title."""
    width = _usual([len(record) for record, _ in records if record])
    narrow = len(records) > 2 and len(records[0][0]) < width and records[0][0]
    whole = [each for each in records if len(each[0]) == width]
    return whole[0] if narrow and whole else records[0]


def _refuse_longer(
    path: Path, header: Sequence[str], below: Sequence[Sequence[str]], delimiter: str
) -> None:
    """Records that all end with one delimiter more than their header fit no column."""
    some = [record for record in below if record]
    if some and all(len(record) == len(header) + 1 and not record[-1] for record in some):
        raise error_of(DataError, "sources.longer_than_header", file=path.name, delimiter=delimiter)


def _check_header(path: Path, header: list[str], named: str = "") -> None:
    named = named or path.name
    values = [cell for cell in header if _VALUE.fullmatch(cell.strip())]
    if not [cell for cell in header if cell.strip()]:
        raise error_of(DataError, "sources.empty_first_line", place=named)
    if values:
        raise error_of(DataError, "sources.no_header", place=named)


def _json_form(path: Path) -> str:
    """An array of records is `json`; one object a line is `ndjson`, whatever the file is called."""
    with path.open("rb") as stream:
        start = stream.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"{":
        return "ndjson"
    if start == b"[":
        return "json"
    raise error_of(DataError, "sources.no_records", file=path.name)
