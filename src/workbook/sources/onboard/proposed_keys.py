"""The key of a table, when its rows are true, and when they were written: measured where it can
be, else guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import thing_of, word_set
from workbook.sources.onboard.time_numbers import looks_timed

_WRITTEN = ("updated", "modified", "changed", "recorded", "logged")
_PROCESSED = (
    "synced",
    "sync",
    "loaded",
    "load",
    "ingested",
    "ingest",
    "etl",
    "extracted",
    "imported",
    "inserted",
    "processed",
    "received",
    "dwh",
)
_STARTS = ("start", "started", "starts", "begin", "began", "from", "effective", "joined")
_ENDS = ("end", "ended", "ends", "until", "to", "expires", "expired", "left")
_OPENED, _CLOSED = (
    ("created", "submitted", "opened", "requested"),
    (
        "closed",
        "resolved",
        "solved",
        "completed",
    ),
)
_ISSUED = {"issued", "occurred", "happened"}
_HAPPENED = (
    "timestamp",
    "time",
    "derived",
    "event",
    "usage",
    "snapshot",
    "changed",
    "answered",
    "submitted",
    "sent",
    "viewed",
    "ordered",
    "purchased",
    "collector",
    "tstamp",
    "date",
    "at",
    "on",
)
_NEVER = {"created", "birth", "birthday", "birthdate", "dob", "born"}
_EVENTS = word_set(
    """order payment charge invoice ticket event transaction refund session visit message call
    deal opportunity opp subscription booking purchase shipment delivery conversation case click
    view signup lead_event donation quote"""
)
_PROFILE = ("email", "phone", "person_name", "full_name", "company_name", "domain")
_IDS = ("id", "salesforce_id", "device_id")
_KEYED = (*_IDS, "text", "integer", "category", "currency", "email")
_TIME = ("date", "timestamp")
_REPEATS = 0.03  # of the rows may repeat an id that is meant as the key
_BACKWARDS = 0.03  # of the periods may end before they start


@dataclass(frozen=True)
class Keys:
    """A table's key, its times, and which of these somebody must confirm.

    `repeats` rows repeat its key or have none. `backwards` names an end that often lies before
    its start, and is therefore not read as one.
    """

    primary: tuple[str, ...] = ()
    valid: tuple[str, ...] = ()
    recorded: str = ""
    guess: tuple[str, ...] = ()
    repeats: int = 0
    backwards: tuple[str, ...] = ()


def keys_of(table: str, columns: Sequence[ColumnValues], types: Mapping[str, Typed]) -> Keys:
    """The key by measurement and name, the times by name."""
    primary, sure = _primary(table, columns, types)
    times = [column for column in columns if types[column.name].type in _TIME and column.distinct]
    recorded = _first(times, _WRITTEN) or _first(times, _PROCESSED)
    in_key = [column for column in times if column.name in primary]
    event = bool({*thing_of(table)[-1:]} & _EVENTS)
    profile = not event and any(each.type in _PROFILE for each in types.values())
    business = [c for c in times if c.name != recorded and not {*c.words} & {*_PROCESSED}]
    valid, backwards = tuple(column.name for column in in_key[:1]), ()
    if not (len(primary) > 1 and in_key):
        valid, backwards = _valid(business, profile=profile, event=event, recorded=recorded)
    said = (("primary_key", primary and not sure), ("valid", valid), ("recorded", recorded))
    repeats = next((column.repeats for column in columns if primary == (column.name,)), 0)
    return Keys(
        primary,
        valid,
        recorded,
        tuple(word for word, guessed in said if guessed),
        repeats,
        backwards,
    )


def _first(times: Sequence[ColumnValues], words: Sequence[str]) -> str:
    return next((column.name for word in words for column in times if word in column.words), "")


def _primary(
    table: str, columns: Sequence[ColumnValues], types: Mapping[str, Typed]
) -> tuple[tuple[str, ...], bool]:
    """The columns that tell all rows apart, and whether the name says so, too.

    An id that a few rows repeat is meant as the key all the same: two columns that hide the
    repeats would count them.
    """
    words = thing_of(table)
    own = {"_".join(words), words[-1]}
    # neither a list names a row nor a number of which a spreadsheet kept only some digits
    columns = [
        c
        for c in columns
        if not types[c.name].words.get("split") and c.spoiled <= _REPEATS * c.rows
    ]
    single = [column for column in columns if column.unique and types[column.name].type in _KEYED]
    named = [c for c in single if _stem(c) in own and types[c.name].type in _IDS]
    ids = [column for column in single if types[column.name].type in _IDS]
    nearly = [
        c for c in columns if types[c.name].type in _IDS and not c.unique and _nearly(c, table=own)
    ]
    others = [column for column in single if not _sized(column, types)]
    nearly.sort(key=lambda c: (_stem(c) not in own, c.repeats))
    for found, sure in (
        (named, True),
        (ids, ids[:1] == list(columns[:1])),
        (nearly, False),
        (others, False),
    ):
        if found:
            return (found[0].name,), sure
    return _several(columns, types), False


def _stem(column: ColumnValues) -> str:
    return column.name.lower().removesuffix("_id").removesuffix("_key").removesuffix("_uuid")


def _nearly(column: ColumnValues, table: set[str]) -> bool:
    """Whether all but a few rows tell themselves apart by it."""
    most = 0.1 if _stem(column) in table else _REPEATS
    return column.filled and column.rows >= 10 and column.repeats <= most * column.rows


def _sized(column: ColumnValues, types: Mapping[str, Typed]) -> bool:
    """Whether whole numbers are amounts or times of something rather than numbers of rows."""
    counts = column.share(r"^\d+$") == 1 and not looks_timed(column)
    return types[column.name].type == "integer" and not counts


def _several(columns: Sequence[ColumnValues], types: Mapping[str, Typed]) -> tuple[str, ...]:
    """The first two or three ids, codes and times that tell all rows apart together."""
    kinds = (*_IDS, *_TIME, "currency")
    known = [column for column in columns if column.filled and types[column.name].type in kinds]
    known = [
        column for column in known if column.distinct > 1 or types[column.name].type == "currency"
    ][:6]
    for size in (2, 3):
        for some in combinations(known, size):
            if all(types[column.name].type in _TIME for column in some):
                continue
            rows = pl.DataFrame([column.cells.alias(column.name) for column in some])
            if rows.height and rows.n_unique() == rows.height:
                return tuple(column.name for column in some)
    return ()


def _valid(
    times: Sequence[ColumnValues], *, profile: bool, event: bool, recorded: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """When it was issued or occurred; else a start and an end; else the one time at which it
    happened.

    A row that is somebody's profile has none: it is true from when it was written. Beside it
    the pairs that were refused, because their ends lie before their starts.
    """
    times = [column for column in times if not {*column.words} & (_NEVER - {"created"})]
    issued = next((column.name for column in times if _ISSUED & {*column.words}), "")
    if issued:
        return (issued,), ()
    for starts, ends in ((_STARTS, _ENDS), (_OPENED, _CLOSED)):
        first = next((c for c in times if {*c.words} & {*starts}), None)
        last = next((c for c in times if {*c.words} & {*ends} and c is not first), None)
        if first is not None and last is not None:
            if _forwards(first, last):
                return (first.name, last.name), ()
            return (() if profile else (first.name,)), (first.name, last.name)
    if profile:
        return (), ()
    created = next((column.name for column in times if "created" in column.words), "")
    if event and created:
        return (created,), ()
    for word in _HAPPENED:
        for column in times:
            if word in column.words and not _NEVER & {*column.words}:
                return (column.name,), ()
    return ((times[0].name,) if len(times) == 1 and not recorded else ()), ()


def _forwards(first: ColumnValues, last: ColumnValues) -> bool:
    """Whether nearly every end that is written as its start lies after it; others are not
    compared.
    """
    if first.share(r"^\d{4}-\d\d-\d\d") < 1 or last.share(r"^\d{4}-\d\d-\d\d") < 1:
        digits = r"^\d{10}(\d{3})?$"
        if first.share(digits) < 1 or last.share(digits) < 1:
            return True
    both = pl.DataFrame([first.cells.alias("a"), last.cells.alias("b")]).drop_nulls()
    return both.height == 0 or int((both["b"] < both["a"]).sum()) <= _BACKWARDS * both.height
