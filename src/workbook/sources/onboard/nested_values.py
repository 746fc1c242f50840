"""Values inside a column of JSON objects, as columns of their own: `device.category`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from workbook.model.json_paths import ListEntry, steps_of
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import words_of

_DEPTH = 3
_USUAL = 0.5  # of the objects have the value
_SOME = 0.02  # of the lists have the entry
_MOST = 12  # values of one column
_KEYS = ("key", "name")  # what calls an entry
_STEP = re.compile(r"[A-Za-z_]\w*")


def with_nested(
    columns: Sequence[ColumnValues], missing: Sequence[str] = ()
) -> tuple[ColumnValues, ...]:
    """The columns, each followed by the values that most of its objects have and that differ."""
    taken = {column.name for column in columns}
    found: list[ColumnValues] = []
    for column in columns:
        found.append(column)
        for each in _values_of(column, missing):
            if each.name not in taken:
                found.append(each)
                taken.add(each.name)
    return tuple(found)


def keyed_entries(sample: Sequence[str]) -> str:
    """What calls each entry of lists such as `[{"key": …, "value": …}]`; '' of other lists."""
    entries = [each for value in sample for each in json.loads(value)]
    return next(
        (
            key
            for key in _KEYS
            if entries
            and all(isinstance(each, dict) and len(each) > 1 and key in each for each in entries)
        ),
        "",
    )


def _values_of(column: ColumnValues, missing: Sequence[str]) -> Iterator[ColumnValues]:
    try:
        leaves, usual = _objects(column) or _entries(column) or _firsts(column)
    except (ValueError, RecursionError):
        return
    for path in usual:
        texts = pl.DataFrame(
            {"cell": column.values, "value": [each.get(path) or None for each in leaves]}
        )
        cells = column.cells.to_frame("cell").join(
            texts, on="cell", how="left", maintain_order="left"
        )["value"]
        name = "_".join((column.name, *_words_at(path)))
        made = ColumnValues.of(
            f"{column.header}.{path}", name, cells, within=(column.header, path)
        ).without(missing)
        if made.distinct > 1:
            yield made


def _words_at(path: str) -> tuple[str, ...]:
    """The words of what is at a path; an entry is called by its key alone.

    >>> _words_at("device.category"), _words_at("[key=ga_session_id].value.int_value")
    (('device', 'category'), ('ga', 'session', 'id'))
    """
    steps = steps_of(path)
    return words_of(steps[0].value) if isinstance(steps[0], ListEntry) else words_of(path)


Leaves = list[dict[str, str]]


def _objects(column: ColumnValues) -> tuple[Leaves, list[str]] | None:
    """The plain values of objects by their path, and the paths that most of them have."""
    if not column.distinct or column.share(r"^\{.*\}$") < 1:
        return None
    leaves = [dict(_leaves(_parsed(value))) for value in column.values]
    return leaves, _usual_of(leaves)


def _firsts(column: ColumnValues) -> tuple[Leaves, list[str]]:
    """The same of the first object of each list, such as a person's main mailbox."""
    if not column.distinct or column.share(r"^\[(\{.*\})?\]$") < 1:
        return [], []
    leaves = [dict(_first_leaves(_parsed(value), "", 1)) for value in column.values]
    return leaves, _usual_of(leaves)


def _usual_of(leaves: Leaves) -> list[str]:
    counted = Counter(path for each in leaves for path in each)
    return [path for path, n in counted.items() if n >= _USUAL * len(leaves)][:_MOST]


def _entries(column: ColumnValues) -> tuple[Leaves, list[str]] | None:
    """The same of lists of entries that are called by a key: the commonest of them."""
    lists = column.distinct and column.share(r"^\[.*\]$") == 1
    key = keyed_entries(column.sample) if lists else ""
    if not key:
        return None
    leaves: Leaves = []
    for value in column.values:
        found: dict[str, str] = {}
        for entry in _parsed(value):
            name = str(entry.get(key, ""))
            if name and not set(name) & set('[]="'):
                rest = {word: each for word, each in entry.items() if word != key}
                found = {f"[{key}={name}].{path}": each for path, each in _leaves(rest)} | found
        leaves.append(found)
    counted = Counter(path for each in leaves for path in each)
    return leaves, [path for path, n in counted.most_common(_MOST) if n >= _SOME * len(leaves)]


def _parsed(value: str) -> Any:
    return json.loads(value, parse_int=str, parse_float=str)


def _leaves(value: Any, path: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """Every plain value of an object with its path, and those of the first object of each list;
    but for what no path can name.
    """
    for name, each in value.items():
        if not _STEP.fullmatch(name):
            continue
        here = f"{path}.{name}" if path else name
        if isinstance(each, dict) and depth < _DEPTH:
            yield from _leaves(each, here, depth + 1)
        elif isinstance(each, list) and depth < _DEPTH:
            yield from _first_leaves(each, here, depth + 1)
        elif isinstance(each, bool):
            yield here, str(each).lower()
        elif isinstance(each, str):
            yield here, each.strip()


def _first_leaves(values: list[Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    """The plain values of the first of a list of objects, with their paths."""
    if values and all(isinstance(each, dict) for each in values):
        yield from _leaves(values[0], f"{path}[0]", depth)
