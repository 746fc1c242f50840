"""What add-source says to a person: per source, per field that needs a look, per identifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbook.engine.landing import SUFFIXES
from workbook.sources.onboard.column_decision import Typed
from workbook.sources.onboard.line_items import Lines
from workbook.sources.onboard.profiled_files import Profile
from workbook.sources.onboard.shared_identifiers import SharedIdentifier

_MOST = 8
_EVERYBODYS = {"email", "phone", "domain", "url"}


def of_source(profile: Profile) -> list[str]:
    """What was read and what is the key; then a line for each field that somebody should look
    at.
    """
    found, keys = profile.found, profile.keys
    files = f"{len(found.paths)} files ({found.pattern}), " if len(found.paths) > 1 else ""
    inside = [column.name for column in profile.columns if column.within[1]]
    columns = len(profile.columns) - len(inside)
    first = f"{found.source}: {files}{profile.rows:,} records, {columns} columns, {_key(profile)}."
    lines = [first]
    lines += [*_skipped(profile), *_parts(profile)]
    if profile.lines:
        lines.append(_lines(profile.lines, profile.rows))
    if keys.repeats and keys.primary:
        lines.append(
            f"{keys.primary[0]} is unique but for {keys.repeats:,} rows: of rows that repeat a key"
            " one is used, and page 03 counts the others."
        )
    if keys.backwards:
        lines.append(
            f"{keys.backwards[1]} is often earlier than {keys.backwards[0]}; the two are not read"
            " as a period."
        )
    if inside:
        lines.append(
            f"Taken from inside JSON, by `path:`: {_listed(inside)}. Remove what nobody needs."
        )
    lines += _by_field(profile)
    lines += [f"{sentence}." for sentence in profile.standing.sentences]
    empty = [column.name for column in profile.columns if not column.distinct]
    if empty:
        lines.append(f"Empty in this file, typed by name alone: {_listed(empty)}.")
    return [lines[0], *(f"  {line}" for line in lines[1:])]


def _skipped(profile: Profile) -> Iterator[str]:
    """What of the file is no record, or seems to be none."""
    written = profile.written
    above, below, unit = written.skip_before, written.skip_after, "line"
    if written.format == "excel":
        unit = "row"
    if above:
        yield (
            f"The header is in {unit} {above + 1}; what stands above it is not read "
            f"(`skip_before: {above}`, a guess)."
        )
    if below:
        what = "totals" if profile.totals else "notes"
        last = f"The last {below} {unit}s hold" if below > 1 else f"The last {unit} holds"
        yield (
            f"{last} {what} and no record, and {'are' if below > 1 else 'is'} not read "
            f"(`skip_after: {below}`, a guess). A later file must end in the same way, or "
            "`ends_before:` name the text that its footer begins with."
        )
    if profile.rejected:
        end = (
            " They are the last lines of the file, such as the footer of a report; "
            "`skip_after:` leaves them unread."
        )
        yield (
            f"{profile.rejected:,} records have another number of fields than the header; "
            f"they are set aside and counted.{end if profile.footer else ''}"
        )
    if profile.hollow:
        yield (
            f"{profile.hollow:,} records hold nothing, as the empty rows of a spreadsheet do. They"
            " are read as records: leave them out with `where:` at the entity, or take them out of"
            " the file."
        )
    if profile.failed:
        where = _listed([f"{name} ({count:,})" for name, count in profile.failed.items()])
        yield f"Formulas that failed or were not calculated are left empty and counted: {where}."
    if profile.totals_inside:
        yield (
            f"{profile.totals_inside:,} records look like totals of others. They are read as"
            " records: leave them out with `where:` at the entity, or take them out of the file."
        )


def _parts(profile: Profile) -> Iterator[str]:
    """What seems to stand beside the table: another one, another line of the header."""
    if profile.table_below:
        yield (
            f"Another table begins below it, with '{profile.table_below}': it is a source of its"
            " own. Each is found by its text (`starts_at`, `ends_before`), a guess."
        )
    if profile.second_header:
        yield (
            "The first record holds units or explanations, as a second line of the header does. It"
            " is read as a record: leave it out with `where:` at the entity, or take it out of the"
            " file."
        )
    if profile.gap:
        yield (
            f"Column {profile.gap} is empty, and what stands on its two sides has other lengths:"
            " two tables may stand side by side. A row is read across both: give each a sheet or a"
            " file of its own, or a source of its own with its own fields and a `where:` at its"
            " entity."
        )
    if profile.written.skip_before and any(
        column.header.partition("#")[2].isdigit() for column in profile.columns
    ):
        yield (
            "Columns share a name, and the line above the header may name their groups: give each"
            " field the name of its group."
        )


def of_passed_over(files: Sequence[Path]) -> list[str]:
    """What to say of files in a folder that were not read."""
    named = [path.name for path in files if path.suffix.lower() in SUFFIXES]
    other = [path.name for path in files if path.suffix.lower() not in SUFFIXES]
    lines = []
    if named:
        lines.append(
            f"Not read, because a text may be anything: {_listed(named)}. Name what is a table."
        )
    if other:
        lines.append(
            f"Not read: {_listed(other)}. Unpack them, or export them as CSV, Excel, JSON"
            " or Parquet; a database is read by a connection."
        )
    return lines


def of_identifiers(joined: SharedIdentifier) -> list[str]:
    """Which fields hold the same values, and which were kept apart although they do."""
    lines = [
        f"Identifier {name} connects {_listed(each['in'])}." for name, each in joined.blocks.items()
    ]
    lines += [
        f"Identifier {name} is also in {_listed(places)}." for name, places in joined.more.items()
    ]
    if joined.aside:
        listed = _listed([f"{place} ({name})" for place, name in joined.aside.items()])
        why = "Not part of an identifier, because another field of the same source is"
        lines.append(f"{why}: {listed}.{_pointer(joined)}")
    if joined.counters:
        pairs = _listed(list(dict.fromkeys(joined.counters)))
        lines.append(
            f"Not connected, because both only count the rows of their own system: {pairs}. Where"
            " they mean the same, add an identifier."
        )
    return lines


def _pointer(joined: SharedIdentifier) -> str:
    """How a second field that leads to a key is used, for the first that does."""
    for place, name in joined.aside.items():
        if not {*name.split("_")} & _EVERYBODYS:
            words = f"write a relationship: `by: {place}`, `as: {name}`"
            return f" Where one leads to another row, such as a parent, {words}."
    return ""


def _lines(found: Lines, rows: int) -> str:
    """What a file of lines means for counts and sums."""
    where = f"`where: {found.mark} is not null` at the entity takes each once"
    once = f"{len(found.once)} fields ({_listed(found.once)}) are filled in its first line only"
    said = f"Rows are lines: {rows:,} of them for {found.wholes:,} values of {found.head}. {once}"
    return f"{said}; {where}." if found.mark else f"{said}."


def _key(profile: Profile) -> str:
    keys = profile.keys
    return (
        f"key {', '.join(keys.primary)}"
        if keys.primary
        else "and no column is a key: rows go by their number until `primary_key:` is written"
    )


def _by_field(profile: Profile) -> Iterator[str]:
    for name, kind in profile.types.items():
        yield from _as_read(profile, name, kind)
        if kind.told:
            yield f"{name} {kind.told}."
    yield from _misfits(profile)


def _as_read(profile: Profile, name: str, kind: Typed) -> Iterator[str]:
    """What a field is read as, where its values do not tell."""
    times, numbers = profile.times.get(name), profile.numbers.get(name)
    if kind.because:
        yield f"{name} is kept as {kind.type}, because {kind.because}. {_remedy(kind.because)}"
    elif name in profile.orders and times is not None:
        formats = " or ".join(times.orders)
        said = f"no value tells; it is read as {times.formats[0]}, {profile.orders[name]}"
        yield f"{name} could be read as {formats}, and {said}. Please confirm."
    elif times is not None and not times.sure and kind.type in ("date", "timestamp"):
        yield f"{name} is read as {' and '.join(times.formats)}, by its name. Please confirm."
    elif numbers is not None and numbers.either and kind.type in ("integer", "decimal", "money"):
        read = "thousands" if numbers.way[1] != "none" else "decimals"
        marks = "marks that could be those of thousands or of decimals"
        yield f"{name} has {marks}; they are read as {read}. Please confirm."


def _misfits(profile: Profile) -> Iterator[str]:
    """The values that a spreadsheet spoiled, and those that do not fit the type of their field."""
    cut = {column.name: column.spoiled for column in profile.columns}
    emptied, kept = [], []
    for name, kind in profile.types.items():
        if kind.misfits and kind.misfits == cut[name]:
            spoiled = f"{kind.misfits:,} of {profile.rows:,} cells are long numbers"
            yield (
                f"{name}: {spoiled} that a spreadsheet cut to some of their digits. "
                "They are left empty and counted: export the column as text."
            )
        elif kind.misfits:
            told = kept if kind.type == "email" else emptied
            told.append(f"{name} ({kind.misfits:,})")
    if emptied:
        yield f"Values that do not fit their type, left empty and counted: {_listed(emptied)}."
    if kept:
        yield f"Values that are no e-mail address, kept as they are: {_listed(kept)}."


def _remedy(because: str) -> str:
    if "known format" in because:
        return "Declare its `format:`, or leave it as text."
    return "Declare another type where these are errors; they are then empty and counted."


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {rest} more" if rest > 0 else "")
