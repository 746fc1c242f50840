"""What add-source says to a person: per source, per field that needs a look, per identifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook.onboard.links import Shared
from workbook.onboard.profiled import Profile

_MOST = 8


def of_source(profile: Profile) -> list[str]:
    """What was read and what is the key; then a line for each field that somebody should look at."""
    found, keys = profile.found, profile.keys
    files = f"{len(found.paths)} files ({found.pattern}), " if len(found.paths) > 1 else ""
    first = f"{found.source}: {files}{profile.rows:,} records, {len(profile.columns)} columns, {_key(profile)}."
    lines = [first]
    if profile.rejected:
        end = " They are the last lines of the file, such as the footer of a report; `skip_after:` leaves them unread." if profile.footer else ""
        lines.append(f"{profile.rejected:,} records have another number of fields than the header; they are set aside and counted.{end}")
    if profile.written.skip_before:
        lines.append(f"{profile.written.skip_before:,} lines above the header are not read (`skip_before:`).")
    if keys.repeats and keys.primary:
        lines.append(f"{keys.primary[0]} is unique but for {keys.repeats:,} rows: of rows that repeat a key one is used, and page 03 counts the others.")
    if keys.backwards:
        lines.append(f"{keys.backwards[1]} is often earlier than {keys.backwards[0]}; the two are not read as a period.")
    lines += _by_field(profile)
    lines += [f"{sentence}." for sentence in profile.standing.sentences]
    empty = [column.name for column in profile.columns if not column.distinct]
    if empty:
        lines.append(f"Empty in this file, typed by name alone: {_listed(empty)}.")
    return [lines[0], *(f"  {line}" for line in lines[1:])]


def of_identifiers(joined: Shared) -> list[str]:
    """Which fields hold the same values, and which were kept apart although they do."""
    lines = [f"Identifier {name} connects {_listed(each['in'])}." for name, each in joined.blocks.items()]
    lines += [f"Identifier {name} is also in {_listed(places)}." for name, places in joined.more.items()]
    if joined.aside:
        lines.append(f"Not part of an identifier, because another field of the same source names the row itself: {_listed(joined.aside)}.")
    if joined.counters:
        pairs = _listed(list(dict.fromkeys(joined.counters)))
        lines.append(f"Not connected, because both only count the rows of their own system: {pairs}. Where they mean the same, add an identifier.")
    return lines


def _key(profile: Profile) -> str:
    keys = profile.keys
    return f"key {', '.join(keys.primary)}" if keys.primary else "and no column is a key: rows go by their number until `primary_key:` is written"


def _by_field(profile: Profile) -> Iterator[str]:
    misfits = []
    for name, kind in profile.types.items():
        times, numbers = profile.times.get(name), profile.numbers.get(name)
        if kind.because:
            yield f"{name} is kept as {kind.type}, because {kind.because}. {_remedy(kind.because)}"
        elif name in profile.orders and times is not None:
            formats = " or ".join(times.orders)
            yield f"{name} could be read as {formats}, and no value tells; it is read as {times.formats[0]}, {profile.orders[name]}. Please confirm."
        elif times is not None and not times.sure and kind.type in ("date", "timestamp"):
            yield f"{name} is read as {' and '.join(times.formats)}, by its name. Please confirm."
        elif numbers is not None and numbers.either and kind.type in ("integer", "decimal", "money"):
            read = "thousands" if numbers.way[1] != "none" else "decimals"
            yield f"{name} has marks that could be those of thousands or of decimals; they are read as {read}. Please confirm."
        if kind.misfits:
            misfits.append(f"{name} ({kind.misfits:,})")
    if misfits:
        yield f"Values that do not fit their type, left empty and counted: {_listed(misfits)}."


def _remedy(because: str) -> str:
    if "known format" in because:
        return "Declare its `format:`, or leave it as text."
    return "Declare another type where these are errors; they are then empty and counted."


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {rest} more" if rest > 0 else "")
