"""`workbook forget RECORD`: removes one person's values from what is kept here, and says what
it cannot remove.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from workbook.book import Workbook, find_project
from workbook.cli.console import say
from workbook.cli.options import ARGUMENTS, WORDS, DataOption, ProjectOption
from workbook.engine import KEPT, landing_spec
from workbook.engine.landing import with_bounds
from workbook.errors import DataError, WorkbookError
from workbook.identity import LEDGER
from workbook.model.masking import mask_values
from workbook.model.table_names import table_of
from workbook.nearest_name import did_you_mean
from workbook.review import SIGNOFFS
from workbook.scenarios.context import Context
from workbook.survivorship.exceptions import EXCEPTIONS
from workbook.words import error_of

FREE_TEXTS = {
    EXCEPTIONS: ("use_value", "because"),
    LEDGER: ("because",),
    SIGNOFFS: ("because", "says"),
}
_SHORTEST = 3  # letters of a value by which a person is named in a free text
# types of what is one person's own; letters from which it is looked for in other sources
_OWN, _LONG = ("email", "phone"), 5
_PROTECTED = ("personal", "sensitive")
_ENDS = re.compile("\r\n|\n|\r")
_LINED = ("csv", "tsv", "ndjson")


def forget(
    record: Annotated[str, typer.Argument(metavar="RECORD", help=ARGUMENTS["record"])],
    project: ProjectOption = None,
    data: DataOption = None,
) -> None:
    """Remove a person's values from what is kept here."""
    book = Workbook.open(
        find_project(project), data=str(data.resolve()) if data else None, fetch="none"
    )
    try:
        for sentence in _forgotten(book, record):
            say(sentence)
    finally:
        book.close()


def _forgotten(book: Workbook, record: str) -> Iterator[str]:
    """Does it, and says what was removed, where the person stands in the sources, and what is
    out of reach.
    """
    context = book.context
    records = linked_records(context, record)
    rows = {record: row for record in records if (row := _row(context, record))}
    if not rows and not _is_stored(book, record):
        raise error_of(WorkbookError, "cli.unknown_record", record=record, hint="")
    values = sorted({value for item, row in rows.items() for value in _values(context, item, row)})
    mentions = _mentions(context, rows)
    kept = _unconcerned(
        book, {_source(record) for record in records} | {source for source, _ in mentions}
    )
    removed = book.engine.store.forget(kept)
    _remove_copies(book.root)
    yield WORDS.text("forget.removed", tables=len(removed))
    for name, columns in FREE_TEXTS.items():
        folder = book.model.project.decisions
        lines = mask_values(
            book.root / folder / name, columns, [v for v in values if len(v) >= _SHORTEST]
        )
        if lines:
            numbers = [str(line) for line in lines]
            file = f"{folder}/{name}"
            yield WORDS.text("forget.masked", file=file, count=len(lines), lines=numbers)
    yield from _still(
        context, [(_source(item), int(str(row["_row"]))) for item, row in rows.items()], mentions
    )


def linked_records(context: Context, record: str) -> list[str]:
    """The record and those of the same customer, sorted.

    Raises:
        WorkbookError: no source of the model has that name.
    """
    model, source = context.model, _source(record)
    if source not in model.source_names or not record.partition(":")[2]:
        hint = did_you_mean(source, model.source_names)
        raise error_of(WorkbookError, "cli.unknown_record", record=record, hint=hint)
    found = {record}
    for entity in model.entity_names:
        if (
            model.has_identity(entity)
            and source in model.entity_sources(entity)
            and context.has(f"{entity}__clusters")
        ):
            clusters = context.frame(f"{entity}__clusters")
            ids = clusters.filter(pl.col("record") == record)["id"]
            found |= set(clusters.filter(pl.col("id").is_in(ids.to_list()))["record"])
    return sorted(found)


def _source(record: str) -> str:
    return record.partition(":")[0]


def _row(context: Context, record: str) -> dict[str, object] | None:
    """The record as it landed; None where it is not in its source."""
    table = table_of(_source(record))
    rows = (
        context.frame(table).filter(pl.col("_record") == record).to_dicts()
        if context.has(table)
        else []
    )
    return rows[0] if rows else None


def _values(context: Context, record: str, row: dict[str, object]) -> Iterator[str]:
    """What the record says of the person: its protected values, and its key."""
    yield record.partition(":")[2]
    for name, field in context.model.fields(_source(record)).items():
        value = row.get(name)
        if field.cls in _PROTECTED and isinstance(value, str) and value.strip():
            yield value.strip()


def _telling(context: Context, rows: dict[str, dict[str, object]]) -> frozenset[str]:
    """What of the records is nobody else's, in small letters: mails, telephone numbers, and
    keys of some length.
    """
    found: set[str] = set()
    for record, row in rows.items():
        fields = context.model.fields(_source(record)).items()
        found |= {str(row[name]) for name, field in fields if field.type in _OWN and row.get(name)}
        found.add(record.partition(":")[2])
    return frozenset(text.strip().casefold() for text in found if len(text) >= _LONG)


def _mentions(context: Context, rows: dict[str, dict[str, object]]) -> list[tuple[str, int]]:
    """Each source and row of it that repeats what is the person's own, the records themselves
    left out.
    """
    telling, own = (
        _telling(context, rows),
        {(_source(item), row["_row"]) for item, row in rows.items()},
    )
    found: list[tuple[str, int]] = []
    for source in context.model.source_names if telling else ():
        frame = context.frame(f"raw__{table_of(source)}")
        names = [
            name
            for name, kind in frame.schema.items()
            if kind == pl.String and not name.startswith("_")
        ]
        same = [pl.col(name).str.strip_chars().str.to_lowercase().is_in(telling) for name in names]
        held = frame.filter(pl.any_horizontal(same))["_row"] if same else []
        found += [(source, row) for row in held if (source, row) not in own]
    return found


def _unconcerned(book: Workbook, sources: Iterable[str]) -> frozenset[str]:
    """The contents of today's tables that are not made from these sources."""
    plan, made = book.plan, book.build()
    starts = [f"raw__{table_of(source)}" for source in sources]
    concerned = {
        *starts,
        *(name for start in starts if start in plan for name in plan.below(start)),
    }
    held = {made[name].content for name in concerned if name in made}
    return frozenset(
        {table.content for name, table in made.items() if name not in concerned} - held
    )


def _is_stored(book: Workbook, record: str) -> bool:
    """Whether a stored table, of whatever run, holds the record."""
    store = book.engine.store
    store.verify()  # a damaged table is none
    for content in store.stored():
        known = store.content(content)
        names = [name for name in ("_record", "record") if known and name in known.columns]
        frame = (
            pl.read_parquet(store.path(content), columns=names, glob=False, hive_partitioning=False)
            if names
            else pl.DataFrame()
        )
        if any((frame[name].cast(pl.String) == record).any() for name in names):
            return True
    return False


def _remove_copies(root: Path) -> None:
    """Remove extracts, copies of earlier decisions, the log of the last crash and the memo of
    SQL.
    """
    kept = root / KEPT
    for name in ("extracts", "decisions"):
        shutil.rmtree(kept / name, ignore_errors=True)
    for file in (kept / "crash.txt", *kept.glob("sql-*.json")):
        file.unlink(missing_ok=True)


def _still(
    context: Context, own: Sequence[tuple[str, int]], mentions: Sequence[tuple[str, int]]
) -> Iterator[str]:
    """Where the person is still found, and what no command of ours removes."""
    if own:
        yield WORDS.text("forget.delete")
        yield from (f"  {_place(context, source, row)}" for source, row in own)
    if mentions:
        yield WORDS.text("forget.mentions")
    for source in dict.fromkeys(source for source, _ in mentions):
        rows = [row for name, row in mentions if name == source]
        place = _place(context, source, rows[0])
        if further := len(rows) - 1:
            place = f"{place} {WORDS.text('forget.more', count=further, source=source)}"
        yield f"  {place}"
    yield WORDS.text("forget.not_removed")


def _place(context: Context, source: str, row: int) -> str:
    """A row of a source where somebody finds it: file and line where its lines can be counted,
    else its number.
    """
    try:
        spec = landing_spec(context.model, source)
    except DataError:
        return _numbered(source, row)
    if len(spec.files) > 1 or context.model.sources.sources[source].connection:
        return _numbered(source, row)
    file = Path(spec.files[0])
    line = row + with_bounds(spec, file).skip_before + (spec.format != "ndjson")
    lined = spec.format in _LINED and _line_per_record(file, spec.encoding, spec.quote)
    name = file.relative_to(context.model.root) if file.is_relative_to(context.model.root) else file
    return f"{name}:{line}" if lined else _numbered(str(name), row)


def _numbered(place: str, row: int) -> str:
    """A row of a place by its number."""
    return WORDS.text("forget.record", place=place, row=str(row))


def _line_per_record(file: Path, encoding: str, mark: str) -> bool:
    """Whether no record of a text file spans lines, so that a record's number is its line's."""
    lines = _ENDS.split(file.read_text(encoding, "replace").rstrip("\r\n"))
    return all(line.strip() and not (mark and line.count(mark) % 2) for line in lines)
