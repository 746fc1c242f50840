"""A connection for a function table that computes with SQL of its own: in memory, sees no file,
gone afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

_LOCKED = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "allow_community_extensions = false",
    "python_enable_replacements = false",
    "python_scan_all_frames = false",
    "preserve_insertion_order = true",
    "TimeZone = 'UTC'",
    "enable_external_access = false",
    "lock_configuration = true",
)


@contextmanager
def scratch(**frames: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB that holds these frames as tables, by name, and can touch no file."""
    connection = duckdb.connect(":memory:")
    try:
        [(bar,)] = connection.execute("select current_setting('enable_progress_bar')").fetchall()
        for setting in (
            [*_LOCKED[:-2], "enable_progress_bar = false", *_LOCKED[-2:]] if bar else _LOCKED
        ):
            connection.execute(f"set {setting}")
        for name, frame in frames.items():
            connection.register(f"{name} as given", frame)
            connection.execute(f'create table "{name}" as select * from "{name} as given"')
            connection.unregister(f"{name} as given")
        yield connection
    finally:
        connection.close()
