"""The key of a table, when its rows are true, and when they were written: measured where it can be, else guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from workbook.onboard.column import Read, singular, words_of
from workbook.onboard.types import Typed

_RECORDED = ("updated", "modified", "synced", "loaded", "ingested", "received", "logged", "recorded", "extracted")
_STARTS = ("start", "started", "starts", "begin", "began", "from", "effective", "joined")
_ENDS = ("end", "ended", "ends", "until", "to", "expires", "expired", "left")
_OPENED, _CLOSED = ("created", "submitted", "opened", "requested"), ("closed", "resolved", "solved", "completed")
_HAPPENED = (
    "occurred", "happened", "timestamp", "time", "event", "issued", "usage", "snapshot", "changed", "answered", "submitted", "sent", "viewed",
    "ordered", "purchased", "date", "at", "on",
)  # fmt: skip
_PROFILE = ("email", "phone", "person_name", "full_name", "company_name", "domain")
_KEYED = ("id", "text", "integer", "date", "timestamp", "currency", "email")
_TIME = ("date", "timestamp")


@dataclass(frozen=True)
class Keys:
    """A table's key, its times, and which of these somebody must confirm."""

    primary: tuple[str, ...] = ()
    valid: tuple[str, ...] = ()
    recorded: str = ""
    guess: tuple[str, ...] = ()


def keys_of(table: str, columns: Sequence[Read], types: Mapping[str, Typed]) -> Keys:
    """The key by measurement and name, the times by name."""
    primary, sure = _primary(table, columns, types)
    times = [column for column in columns if types[column.name].type in _TIME and len(column.values)]
    recorded = next((c.name for c in times if set(c.words) & set(_RECORDED)), "")
    in_key = [column for column in times if column.name in primary]
    valid = (in_key[0].name,) if len(primary) > 1 and in_key else _valid([c for c in times if c.name != recorded], profile=any(each.type in _PROFILE for each in types.values()), recorded=recorded)
    said = (("primary_key", primary and not sure), ("valid", valid), ("recorded", recorded))
    return Keys(primary, valid, recorded, tuple(word for word, guessed in said if guessed))


def _primary(table: str, columns: Sequence[Read], types: Mapping[str, Typed]) -> tuple[tuple[str, ...], bool]:
    """The columns that tell all rows apart, and whether the name says so, too."""
    words = words_of(table)
    own = {"_".join([*words[:-1], singular(words[-1])]), singular(words[-1])} if words else set()
    single = [column for column in columns if column.unique and types[column.name].type in _KEYED]
    named = [c for c in single if c.name.lower().removesuffix("_id").removesuffix("_key") in own and types[c.name].type == "id"]
    ids = [column for column in single if types[column.name].type == "id"]
    others = [column for column in single if types[column.name].type not in _TIME]
    for found, sure in ((named, True), (ids, ids[:1] == list(columns[:1])), (others, False)):
        if found:
            return (found[0].name,), sure
    first = columns[0] if columns else None
    if first is not None and types[first.name].type == "id" and first.filled and first.distinct > 0.9 * first.rows and {first.name.lower().removesuffix("_id")} & own:
        return (first.name,), False  # meant as the key, and a few rows repeat it: the page will say so
    return _several(columns, types), False


def _several(columns: Sequence[Read], types: Mapping[str, Typed]) -> tuple[str, ...]:
    """The first two or three ids, codes and times that tell all rows apart together."""
    known = [column for column in columns if column.filled and types[column.name].type in ("id", "date", "timestamp", "currency")][:6]
    for size in (2, 3):
        for some in combinations(known, size):
            rows = pl.DataFrame({column.name: column.values for column in some})
            if rows.height and rows.n_unique() == rows.height:
                return tuple(column.name for column in some)
    return ()


def _valid(times: Sequence[Read], *, profile: bool, recorded: str) -> tuple[str, ...]:
    """When it was issued or occurred; else a start and an end; else, where a row is nobody's profile, the one time at which it happened."""
    issued = next((column.name for column in times if {"issued", "occurred", "happened"} & set(column.words)), "")
    if issued:
        return (issued,)
    for starts, ends in ((_STARTS, _ENDS), (_OPENED, _CLOSED)):
        first = next((c.name for c in times if set(c.words) & set(starts)), "")
        last = next((c.name for c in times if set(c.words) & set(ends) and c.name != first), "")
        if first and last:
            return first, last
    if profile:
        return ()
    for word in _HAPPENED:
        for column in times:
            if word in column.words and not {"created", "birth"} & set(column.words):
                return (column.name,)
    return (times[0].name,) if len(times) == 1 and not recorded else ()
