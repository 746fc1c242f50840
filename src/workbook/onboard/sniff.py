"""How a file is written: its form, encoding and delimiter, read from its bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.engine.landing import SUFFIXES
from workbook.errors import DataError

_HEAD = 1 << 18
_CHUNK = 1 << 22
_RECORDS = 300
_HINT = re.compile(r'"?sep=(?P<mark>[,;\t|])"?\r?\n', re.IGNORECASE)
_VALUE = re.compile(r"[+-]?\d+([.,]\d+)?|[^@\s]+@[^@\s]+\.[^@\s]+|\d{4}-\d{2}-\d{2}.*")


@dataclass(frozen=True)
class Written:
    """How a file is written; delimiter and encoding only matter for delimited text."""

    format: str
    delimiter: str = ","
    encoding: str = "utf-8"
    skip_before: int = 0


def sniffed(path: Path) -> Written:
    """The form, encoding and delimiter of a file.

    Raises:
        DataError: it is empty, or its first line is data and not a header.
    """
    if path.stat().st_size == 0:
        raise DataError(f"{path.name} is empty.")
    form = SUFFIXES[path.suffix.lower()]
    if form in ("parquet", "excel"):
        return Written(form)
    if form in ("json", "ndjson"):
        return Written(_json_form(path))
    encoding = encoding_of(path)
    head = _head(path, encoding)
    delimiter = "\t" if form == "tsv" else _delimiter(head)
    if head.split("\n", 1)[0].strip():
        header, above = _header(head, delimiter)
    else:
        header, above = [], 0
    _check_header(path, header)
    return Written(form, delimiter, encoding, above)


def encoding_of(path: Path) -> str:
    """utf-16 where a mark says so, utf-8 where the whole file is, else windows-1252, else latin-1."""
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
        widths = [len(record) for record, _ in _records(head, delimiter)]
        width = _usual(widths)
        if width > 1:
            alike = widths.count(width) / len(widths)
            if (round(alike, 1), width) > best:
                best, found = (round(alike, 1), width), delimiter
    return found


def _records(head: str, delimiter: str) -> list[tuple[list[str], int]]:
    """The first records that are not empty, each with the number of lines above it."""
    reader, above, found = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), 0, []
    try:
        for record in reader:
            if record:
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


def _header(head: str, delimiter: str) -> tuple[list[str], int]:
    """The header, and how many lines stand above it: titles of a report have fewer fields than its records."""
    records = _records(head, delimiter)
    if not records or _HINT.match(head):
        return (records[1][0] if len(records) > 1 else []), 0
    width = _usual([len(record) for record, _ in records])
    titled = len(records) > 2 and len(records[0][0]) < width
    first = next((each for each in records if len(each[0]) == width), records[0]) if titled else records[0]
    return first if titled else (records[0][0], 0)


def _check_header(path: Path, header: list[str]) -> None:
    values = [cell for cell in header if _VALUE.fullmatch(cell.strip())]
    if not [cell for cell in header if cell.strip()]:
        raise DataError(f"{path.name} starts with an empty line, not with a header.")
    if values:
        raise DataError(f"{path.name}: the first line looks like data, not like the names of columns. Write a header line first.")


def _json_form(path: Path) -> str:
    """An array of records is `json`; one object a line is `ndjson`, whatever the file is called."""
    with path.open("rb") as stream:
        start = stream.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"{":
        return "ndjson"
    if start == b"[":
        return "json"
    raise DataError(f"{path.name} is neither an array of records nor one object a line.")
