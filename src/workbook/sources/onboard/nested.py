"""Values inside a column of JSON objects, as columns of their own: `device.category`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from workbook.sources.onboard.column import Column
from workbook.sources.onboard.headers import words_of

_DEPTH = 3
_USUAL = 0.5  # of the objects have the value
_MOST = 12  # values of one column
_STEP = re.compile(r"[A-Za-z_]\w*")


def with_nested(columns: Sequence[Column], missing: Sequence[str] = ()) -> tuple[Column, ...]:
    """The columns, each followed by the values that most of its objects have and that differ."""
    taken = {column.name for column in columns}
    found: list[Column] = []
    for column in columns:
        found.append(column)
        for each in _values_of(column, missing):
            if each.name not in taken:
                found.append(each)
                taken.add(each.name)
    return tuple(found)


def keyed_entries(sample: Sequence[str]) -> bool:
    """Whether values are lists of entries with a key each: `[{"key": …, "value": …}]`."""
    entries = [each for value in sample for each in json.loads(value)]
    return bool(entries) and all(isinstance(each, dict) and "key" in each for each in entries)


def _values_of(column: Column, missing: Sequence[str]) -> Iterator[Column]:
    if not column.distinct or column.share(r"^\{.*\}$") < 1:
        return
    try:
        leaves = [dict(_leaves(_parsed(value))) for value in column.values]
    except (ValueError, RecursionError):
        return
    counted = Counter(path for each in leaves for path in each)
    usual = [path for path, n in counted.items() if n >= _USUAL * len(leaves)][:_MOST]
    for path in usual:
        texts = pl.DataFrame(
            {"cell": column.values, "value": [each.get(path) or None for each in leaves]}
        )
        cells = column.cells.to_frame("cell").join(
            texts, on="cell", how="left", maintain_order="left"
        )["value"]
        name = "_".join((column.name, *words_of(path)))
        made = Column.of(
            f"{column.header}.{path}", name, cells, within=(column.header, path)
        ).without(missing)
        if made.distinct > 1:
            yield made


def _parsed(value: str) -> Any:
    return json.loads(value, parse_int=str, parse_float=str)


def _leaves(value: Any, path: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    """Every plain value of an object with its path, but for lists and what no path can name."""
    for name, each in value.items():
        if not _STEP.fullmatch(name):
            continue
        here = f"{path}.{name}" if path else name
        if isinstance(each, dict) and depth < _DEPTH:
            yield from _leaves(each, here, depth + 1)
        elif isinstance(each, bool):
            yield here, str(each).lower()
        elif isinstance(each, str):
            yield here, each.strip()
