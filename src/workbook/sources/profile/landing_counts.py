"""What landing made of each source: rows read and counted again, rows rejected, bad cells, keys
that repeat.
"""

from __future__ import annotations

from pathlib import Path

from workbook.engine import SourceSpec, Table, landing_spec, landing_tables, quote
from workbook.engine.landing import SUFFIXES, odd_times_sql
from workbook.engine.sql import text
from workbook.errors import DataError, all_of
from workbook.model import Model
from workbook.model.table_names import raw_table_of, table_of
from workbook.sources.profile.mixed_times import clocks_sql

STEP = "03_sources"


def specs(model: Model) -> dict[str, SourceSpec]:
    """Every source with its file.

    Raises:
        DataError: files are missing; all of them named.
    """
    found: dict[str, SourceSpec] = {}
    missing: list[DataError] = []
    for source in model.source_names:
        try:
            found[source] = landing_spec(model, source)
        except DataError as error:
            missing.append(error)
    if missing:
        raise all_of(missing)
    return found


def landed(model: Model) -> list[Table]:
    """The landing tables of every source."""
    return [
        table for source, spec in specs(model).items() for table in landing_tables(source, spec)
    ]


def counts_sql(model: Model) -> str:
    """One row per source: rows in the raw table, rejected, accepted, bad cells, rows whose key
    is empty or repeats another's, and how times are written.
    """
    return "\nunion all\n".join(_counted(model, source) for source in model.source_names)


def _counted(model: Model, source: str) -> str:
    name = table_of(source)
    table, key = quote(name), model.sources.sources[source].primary_key
    empty = " or ".join(f"{quote(field)} is null" for field in key) or "true"
    parts = {
        "read_rows": f"select count(*) from {quote('raw__' + name)}",
        "rejected": f"select count(*) from {quote('raw__' + name)} where _reject is not null",
        "accepted": f"select count(*) from {table}",
        "bad_cells": f"select count(*) from {quote(name + '__bad')}",
        "empty_keys": f"select count(*) from {table} where {empty}",
        "keys": f"select count(distinct _record) from {table} where not ({empty})",
    }
    columns = ",\n  ".join(
        [
            *(f"({sql}) as {column}" for column, sql in parts.items()),
            f"{clocks_sql(model, source, name)} as clocks",
        ]
    )
    return f"select cast({text(source)} as varchar) as source,\n  {columns}"


def odd_hours_sql(model: Model) -> str:
    """One row per field of times in the zone of a source: how many the clocks show twice
    (`twice`) or never (`skipped`); '' where no source has a zone.
    """
    return "\nunion all\n".join(filter(None, map(odd_times_sql, specs(model).values())))


def bad_sql(model: Model) -> str:
    """One row per source, field and reason: how many cells did not fit. No value stands in it."""
    return "\nunion all\n".join(
        f"select cast({text(source)} as varchar) as source, field, reason, count(*) as cells\n"
        f"from {quote(table_of(source) + '__bad')}\ngroup by field, reason"
        for source in model.source_names
    )


def reject_sql(model: Model) -> str:
    """One row per source and kind of reason: how many records were rejected (the place in the
    file is left out).
    """
    return "\nunion all\n".join(
        f"select cast({text(source)} as varchar) as source, trim(split_part(_reject, ': ', 2)) as"
        f" reason, count(*) as records\nfrom {quote(raw_table_of(source))}\nwhere _reject is not"
        " null\ngroup by trim(split_part(_reject, ': ', 2))"
        for source in model.source_names
    )


def waiting_files(model: Model, most: int = 2000) -> list[str]:
    """Files below the data folder that no source reads yet, by their path; at most so many are
    looked at.
    """
    root = Path(model.data_root)
    if not root.is_dir():
        return []
    read = {file for spec in specs(model).values() for file in spec.files}
    found = []
    for number, path in enumerate(root.rglob("*")):
        if number >= most:
            break
        if (
            path.suffix.lower() in SUFFIXES
            and not path.name.startswith("~$")
            and path.is_file()
            and str(path.resolve()) not in read
        ):
            found.append(path.relative_to(root).as_posix())
    return sorted(found)
