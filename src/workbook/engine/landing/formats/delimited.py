"""Reads delimited text: fast where the file is clean, exactly where it is not, never by
guessing.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from workbook.engine.landing.broken_records import Grammar, misfit, read_broken, reader
from workbook.engine.landing.file_scan import FileScan, meanwhile
from workbook.engine.landing.formats.format import FileFormat, is_pattern
from workbook.engine.landing.header_match import columns_of, frame_of, on_one_line
from workbook.engine.landing.record_count import RecordCount, count_records, count_text
from workbook.engine.landing.source_spec import SourceSpec
from workbook.engine.sql import quote, text
from workbook.errors import DataError
from workbook.model.file_formats import SUFFIXES
from workbook.words import error_of

_FAST = {"utf-8": "utf-8", "latin-1": "latin-1"}  # encodings that DuckDB reads without a download
_PYTHON = {
    "utf-8": "utf-8-sig",
    "latin-1": "latin-1",
    "windows-1252": "windows-1252",
    "utf-16": "utf-16",
}
_LINE = 1 << 22
_HINT = re.compile(r'"?sep=(?P<mark>[,;\t|])"?\r?(\n|\Z)', re.IGNORECASE)


def header_of(spec: SourceSpec, file: Path) -> list[str]:
    """The names of the file's columns.

    Raises:
        DataError: the file is empty or not written in the declared encoding.
    """
    if file.stat().st_size == 0:
        raise error_of(DataError, "engine.landing.empty_file", source=spec.name, file=file.name)
    header = _first_record(_as_hinted(spec, file), file)
    if not header:
        raise error_of(
            DataError, "engine.landing.empty_first_line", source=spec.name, file=file.name
        )
    return [on_one_line(name) for name in header]


def _first_record(spec: SourceSpec, file: Path) -> list[str]:
    """The first record below the lines that are skipped."""
    try:
        with file.open(encoding=_PYTHON[spec.encoding], newline="") as stream:
            for _ in range(spec.skip_before):
                stream.readline()
            return next(reader(_grammar(spec), iter(lambda: stream.readline(_LINE), "")), [])
    except (UnicodeError, csv.Error):
        lines = iter(_lines_of(spec, file))
    try:
        return next(reader(_grammar(spec), lines), [])
    except csv.Error as error:
        raise error_of(
            DataError,
            "engine.landing.quote_in_header",
            source=spec.name,
            place=f"{file.name}:{spec.skip_before + 1}",
        ) from error


def records_of(spec: SourceSpec, file: Path) -> int:
    """How many records the file holds below its header, counted from its bytes."""
    return max(_count(spec, file).records - 1, 0)


def _count(spec: SourceSpec, file: Path) -> RecordCount:
    spec = _as_hinted(spec, file)
    if spec.skip_before or spec.skip_after:
        return count_text("".join(_lines_of(spec, file)), spec.quote, spec.delimiter)
    if spec.encoding == "utf-16":
        return count_text(_decoded(spec, file), spec.quote, spec.delimiter)
    return count_records(file, spec.quote, spec.delimiter)


def read_delimited(spec: SourceSpec, file: Path) -> FileScan | pl.DataFrame:
    """The raw table of a CSV or TSV file."""
    header = header_of(spec, file)
    places = columns_of(spec, file, header)
    if spec.encoding != "utf-8":
        _refuse_utf8(spec, file)
    plain = not (spec.skip_after or _as_hinted(spec, file).skip_before)
    if plain and spec.encoding in _FAST and not is_pattern(file):
        sql = _scan_sql(spec, file, len(header), places)
        return FileScan(
            sql,
            meanwhile(lambda: _plain_records(spec, file, len(header))),
            lambda: read_exactly(spec, file),
        )
    return read_exactly(spec, file)


def _plain_records(spec: SourceSpec, file: Path, width: int) -> int | None:
    """How many records a plain reader must find; None where quotes, line ends or fields would
    mislead it.

    DuckDB refuses every record with too few or too many fields but one whose only extra field
    is empty (`a1,Lee, Ann,`); so where a record ends with an empty field all delimiters are
    counted.
    """
    count = count_records(file, spec.quote, spec.delimiter)
    misled = count.broken_quotes or count.mixed_ends
    uneven = count.delimiters is not None and count.delimiters != count.records * (width - 1)
    return None if misled or uneven else count.records - 1


def read_exactly(spec: SourceSpec, file: Path) -> pl.DataFrame:
    """The raw table, record by record: whatever has another number of fields than the header is
    rejected.
    """
    spec = _as_hinted(spec, file)
    lines = _Lines(_lines_of(spec, file))
    csv.field_size_limit(1 << 30)
    records = reader(_grammar(spec), lines)
    header = [on_one_line(name) for name in next(records)]
    places = columns_of(spec, file, header)
    columns: list[list[str | None]] = [[] for _ in places]
    rejects: list[str | None] = []
    for record, reason in _records(spec, records, lines, len(header)):
        rejects.append(reason)
        for column, place in zip(columns, places, strict=True):
            column.append(None if reason or place is None else record[place])
    return frame_of(spec, columns, rejects)


def _lines_of(spec: SourceSpec, file: Path) -> list[str]:
    """The lines of a file without those that the source says to skip."""
    lines = text_lines(spec, file)
    return lines[spec.skip_before : len(lines) - spec.skip_after if spec.skip_after else None]


def text_lines(spec: SourceSpec, file: Path) -> list[str]:
    """Every line of a file.

    Raises:
        DataError: it is not written in the declared encoding.
    """
    return list(io.StringIO(_decoded(spec, file), newline=""))


def has_hint(spec: SourceSpec, file: Path) -> bool:
    """Whether the first line of a file names its delimiter (`sep=;`) and is skipped for that."""
    return _as_hinted(spec, file) is not spec


def _as_hinted(spec: SourceSpec, file: Path) -> SourceSpec:
    """What the file's own first line says, as Excel writes it: `sep=;` names the delimiter and
    is no header.
    """
    found = _HINT.match(_first_bytes(file))
    if not found:
        return spec
    return replace(spec, delimiter=found["mark"], skip_before=max(spec.skip_before, 1))


def _first_bytes(file: Path) -> str:
    with file.open("rb") as stream:
        start = stream.read(64)
    wide = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return start.decode("utf-16" if wide else "utf-8-sig", errors="ignore")


class _Lines:
    """Lines of a text, with how many of them were read."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at >= len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]

    def text_from(self, line: int) -> str:
        """All lines but so many of the first."""
        return "".join(self._lines[line:])


def _records(
    spec: SourceSpec, records: Iterator[list[str]], lines: _Lines, width: int
) -> Iterator[tuple[list[str], str | None]]:
    """Each record with the reason why it is rejected, if it is."""
    while True:
        before = lines.at
        line = before + 1 + spec.skip_before
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error:
            yield from read_broken(_grammar(spec), lines.text_from(before), width, line)
            return
        if record:
            yield record, misfit(record, width, line)


def _grammar(spec: SourceSpec) -> Grammar:
    return Grammar(spec.delimiter, spec.quote)


def _scan_sql(spec: SourceSpec, file: Path, width: int, places: list[int | None]) -> str:
    names = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
    cells = ["cast(null as varchar)" if place is None else f"c{place}" for place in places]
    fields = "".join(
        f", {cell} as {quote(f.name)}" for f, cell in zip(spec.fields, cells, strict=True)
    )
    return (
        f"select row_number() over () as _row, cast(null as varchar) as _reject{fields} from"
        f" read_csv({text(str(file))}, auto_detect = false, header = true, columns = {{{names}}},"
        f" delim = {text(spec.delimiter)}, quote = {text(spec.quote)}, escape = {text(spec.quote)},"
        f" comment = '', encoding = '{_FAST[spec.encoding]}', strict_mode = true, null_padding ="
        " false, ignore_errors = false, hive_partitioning = false)"
    )


def _decoded(spec: SourceSpec, file: Path) -> str:
    data = file.read_bytes()
    try:
        return data.decode(_PYTHON[spec.encoding])
    except UnicodeError as error:
        line = data[: getattr(error, "start", 0)].count(b"\n") + 1
        better = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "windows-1252"
        better = (
            better
            if spec.encoding == "utf-8"
            else {"windows-1252": "latin-1"}.get(spec.encoding, "utf-8")
        )
        raise error_of(
            DataError,
            "engine.landing.wrong_encoding",
            source=spec.name,
            place=f"{file.name}:{line}",
            encoding=spec.encoding,
            better=better,
        ) from error


def _refuse_utf8(spec: SourceSpec, file: Path) -> None:
    """A file that reads as UTF-8 beyond ASCII would turn to gibberish in a one-byte encoding,
    without any error.
    """
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
    raise error_of(
        DataError,
        "engine.landing.utf8_declared_otherwise",
        source=spec.name,
        place=f"{file.name}:{line}",
        encoding=spec.encoding,
    )


CSV = FileFormat("csv", SUFFIXES["csv"], header_of, records_of, read_delimited, read_exactly)
TSV = FileFormat("tsv", SUFFIXES["tsv"], header_of, records_of, read_delimited, read_exactly)
