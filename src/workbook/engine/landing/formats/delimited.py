"""Reads delimited text: fast where the file is clean, exactly where it is not, never by guessing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from workbook.engine.landing.formats.base import Format
from workbook.engine.landing.header import columns_of, frame_of
from workbook.engine.landing.records import count_records, count_text
from workbook.engine.landing.scan import Scan, meanwhile
from workbook.engine.landing.source import SourceSpec
from workbook.engine.sql import quote, text
from workbook.errors import DataError

_FAST = {"utf-8": "utf-8", "latin-1": "latin-1"}  # encodings that DuckDB reads without a download
_PYTHON = {"utf-8": "utf-8-sig", "latin-1": "latin-1", "windows-1252": "windows-1252", "utf-16": "utf-16"}
_RESTARTS = 1000  # broken quotes per file after which the rest is read as it stands
_LINE = 1 << 22


def header_of(spec: SourceSpec, file: Path) -> list[str]:
    """The names of the file's columns.

    Raises:
        DataError: the file is empty or not written in the declared encoding.
    """
    if file.stat().st_size == 0:
        raise DataError(f"Source '{spec.name}': {file.name} is empty, without even a header.")
    try:
        with file.open(encoding=_PYTHON[spec.encoding], newline="") as stream:
            header = next(_reader(spec, iter(lambda: stream.readline(_LINE), "")), [])
    except (UnicodeError, csv.Error):
        header = next(_reader(spec, io.StringIO(_decoded(spec, file), newline="")), [])
    if not header:
        raise DataError(f"Source '{spec.name}': {file.name} starts with an empty line, not with a header.")
    return [name.strip() for name in header]


def records_of(spec: SourceSpec, file: Path) -> int:
    """How many records the file holds below its header, counted from its bytes."""
    if spec.encoding == "utf-16":
        return max(count_text(_decoded(spec, file), spec.quote, spec.delimiter).records - 1, 0)
    return max(count_records(file, spec.quote, spec.delimiter).records - 1, 0)


def read_delimited(spec: SourceSpec, file: Path) -> Scan | pl.DataFrame:
    """The raw table of a CSV or TSV file."""
    places = columns_of(spec, file, header := header_of(spec, file))
    if spec.encoding != "utf-8":
        _refuse_utf8(spec, file)
    if spec.encoding in _FAST and not any(mark in str(file) for mark in "*?[]{}"):
        sql = _scan_sql(spec, file, len(header), places)
        return Scan(sql, meanwhile(lambda: _plain_records(spec, file)), lambda: read_exactly(spec, file))
    return read_exactly(spec, file)


def _plain_records(spec: SourceSpec, file: Path) -> int | None:
    """How many records a plain reader must find; None where quotes or line ends would mislead it."""
    count = count_records(file, spec.quote, spec.delimiter)
    return None if count.broken_quotes or count.mixed_ends else count.records - 1


def read_exactly(spec: SourceSpec, file: Path) -> pl.DataFrame:
    """The raw table, record by record: whatever has another number of fields than the header is rejected."""
    lines = _Lines(io.StringIO(_decoded(spec, file), newline=""))
    csv.field_size_limit(1 << 30)
    reader = _reader(spec, lines)
    header = [name.strip() for name in next(reader)]
    places = columns_of(spec, file, header)
    columns: list[list[str | None]] = [[] for _ in places]
    rejects: list[str | None] = []
    for record, reason in _records(reader, lines, len(header)):
        rejects.append(reason)
        for column, place in zip(columns, places, strict=True):
            column.append(None if reason else record[place])
    return frame_of(spec, columns, rejects)


class _Lines:
    """Lines of a text that can be taken up again after a broken quote."""

    def __init__(self, stream: io.StringIO) -> None:
        self._lines = list(stream)
        self.at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at >= len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]


def _records(reader: Iterator[list[str]], lines: _Lines, width: int) -> Iterator[tuple[list[str], str | None]]:
    """Each record with the reason why it is rejected, if it is.

    A quote that swallows the lines below it costs its own line only: reading starts again on the next one.
    """
    restarts = 0
    while True:
        first = lines.at + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = "a quote is never closed" if "end of data" in str(error) else "text stands after a closing quote"
            if lines.at > first and restarts < _RESTARTS:
                restarts += 1
                lines.at = first
            yield [], f"line {first}: {what}"
            continue
        if record:
            fits = len(record) == width
            yield record, None if fits else f"line {first}: {len(record)} fields instead of {width}"


def _reader(spec: SourceSpec, lines: Iterator[str]) -> Iterator[list[str]]:
    quoting = csv.QUOTE_MINIMAL if spec.quote else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=spec.delimiter, quotechar=spec.quote or None, quoting=quoting, strict=True)


def _scan_sql(spec: SourceSpec, file: Path, width: int, places: list[int]) -> str:
    names = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    fields = "".join(f", c{place} as {quote(f.name)}" for f, place in zip(spec.fields, places, strict=True))
    return (
        f"select row_number() over () as _row, cast(null as varchar) as _reject{fields} "
        f"from read_csv({text(str(file))}, auto_detect = false, header = true, columns = {{{names}}}, "
        f"delim = {text(spec.delimiter)}, quote = {text(spec.quote)}, escape = {text(spec.quote)}, comment = '', "
        f"encoding = '{_FAST[spec.encoding]}', strict_mode = true, null_padding = false, ignore_errors = false)"
    )


def _decoded(spec: SourceSpec, file: Path) -> str:
    data = file.read_bytes()
    try:
        return data.decode(_PYTHON[spec.encoding])
    except UnicodeError as error:
        line = data[: getattr(error, "start", 0)].count(b"\n") + 1
        better = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "windows-1252"
        better = better if spec.encoding == "utf-8" else {"windows-1252": "latin-1"}.get(spec.encoding, "utf-8")
        raise DataError(
            f"Source '{spec.name}': {file.name}, line {line}, is not written in {spec.encoding}. "
            f"Declare how it is written in the dialect, perhaps `encoding: {better}`."
        ) from error


def _refuse_utf8(spec: SourceSpec, file: Path) -> None:
    """A file that reads as UTF-8 beyond ASCII would turn to gibberish in a one-byte encoding, without any error."""
    if spec.encoding == "utf-16":
        return
    data = file.read_bytes()
    if data.isascii():
        return
    try:
        data.decode("utf-8")
    except UnicodeError:
        return
    line = next(number for number, line in enumerate(data.splitlines(), 1) if not line.isascii())
    raise DataError(
        f"Source '{spec.name}': {file.name}, line {line}, is written in utf-8, not in {spec.encoding}. "
        "Declare `encoding: utf-8` in the dialect."
    )


CSV = Format("csv", (".csv", ".txt"), header_of, records_of, read_delimited, read_exactly)
TSV = Format("tsv", (".tsv",), header_of, records_of, read_delimited, read_exactly)
