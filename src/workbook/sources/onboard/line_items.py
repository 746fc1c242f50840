"""Files whose rows are lines of something larger: its first row holds what is true of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.column_values import ColumnValues

_HEADS = ("id", "text", "salesforce_id", "integer")
_MARKS = ("id", "salesforce_id", "money", "timestamp", "date", "category")
_AT_LEAST = 3  # lines beyond a first one, and columns that stand on first rows alone


@dataclass(frozen=True)
class Lines:
    """What rows are lines of: the field that they repeat, and the fields of the first row alone."""

    head: str
    once: tuple[str, ...]
    wholes: int
    mark: str = ""  # a field that is filled in every first row and in no other, best an id


def lines_of(columns: Sequence[ColumnValues], types: Mapping[str, Typed]) -> Lines | None:
    """The field that names the whole in each of its rows; None where rows are no such lines."""
    heads = [
        c
        for c in columns
        if types[c.name].type in _HEADS
        and c.filled
        and _AT_LEAST <= c.distinct <= c.rows - _AT_LEAST
    ]
    for head in sorted(heads, key=lambda column: -column.distinct):
        first = (head.cells != head.cells.shift(1)).fill_null(value=True)
        if int(first.sum()) != head.distinct:
            continue  # its rows do not follow one another
        others = [
            c
            for c in columns
            if c is not head and c.distinct and not c.cells.filter(~first).is_not_null().any()
        ]
        if len(others) < _AT_LEAST:
            continue
        whole = [c.name for c in others if c.filled_rows == head.distinct]
        mark = min(
            whole,
            key=lambda name: (_place(types[name].type), "id" not in name.split("_")),
            default="",
        )
        return Lines(head.name, tuple(c.name for c in others), head.distinct, mark)
    return None


def _place(kind: str) -> int:
    return _MARKS.index(kind) if kind in _MARKS else len(_MARKS)
