"""Makes one table: a query's rows, in order, as a Parquet file, and what was measured on that
file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from workbook.engine.connection import run
from workbook.engine.digest import (
    columns_of,
    content_digest,
    duplicate_keys,
    stored_columns,
    strictly_increasing,
)
from workbook.engine.landing.file_scan import FileScan
from workbook.engine.plan import Artifact, Table
from workbook.engine.sql import keeps_row_order, quote, text
from workbook.errors import PlanError
from workbook.words import error_of

_FRAME = "frame being read"
_PLAIN = frozenset([pl.String, pl.Int64, pl.Boolean, pl.Date])
_GROUP = 122_880  # rows that DuckDB writes, and reads, as one group
# values of a group up to which repeats are looked for: to look on costs a fifth of writing it
_REPEATED = 8192
_MANY = 100_000  # rows from which a look at the order of the keys costs less than a sort


@dataclass(frozen=True)
class TableStats:
    """What a written file holds, read back from it."""

    content: str
    rows: int
    columns: dict[str, str]
    duplicate_keys: int


def make_query(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    query: str,
    file: Path,
    inputs: Collection[Artifact],
) -> TableStats:
    """Write the rows that a table's SQL, as it runs here, gives.

    Where it only passes through many rows, their order is looked at before they are sorted.
    """
    many = sum(item.rows for item in inputs) >= _MANY and not table.numbered
    look = many and bool(table.order or table.keys) and _likely_ordered(table, inputs)
    return make(connection, table, query, file, look=look)


def _likely_ordered(table: Table, inputs: Collection[Artifact]) -> bool:
    """Whether the rows likely come in the order in which they are stored: that of the one table
    that is read.
    """
    if table.order:
        return [table.order] == [(item.numbered,) for item in inputs]
    return keeps_row_order(table.sql)


def make(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    query: str,
    file: Path,
    *,
    ordered: bool = False,
    distinct: bool = False,
    look: bool = False,
) -> TableStats:
    """Write the rows of a query, ordered by the table's keys and then by all columns, and
    measure them.

    Columns beyond the keys are sorted by only where the keys turn out to repeat: it costs as
    much as the rest. `ordered`: the rows come in order already; `distinct`: and no key repeats;
    `look`: see whether both are so.
    """
    columns = columns_of(connection, query)
    stored = stored_columns(columns, table.name)
    _check_keys(table, stored)
    first = list(table.order or table.keys) or list(stored)
    _copy(
        connection,
        _as_stored(query, columns, stored),
        [] if ordered or look else first,
        file,
        table.numbered,
    )
    relation = rows_of(file, table.numbered)
    if look:
        ordered = strictly_increasing(connection, relation, first)
        distinct = (
            ordered
            and bool(table.keys)
            and (not table.order or strictly_increasing(connection, relation, table.keys))
        )
        if not ordered:
            _rewrite(connection, relation, first, file)
    measured = _measure(
        connection,
        table,
        relation,
        stored,
        distinct=distinct,
        together=not ordered and not table.order,
    )
    if measured.duplicate_keys and not ordered and not table.order:
        _rewrite(connection, relation, first + [name for name in stored if name not in first], file)
    return measured


def _rewrite(
    connection: duckdb.DuckDBPyConnection, relation: str, order: list[str], file: Path
) -> None:
    """The rows of a written file in another order; numbers never repeat, so all is stored."""
    rewritten = file.with_suffix(".ordered")
    _copy(connection, f"select * from {relation}", order, rewritten)
    rewritten.replace(file)


def rows_of(file: Path, numbered: str) -> str:
    """A stored table as it stands in FROM, with the number of each row where the file leaves it
    out.
    """
    name = text(str(file))
    if not numbered:
        return f"read_parquet({name}, hive_partitioning = false)"
    return (
        f"(select file_row_number + 1 as {quote(numbered)}, * exclude (file_row_number) from"
        f" read_parquet({name}, file_row_number = true, hive_partitioning = false))"
    )


def read_artifact(artifact: Artifact, only: tuple[str, ...] | None = None) -> pl.DataFrame:
    """The rows of a stored table in their order; of these columns only, where they are named."""
    stored = [name for name in only if name != artifact.numbered] if only else None
    frame = pl.read_parquet(artifact.path, columns=stored, glob=False, hive_partitioning=False)
    if artifact.numbered and (only is None or artifact.numbered in only):
        frame = frame.with_row_index(artifact.numbered, 1).cast({artifact.numbered: pl.Int64})
    return frame


def make_frame(
    connection: duckdb.DuckDBPyConnection, table: Table, frame: Any, file: Path
) -> TableStats:
    """The same for what a function returned."""
    if not isinstance(frame, pl.DataFrame):
        raise error_of(PlanError, "engine.not_a_frame", table=table.name, type=type(frame).__name__)
    rising = _rising(frame, table.keys)
    ordered = rising and table.order in ((), (table.numbered,))
    with _registered(connection, frame):
        if ordered and not table.numbered and _PLAIN.issuperset(frame.dtypes):
            return _as_it_is(connection, table, frame, file)
        return make(
            connection,
            table,
            f"select * from {quote(_FRAME)}",
            file,
            ordered=ordered,
            distinct=rising,
        )


def _as_it_is(
    connection: duckdb.DuckDBPyConnection, table: Table, frame: pl.DataFrame, file: Path
) -> TableStats:
    """A frame in order whose types Parquet keeps, written by Polars: half the time of a way
    through DuckDB.
    """
    stored = stored_columns(columns_of(connection, f"select * from {quote(_FRAME)}"), table.name)
    frame.write_parquet(file, compression="snappy", row_group_size=_GROUP)
    return _measure(connection, table, rows_of(file, ""), stored, distinct=True, together=False)


def _rising(frame: pl.DataFrame, keys: tuple[str, ...]) -> bool:
    """Whether the frame's one key rises from row to row, as DuckDB orders it: the order of the
    keys, and none of them twice.
    """
    if (
        len(keys) != 1
        or keys[0] not in frame.columns
        or frame.schema[keys[0]] not in (pl.String, pl.Int64)
    ):
        return False
    values = frame[keys[0]]
    return (
        bool((values.head(-1) < values.tail(-1)).all(ignore_nulls=False))
        and not values.null_count()
    )


def make_scan(
    connection: duckdb.DuckDBPyConnection, table: Table, scan: FileScan, file: Path
) -> TableStats | None:
    """What DuckDB's own reader finds, or None unless the rows are exactly as many as were
    counted.
    """
    try:
        measured = make(connection, table, scan.sql, file, ordered=True)
    except duckdb.Error:
        return None
    return measured if measured.rows == scan.rows() else None


def _measure(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    stored: dict[str, str],
    *,
    distinct: bool,
    together: bool,
) -> TableStats:
    columns = columns_of(connection, f"select * from {relation}")
    if columns != stored:
        raise error_of(
            PlanError,
            "engine.types_changed",
            table=table.name,
            before=str(columns),
            after=str(stored),
        )
    content, rows = content_digest(connection, relation, columns, table.keys)
    repeated = (
        0
        if distinct or table.numbered in table.keys
        else duplicate_keys(connection, relation, table.keys, rows, together=together)
    )
    return TableStats(content, rows, columns, repeated)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    order: list[str],
    file: Path,
    without: str = "",
) -> None:
    by = f" order by {', '.join(map(quote, order))}" if order else ""
    kept = f"* exclude ({quote(without)})" if without else "*"
    run(
        connection,
        f"copy (select {kept} from ({query}){by}) to {text(str(file))} "
        # else a join may change it
        f"(format parquet, preserve_order true, dictionary_size_limit {_REPEATED})",
    )


def _as_stored(query: str, columns: Mapping[str, str], stored: Mapping[str, str]) -> str:
    if columns == stored:
        return query
    casts = (
        (
            f"cast({quote(name)} as {stored[name]}) as {quote(name)}"
            if columns[name] != stored[name]
            else quote(name)
        )
        for name in columns
    )
    return f"select {', '.join(casts)} from ({query})"


def _check_keys(table: Table, columns: Mapping[str, str]) -> None:
    absent = [key for key in table.keys if key not in columns]
    if absent:
        raise error_of(
            PlanError,
            "engine.no_key_column",
            table=table.name,
            columns=", ".join(map(repr, absent)),
        )


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> Iterator[None]:
    connection.register(_FRAME, frame)
    try:
        yield
    finally:
        connection.unregister(_FRAME)
