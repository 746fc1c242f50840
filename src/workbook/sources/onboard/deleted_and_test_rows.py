"""Rows that may not count: deleted ones, merged ones, test records; offered and never decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.list_separators import parts_of
from workbook.sources.onboard.proposed_keys import Keys
from workbook.sources.row_marks import DELETED, FROM, INTO, TEST, mark_of


@dataclass(frozen=True)
class RowMarkOffer:
    """What is offered for a source: comments beside it, words that were measured, and sentences
    for a person.
    """

    comments: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    guess: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def standing_of(
    columns: Sequence[ColumnValues], types: Mapping[str, Typed], keys: Keys
) -> RowMarkOffer:
    """Which columns of a source say that a row is deleted, merged into another, or a test."""
    comments: list[str] = []
    said: list[str] = []
    words: dict[str, str] = {}
    for column in columns:
        mark, kind = mark_of(column.words), types[column.name].type
        if mark == DELETED:
            condition, count = _gone(column, kind)
            if condition:
                comments.append(
                    f"deleted rows: write `where: {condition}` at the entity in 04_entities.yml"
                )
                said.append(
                    f"{column.name} marks {count:,} of {column.rows:,} rows as deleted; write"
                    f" `where: {condition}` at the entity to leave them out"
                )
        elif mark in (INTO, FROM):
            points = _points_home(column, types[column.name], columns, keys)
            if points and mark not in words:
                words[mark] = column.name
                said.append(
                    f"{points:,} rows are merged into another by {column.name}; read as `{mark}`"
                )
            else:
                comments.append(f"merged records: `{mark}: {column.name}`, once it has values")
                why = (
                    "may name merged records, and leads to no row of this file"
                    if column.distinct
                    else "would name the record that a row was merged into, and is empty"
                )
                said.append(f"{column.name} {why}")
        elif mark == TEST and kind in ("boolean", "category"):
            said.append(f"{column.name} may mark tests or bots; nothing is left out by it")
    return RowMarkOffer(tuple(comments), words, tuple(words), tuple(said))


def _gone(column: ColumnValues, kind: str) -> tuple[str, int]:
    """The condition under which a row still counts, and how many rows it leaves out."""
    if kind == "boolean":
        yes = column.values.str.to_lowercase().is_in(["true", "t", "yes", "y", "1"])
        said = column.name if column.filled else f"coalesce({column.name}, false)"
        return f"not {said}", int(column.counts.filter(yes).sum())
    if kind in ("date", "timestamp") or not column.distinct:
        return f"{column.name} is null", column.filled_rows
    return "", 0


def _points_home(
    column: ColumnValues, kind: Typed, columns: Sequence[ColumnValues], keys: Keys
) -> int:
    """How many rows of a column name the key of this table; 0 where fewer than half of its
    values do or could.
    """
    key = next((each for each in columns if keys.primary == (each.name,)), None)
    if key is None or not column.distinct:
        return 0
    split = str(kind.words.get("split") or "")
    values = parts_of(column, split) if split else column.values
    known = values.is_in(key.values.to_list()).sum()
    # what was merged away is often no row any more
    merged_away = set(column.words) & {"ids", "from"}
    return column.filled_rows if merged_away or known >= 0.5 * len(values) else 0
