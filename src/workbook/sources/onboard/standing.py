"""Rows that may not count: deleted ones, merged ones, test records; offered and never decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook.sources.onboard.column import Column
from workbook.sources.onboard.keys import Keys
from workbook.sources.onboard.lists import parts_of
from workbook.sources.onboard.typed import Typed

_GONE = {"deleted", "archived", "removed", "purged"}
_INTO = (
    {"merged", "into"},
    {"master", "record"},
    {"master", "id"},
    {"surviving"},
    {"merged", "to"},
    {"replaced", "by"},
)
_FROM = (
    {"merged", "object", "ids"},
    {"merged", "ids"},
    {"merged", "from"},
    {"merged", "contact", "ids"},
    {"merged", "record", "ids"},
)
_TESTS = {"test", "bot", "bots", "internal", "sandbox", "demo", "livemode", "spam", "fake"}


@dataclass(frozen=True)
class Standing:
    """What is offered for a source: comments beside it, words that were measured, and sentences
    for a person.
    """

    comments: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    guess: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def standing_of(columns: Sequence[Column], types: Mapping[str, Typed], keys: Keys) -> Standing:
    """Which columns of a source say that a row is deleted, merged into another, or a test."""
    comments: list[str] = []
    said: list[str] = []
    words: dict[str, str] = {}
    for column in columns:
        here, kind = set(column.words), types[column.name].type
        if here & _GONE and not here & {"by", "merged"}:
            condition, count = _gone(column, kind)
            if condition:
                comments.append(
                    f"deleted rows: write `where: {condition}` at the entity in 04_entities.yml"
                )
                said.append(
                    f"{column.name} marks {count:,} of {column.rows:,} rows as deleted; write"
                    f" `where: {condition}` at the entity to leave them out"
                )
        elif word := _merge_word(here):
            points = _points_home(column, types[column.name], columns, keys)
            if points and word not in words:
                words[word] = column.name
                said.append(
                    f"{points:,} rows are merged into another by {column.name}; read as `{word}`"
                )
            else:
                comments.append(f"merged records: `{word}: {column.name}`, once it has values")
                why = (
                    "may name merged records, and leads to no row of this file"
                    if column.distinct
                    else "would name the record that a row was merged into, and is empty"
                )
                said.append(f"{column.name} {why}")
        elif here & _TESTS and kind in ("boolean", "category"):
            said.append(f"{column.name} may mark tests or bots; nothing is left out by it")
    return Standing(tuple(comments), words, tuple(words), tuple(said))


def _gone(column: Column, kind: str) -> tuple[str, int]:
    """The condition under which a row still counts, and how many rows it leaves out."""
    if kind == "boolean":
        yes = column.values.str.to_lowercase().is_in(["true", "t", "yes", "y", "1"])
        said = column.name if column.filled else f"coalesce({column.name}, false)"
        return f"not {said}", int(column.counts.filter(yes).sum())
    if kind in ("date", "timestamp") or not column.distinct:
        return f"{column.name} is null", column.filled_rows
    return "", 0


def _merge_word(words: set[str]) -> str:
    if any(sign <= words for sign in _FROM) and {"ids", "from"} & words:
        return "merged_from"
    return "merged_into" if any(sign <= words for sign in _INTO) else ""


def _points_home(column: Column, kind: Typed, columns: Sequence[Column], keys: Keys) -> int:
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
