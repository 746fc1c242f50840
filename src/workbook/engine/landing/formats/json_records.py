"""JSON: an array of records, or one object a line, as the text that landing casts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine.landing.formats.base import Format
from workbook.engine.landing.header import columns_of, frame_of
from workbook.engine.landing.source import SourceSpec
from workbook.errors import DataError


def json_header(spec: SourceSpec, file: Path) -> list[str]:
    """The keys of all records, in the order in which they first appear."""
    keys: dict[str, None] = {}
    for record, _ in _json_records(spec, file):
        keys.update(dict.fromkeys(record or ()))
    return list(keys)


def json_records(spec: SourceSpec, file: Path) -> int:
    """How many records a JSON file holds: lines that are not empty, or members of the array."""
    if spec.format == "ndjson":
        return sum(1 for line in file.read_bytes().splitlines() if line.strip())
    return sum(1 for _ in _json_records(spec, file))


def read_json(spec: SourceSpec, file: Path) -> pl.DataFrame:
    """The raw table of a JSON array or of one JSON object a line."""
    records = list(_json_records(spec, file))
    keys = dict.fromkeys(key for record, _ in records for key in record or ())
    if keys:
        columns_of(spec, file, list(keys))
    columns = [[_text_of(record.get(f.header)) if record else None for record, _ in records] for f in spec.fields]
    return frame_of(spec, columns, [reason for _, reason in records])


class _Number(float):
    """A JSON number that remembers how it was written."""

    written: str

    def __new__(cls, written: str) -> _Number:
        number = super().__new__(cls, written)
        number.written = written
        return number


def _text_of(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, _Number):
        return value.written
    return json.dumps(value, ensure_ascii=False)


def _json_records(spec: SourceSpec, file: Path) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    data = file.read_bytes()
    if not data.strip():
        raise DataError(f"Source '{spec.name}': {file.name} is empty.")
    try:
        whole = data.decode("utf-8-sig")
    except UnicodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError(f"Source '{spec.name}': {file.name}, line {line}, is not UTF-8, as JSON must be.") from error
    yield from _lines(whole) if spec.format == "ndjson" else _array(spec, file, whole)


def _lines(whole: str) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    for number, line in enumerate(whole.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_float=_Number)
        except ValueError:
            yield None, f"line {number}: not JSON"
            continue
        yield (value, None) if isinstance(value, dict) else (None, f"line {number}: not a JSON object")


def _array(spec: SourceSpec, file: Path, whole: str) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    try:
        values = json.loads(whole, parse_float=_Number)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise DataError(
            f"Source '{spec.name}': {file.name}, line {line}, is not JSON. "
            "For one object a line declare `format: ndjson`."
        ) from error
    if not isinstance(values, list):
        raise DataError(f"Source '{spec.name}': {file.name} is not a JSON array of records.")
    for number, value in enumerate(values, 1):
        yield (value, None) if isinstance(value, dict) else (None, f"record {number}: not a JSON object")


JSON = Format("json", (".json",), json_header, json_records, read_json, read_json)
NDJSON = Format("ndjson", (".ndjson", ".jsonl"), json_header, json_records, read_json, read_json)
