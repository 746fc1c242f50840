"""JSON: an array of records, or one object a line, as the text that landing casts."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine.landing.formats.format import FileFormat
from workbook.engine.landing.header_match import columns_of, frame_of
from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.errors import DataError
from workbook.model.file_formats import SUFFIXES
from workbook.model.json_paths import ListEntry, Step, steps_of
from workbook.nearest_name import did_you_mean
from workbook.words import error_of

_ABSENT = object()
_BLANK = " \t\r"  # what JSON lets stand beside a value, and what makes a line an empty one
# half of a character that JSON writes in two
_HALF = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def json_header(spec: SourceSpec, file: Path) -> list[str]:
    """The keys of all records, in the order in which they first appear."""
    keys: dict[str, None] = {}
    for record, _ in _json_records(spec, file):
        keys.update(dict.fromkeys(record or ()))
    return list(keys)


def json_records(spec: SourceSpec, file: Path) -> int:
    """How many records a JSON file holds: lines that are not empty, or members of the array."""
    if spec.format == "ndjson":
        lines = file.read_bytes().removeprefix(codecs.BOM_UTF8).split(b"\n")
        return sum(1 for line in lines if line.strip(_BLANK.encode()))
    return sum(1 for _ in _json_records(spec, file))


def read_json(spec: SourceSpec, file: Path) -> pl.DataFrame:
    """The raw table of a JSON array or of one JSON object a line."""
    records = list(_json_records(spec, file))
    keys = list(dict.fromkeys(key for record, _ in records for key in record or ()))
    places: Sequence[int | None] = [None] * len(spec.fields)
    if keys:
        places = columns_of(spec, file, keys)
    columns = []
    for field, place in zip(spec.fields, places, strict=True):
        path = [] if place is None else [keys[place], *_rest(field)]
        found = [
            _ABSENT if record is None or not path else _at(record, path) for record, _ in records
        ]
        if field.path and not field.column:
            _refuse_absent(spec, file, field, records, found)
        columns.append([_text_of(value) for value in found])
    return frame_of(spec, columns, [reason for _, reason in records])


def _rest(field: FieldSpec) -> list[Step]:
    """What follows the first key of a path; a path inside a declared column is read by the cast
    instead.
    """
    return steps_of(field.path)[1:] if field.path and not field.column else []


def _at(value: Any, path: Sequence[Step]) -> Any:
    for step in path:
        if isinstance(step, ListEntry):
            value = _entry(value, step)
            if value is _ABSENT:
                return _ABSENT
            continue
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return _ABSENT
        elif not isinstance(value, dict) or step not in value:
            return _ABSENT
        value = value[step]
    return value


def _entry(value: Any, step: ListEntry) -> Any:
    """The first object of a list whose key has the value; absent where none has."""
    entries = value if isinstance(value, list) else []
    return next(
        (
            each
            for each in entries
            if isinstance(each, dict) and _text_of(each.get(step.key)) == step.value
        ),
        _ABSENT,
    )


def _refuse_absent(
    spec: SourceSpec, file: Path, field: FieldSpec, records: Sequence[Any], found: Sequence[Any]
) -> None:
    """A path that leads nowhere in any record is a wrong name, as an absent column is."""
    some = any(record for record, _ in records)
    if spec.several or not some or any(value is not _ABSENT for value in found):
        return
    name, known = names_beside(field.path, [record for record, _ in records if record])
    if known:
        raise error_of(
            DataError,
            "engine.landing.unknown_path",
            source=spec.name,
            file=file.name,
            path=field.path,
            field=field.name,
            hint=did_you_mean(name, known),
            known=known,
        )


def names_beside(path: str, values: Sequence[Any]) -> tuple[str, list[str]]:
    """The first name of a path that leads nowhere in any value, and those that stand in its
    place; none of values that have no names at all.
    """
    steps = steps_of(path)
    for length in range(len(steps), 0, -1):
        last = steps[length - 1]
        above = [_at(value, steps[: length - 1]) for value in values]
        known = {key for value in above for key in _known_at(value, last)}
        if known:
            return last.value if isinstance(last, ListEntry) else str(last), sorted(known)
    return "", []


def _known_at(value: Any, step: Step) -> Iterator[str]:
    """What a step could be called here: the keys of an object, or of the entries of a list."""
    if isinstance(step, ListEntry):
        entries = value if isinstance(value, list) else []
        found = (_text_of(each.get(step.key)) for each in entries if isinstance(each, dict))
        yield from (each for each in found if each)
    elif isinstance(value, dict):
        yield from value


class _Number(float):
    """A JSON number that remembers how it was written."""

    written: str

    def __new__(cls, written: str) -> _Number:
        number = super().__new__(cls, written)
        number.written = written
        return number


class _RepeatedKeyError(ValueError):
    """An object has one key twice."""


def _text_of(value: Any) -> str | None:
    if value is _ABSENT or value is None or isinstance(value, str):
        return None if value is _ABSENT else value
    if isinstance(value, _Number):
        return value.written
    return json.dumps(value, ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _RepeatedKeyError
    return made


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of an array; one with a key twice is remembered, so that its record alone is
    rejected.
    """
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(made)


class _Repeated(dict[str, Any]):
    """An object that has one key twice."""


def _json_records(
    spec: SourceSpec, file: Path
) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    data = file.read_bytes()
    if not data.strip():
        raise error_of(DataError, "engine.landing.empty_json", source=spec.name, file=file.name)
    try:
        whole = data.decode("utf-8-sig")
    except UnicodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise error_of(
            DataError, "engine.landing.json_encoding", source=spec.name, place=f"{file.name}:{line}"
        ) from error
    yield from _lines(whole) if spec.format == "ndjson" else _array(spec, file, whole)


def _lines(whole: str) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    for number, line in enumerate(whole.split("\n"), 1):
        if not line.strip(_BLANK):
            continue
        try:
            value = json.loads(line, parse_float=_Number, object_pairs_hook=_object)
        except _RepeatedKeyError:
            yield None, f"line {number}: a key stands twice"
            continue
        except RecursionError:
            yield None, f"line {number}: nested too deeply"
            continue
        except ValueError:
            yield None, f"line {number}: not JSON"
            continue
        yield _record(value, f"line {number}", halves=bool(_HALF.search(line)))


def _array(
    spec: SourceSpec, file: Path, whole: str
) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    try:
        values = json.loads(whole, parse_float=_Number, object_pairs_hook=_marked)
    except RecursionError as error:
        raise error_of(
            DataError, "engine.landing.json_too_deep", source=spec.name, file=file.name
        ) from error
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise error_of(
            DataError, "engine.landing.no_json", source=spec.name, place=f"{file.name}:{line}"
        ) from error
    if not isinstance(values, list):
        raise error_of(DataError, "engine.landing.no_json_list", source=spec.name, file=file.name)
    halves = bool(_HALF.search(whole))
    for number, value in enumerate(values, 1):
        yield _record(value, f"record {number}", halves=halves)


def _record(value: Any, where: str, *, halves: bool) -> tuple[dict[str, Any] | None, str | None]:
    if not isinstance(value, dict):
        return None, f"{where}: not a JSON object"
    if _repeats(value):
        return None, f"{where}: a key stands twice"
    if halves and not _writable(value):
        return None, f"{where}: half a character, which is no text"
    return value, None


def _repeats(value: Any) -> bool:
    """Whether an object, or one inside it, has a key twice."""
    if isinstance(value, dict):
        return isinstance(value, _Repeated) or any(
            _repeats(each) for each in value.values() if isinstance(each, (dict, list))
        )
    return isinstance(value, list) and any(map(_repeats, value))


def _writable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


JSON = FileFormat("json", SUFFIXES["json"], json_header, json_records, read_json, read_json)
NDJSON = FileFormat("ndjson", SUFFIXES["ndjson"], json_header, json_records, read_json, read_json)
