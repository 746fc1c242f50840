"""A plan tried without data: the columns of every table, and what would fail for whatever rows
the files hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import duckdb
import polars as pl

from workbook.engine.connection import run, to_polars
from workbook.engine.digest import stored_columns
from workbook.engine.plan import Plan, Table
from workbook.engine.sql import fold, lint, quote, shown_as, unambiguous
from workbook.errors import PlanError, WorkbookError
from workbook.words import error_of

_FRAME = "columns being read"
_SETTINGS = (
    "threads = 1",
    "enable_progress_bar = false",
    "python_enable_replacements = false",
    "python_scan_all_frames = false",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "TimeZone = 'UTC'",
    "enable_external_access = false",
    "lock_configuration = true",
)


class Misfit(NamedTuple):
    """A table of a plan that cannot be made, and why."""

    table: Table
    why: str


def misfits(plan: Plan) -> list[Misfit]:
    """One row per table that fails by its own words, in build order; what depends on it is not
    tried.

    Every table is made in memory from tables of one row without any value, so that names,
    types, keys and constants meet as they do in a run. No file is read, and the store is not
    touched.
    """
    with duckdb.connect(":memory:") as connection:
        for setting in _SETTINGS:
            run(connection, f"set {setting}")
        trial = _Trial(connection, shown_as(plan.order))
        for name in plan.order:
            trial.make(plan[name])
        return trial.found


class _Trial:
    """Tables made so far, and those that failed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, shown: Mapping[str, str]) -> None:
        self._connection, self._shown = connection, shown
        self._made: set[str] = set()
        self.found: list[Misfit] = []

    def make(self, table: Table) -> None:
        """Make one table if all that it reads is there."""
        if not self._made.issuperset(table.reads):
            return
        try:
            self._make(table)
        except duckdb.Error as error:
            self.found.append(Misfit(table, str(error).splitlines()[0]))
        except WorkbookError as error:
            self.found.append(Misfit(table, str(error)))
        else:
            self._made.add(table.name)

    def _make(self, table: Table) -> None:
        if table.function:
            frame = self._frame(table)
            self._connection.register(_FRAME, frame)
            query = f"select * from {quote(_FRAME)}"
        else:
            if table.portable:
                lint(table.sql, table.name)
            query = unambiguous(table.sql, {name: self._shown[name] for name in table.reads})
        try:
            # constants are read only where there is a row
            run(self._connection, f"{query} limit 0" if table.function else query)
            columns = [(name, str(kind)) for name, kind, *_ in self._connection.description or ()]
            _distinct(table, [name for name, _ in columns])
            stored = stored_columns(dict(columns), table.name)
            _keyed(table, stored)
            here = quote(self._shown[table.name])
            typed = ", ".join(f"{quote(name)} {kind}" for name, kind in stored.items())
            run(self._connection, f"create table {here} ({typed})")
            run(self._connection, f"insert into {here} default values")
        finally:
            if table.function:
                self._connection.unregister(_FRAME)

    def _frame(self, table: Table) -> pl.DataFrame:
        """What a function makes of empty tables; where it reads files, its declared columns."""
        function = table.function
        assert function
        declared = {
            name: pl.Int64 if name == table.numbered else pl.String
            for name in (*function.columns, *table.keys)
        }
        if function.files:
            return pl.DataFrame(schema=declared)
        try:
            result = function.call(
                {name: self._empty(name, function.only.get(name)) for name in function.reads},
                function.params,
            )
        except WorkbookError:
            raise
        # it needs a row that an empty table has not; its columns are declared
        except Exception:  # noqa: BLE001
            return pl.DataFrame(schema=declared)
        if not isinstance(result, pl.DataFrame):
            raise error_of(
                PlanError, "engine.not_a_frame", table=table.name, type=type(result).__name__
            )
        return result.clear()

    def _empty(self, name: str, only: Iterable[str] | None) -> pl.DataFrame:
        columns = ", ".join(map(quote, only)) if only else "*"
        return to_polars(
            self._connection.sql(f"select {columns} from {quote(self._shown[name])} limit 0")
        )


def _distinct(table: Table, names: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        other = seen.get(fold(name))
        if other is not None:
            raise error_of(
                PlanError, "engine.column_twice", table=table.name, name=name, other=other
            )
        seen[fold(name)] = name


def _keyed(table: Table, columns: Mapping[str, Any]) -> None:
    absent = [key for key in (*table.keys, *table.order) if key not in columns]
    if absent:
        raise error_of(
            PlanError,
            "engine.no_key_column",
            table=table.name,
            columns=", ".join(map(repr, absent)),
        )
