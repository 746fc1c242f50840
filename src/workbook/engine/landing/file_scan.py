"""How a file is read: a query for DuckDB's own reader, with the exact reader behind it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class FileScan:
    """SQL with which DuckDB reads a file, how many rows it must give, and the exact reader.

    `rows()` is None where the file is not safe to read in this way; `otherwise()` reads it then
    too.
    """

    sql: str
    rows: Callable[[], int | None]
    otherwise: Callable[[], pl.DataFrame]


def meanwhile(count: Callable[[], int | None]) -> Callable[[], int | None]:
    """Start counting beside whatever comes next; the answer, or the error, waits to be asked
    for.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="count")
    counted = pool.submit(count)
    pool.shutdown(wait=False)
    return counted.result
