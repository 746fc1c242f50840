"""Files, profiled: read by the same reader as every run, then typed column by column, by all of
their values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from workbook.engine import Engine, Plan
from workbook.engine.landing import FAILED, FieldSpec, SourceSpec, landing_tables
from workbook.engine.landing.formats import FORMATS
from workbook.sources.onboard.column_decision import Beside, Typed
from workbook.sources.onboard.column_types import typed
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.deleted_and_test_rows import RowMarkOffer, standing_of
from workbook.sources.onboard.empty_markers import failed_cells, missing_in
from workbook.sources.onboard.files import Found
from workbook.sources.onboard.footers import Footer, hollow_rows, totals_inside, without_footer
from workbook.sources.onboard.headers import columns_of, names_of
from workbook.sources.onboard.id_columns import with_salesforce
from workbook.sources.onboard.line_items import Lines, lines_of
from workbook.sources.onboard.nested_values import with_nested
from workbook.sources.onboard.number_style import Numbers, read_numbers
from workbook.sources.onboard.proposed_keys import Keys, keys_of
from workbook.sources.onboard.sniff import FileForm, NoTableError, sniffed
from workbook.sources.onboard.stacked_tables import gap_between, is_second_header, table_below
from workbook.sources.onboard.time_numbers import Times
from workbook.sources.onboard.time_style import in_order, read_times
from workbook.words import error_of


@dataclass(frozen=True, eq=False)
class Profile:
    """What was found out about one source.

    `order` says how day and month were told where the values leave it open: the words of a person.
    """

    found: Found
    written: FileForm
    columns: tuple[ColumnValues, ...]
    missing: tuple[str, ...]
    times: Mapping[str, Times | None]
    numbers: Mapping[str, Numbers | None]
    rows: int
    rejected: int
    ascii: bool = False  # no character tells one encoding from another
    footer: bool = False  # what was rejected are its last rows
    totals: bool = False  # what is skipped below the last record are totals
    totals_inside: int = 0  # records that look like totals
    hollow: int = 0  # records that hold nothing
    failed: Mapping[str, int] = field(default_factory=dict)  # formulas that failed, by column
    types: Mapping[str, Typed] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    standing: RowMarkOffer = field(default_factory=RowMarkOffer)
    orders: Mapping[str, str] = field(default_factory=dict)
    table_below: str = ""  # what the header of another table below this one begins with
    second_header: bool = False  # the first record is units or explanations
    gap: str = ""  # an empty column that seems to part two tables
    lines: Lines | None = None  # where a row is a line of something larger


def read_profile(found: Found, engine: Engine, skip_after: int = 0) -> Profile:
    """One source as it is read: its columns, and how their days and numbers are written.

    `skip_after` is the footer that all of several files have.

    Raises:
        DataError: the file is empty, has no header, or cannot be read.
    """
    written = sniffed(found.path, found.sheet)
    if found.starts_at:
        written = replace(written, skip_before=0)
    spec = _spec(found, written, skip_after)
    below_it = table_below(spec)
    spec = replace(spec, ends_before=below_it)
    raw = engine.frame(Plan([landing_tables(spec.name, spec)[0]]), f"raw__{spec.table}")
    parted = below_it or found.starts_at
    below, raw = (Footer(), raw) if parted else without_footer(spec, raw)
    if found.sheet and not raw.height:
        named = f"{found.path.name}, sheet '{found.sheet}'"
        raise error_of(NoTableError, "sources.no_rows", place=named)
    written = replace(written, skip_after=below.rows or skip_after)
    accepted = raw.filter(pl.col("_reject").is_null())
    footer = accepted.height < raw.height and bool(
        raw["_reject"][accepted.height :].is_not_null().all()
    )
    texts = accepted.select(_bare(spec, f.name).replace("", None) for f in spec.fields)
    read = [ColumnValues.of(each.header, each.name, texts[each.name]) for each in spec.fields]
    second = is_second_header(read)
    if second:
        texts = texts.slice(1)
        read = [ColumnValues.of(each.header, each.name, texts[each.name]) for each in spec.fields]
    missing = missing_in(read, "csv" if found.connection else written.format)
    failed = failed_cells(read)
    # a formula that failed says nothing of its column
    empty = (*missing, *(FAILED if failed else ()))
    columns = tuple(
        column.without(empty) for column in read if column.distinct or column.header[:1] != "#"
    )
    columns = with_nested(columns, empty)
    plain = written.encoding == "utf-8" and not any(
        column.share(r"[^\x00-\x7F]") for column in read
    )
    times = {column.name: read_times(column) for column in columns}
    usual = usual_marks(read_numbers(column) for column in columns if times[column.name] is None)
    numbers = {
        column.name: None if times[column.name] else read_numbers(column, usual)
        for column in columns
    }
    return Profile(
        found,
        written,
        columns,
        missing,
        times,
        numbers,
        raw.height,
        raw.height - accepted.height,
        plain,
        footer,
        below.totals,
        totals_inside(accepted),
        hollow_rows(accepted),
        failed,
        table_below=below_it,
        second_header=second,
        gap=gap_between(read),
    )


def _bare(spec: SourceSpec, name: str) -> pl.Expr:
    """The text of the cells of a column without what stands around it, as landing takes it off."""
    cells = pl.col(name).str.strip_chars()
    if spec.format not in ("csv", "tsv"):
        return cells
    without = cells.str.replace(r"^=[\"“”]([^\"“”]*)[\"“”]$", "$1")
    return without.str.replace(r"^'([+-]?[0-9][0-9 ()./,-]{2,})$", "$1")


def resolved(profiles: Sequence[Profile]) -> list[Profile]:
    """The same profiles with types and keys; what a column leaves open is told by its file,
    then by its system.
    """
    by_system: dict[str, dict[str, int]] = {}
    for profile in profiles:
        for order in _told(profile.times.values()):
            counts = by_system.setdefault(profile.found.system, {})
            counts[order] = counts.get(order, 0) + 1
    return [
        _typed(_ordered(profile, by_system.get(profile.found.system, {}))) for profile in profiles
    ]


def usual_marks(numbers: Iterable[Numbers | None]) -> dict[str, str]:
    """The decimal mark and the mark of thousands on which all columns agree that show one."""
    shown: dict[str, set[str]] = {"mark": set(), "thousands": set()}
    for each in numbers:
        if each is not None and each.sure:
            shown["mark"] |= {each.mark} - {""}
            shown["thousands"] |= {each.thousands} - {"", "none"}
    return {word: next(iter(found)) for word, found in shown.items() if len(found) == 1}


def _told(times: Iterable[Times | None]) -> Iterator[str]:
    """The orders of day and month that columns show."""
    for each in times:
        if each is not None and len(each.orders) == 1:
            yield each.orders[0]


def _ordered(profile: Profile, system: Mapping[str, int]) -> Profile:
    """Dates that could be read two ways, read as the file's other columns show, or its
    system's, or as it is usual.
    """
    here: dict[str, int] = {}
    for order in _told(profile.times.values()):
        here[order] = here.get(order, 0) + 1
    times, said = dict(profile.times), dict(profile.orders)
    for column in profile.columns:
        each = times[column.name]
        if each is None or not each.open:
            continue
        source, where = (
            (here, "as other columns of the file are")
            if here
            else (system, "as other files of the system are")
        )
        order = max(source, key=lambda name: source[name]) if source else each.orders[0]
        times[column.name] = in_order(column, each, order)
        said[column.name] = where if source else "which is a guess"
    return replace(profile, times=times, orders=said)


def _typed(profile: Profile) -> Profile:
    beside = Beside(profile.found.table, profile.columns, profile.times, profile.numbers)
    types = with_salesforce(
        {column.name: typed(column, beside) for column in profile.columns}, profile.columns
    )
    own = [column for column in profile.columns if not column.within[1].startswith("[")]
    keys = keys_of(profile.found.table, own, types)  # an entry of a list is no key of its row
    lines = None if keys.primary else lines_of(profile.columns, types)
    types |= (
        {lines.head: Typed("id", guess=("type",))}
        if lines and types[lines.head].type == "text"
        else {}
    )
    standing = standing_of(profile.columns, types, keys)
    return replace(profile, types=types, keys=keys, standing=standing, lines=lines)


def _spec(found: Found, written: FileForm, skip_after: int = 0) -> SourceSpec:
    """The source with every column as text."""
    files = tuple(map(str, found.paths))
    bare = SourceSpec(
        found.source,
        files,
        (),
        written.format,
        written.delimiter,
        written.encoding,
        sheet=found.sheet,
        skip_before=written.skip_before,
        skip_after=skip_after,
        several=len(files) > 1,
        starts_at=found.starts_at,
    )
    every = [list(FORMATS[bare.format].header(bare, path)) for path in found.paths]
    headers = list(dict.fromkeys(name for header in reversed(every) for name in columns_of(header)))
    names = names_of(headers, found.table)
    fields = [
        FieldSpec(name, header if header != name else "")
        for header, name in zip(headers, names, strict=True)
    ]
    return replace(bare, fields=tuple(fields))
