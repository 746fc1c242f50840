"""DuckDB connections that see named folders only, and their answers as frames and messages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from workbook.engine.sql import text
from workbook.engine.store import Store
from workbook.errors import MachineError, PlanError
from workbook.words import error_of


def connect(
    store: Store, folders: Iterable[Path], *, threads: int | None, memory: str | None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that can touch the store and these folders, and nothing else; its
    settings are locked.
    """
    connection = duckdb.connect(":memory:")
    seen = ", ".join(text(str(folder)) for folder in (store.folder, *folders))
    settings = [
        f"temp_directory = {text(str(store.temporary / f'duckdb-{os.getpid()}'))}",
        f"allowed_directories = [{seen}]",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "python_enable_replacements = false",
        "python_scan_all_frames = false",
        "preserve_insertion_order = true",
        "TimeZone = 'UTC'",
    ]
    settings += [f"threads = {int(threads)}"] if threads else []
    settings += [f"memory_limit = {text(memory)}"] if memory else []
    [(bar,)] = run(connection, "select current_setting('enable_progress_bar')")
    # in Jupyter without ipywidgets even this refuses
    settings += ["enable_progress_bar = false"] if bar else []
    for setting in (*settings, "enable_external_access = false", "lock_configuration = true"):
        run(connection, f"set {setting}")
    return connection


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """All rows that a statement returns; an unread result would block whatever the connection
    does next.
    """
    return connection.execute(sql).fetchall()


def to_polars(relation: Any) -> pl.DataFrame:
    """A query's rows as a frame: whole numbers as Int64, times as UTC without a zone, no
    categories.
    """
    kinds = [str(kind) for kind in relation.types]
    # pl.DataFrame(relation) makes duckdb report leaks at exit
    frame = pl.from_arrow(relation.to_arrow_table())
    turned = []
    for name, kind, dtype in zip(frame.columns, kinds, frame.dtypes, strict=True):
        if kind in {"HUGEINT", "UHUGEINT", "BIGNUM"}:
            turned.append(pl.col(name).cast(pl.Int64))
        elif isinstance(dtype, pl.Datetime) and dtype.time_zone:
            turned.append(pl.col(name).dt.convert_time_zone("UTC").dt.replace_time_zone(None))
        elif dtype in (pl.Categorical, pl.Enum):
            turned.append(pl.col(name).cast(pl.String))
    try:
        return frame.with_columns(turned)
    except pl.exceptions.InvalidOperationError as error:
        raise error_of(PlanError, "engine.big_number") from error


_FULL = ("No space left", "File too large", "Disk quota", "failed to offload")


def refused(error: duckdb.Error) -> MachineError:
    """What the machine did not let DuckDB read or write, or what else its message says."""
    if any(sign in str(error) for sign in _FULL):
        return error_of(MachineError, "engine.disk_full")
    return error_of(MachineError, "engine.table_refused", why=printable(error))


def printable(error: duckdb.Error) -> str:
    """The first line of DuckDB's message, without values of the data."""
    line = str(error).splitlines()[0]
    if isinstance(
        error,
        (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException),
    ):
        return re.sub(r"'[^']*'|\"[^\"]*\"|\d{3,}", "…", line)
    return line
