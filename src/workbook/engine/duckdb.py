"""The engine: builds what a plan's tables need, once, and answers queries over them with DuckDB."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

import duckdb
import polars as pl

from workbook.engine.connection import connect, printable, run, to_polars
from workbook.engine.files import FileHashes
from workbook.engine.making import Measured, make_frame, make_query, make_scan, rows_of
from workbook.engine.params import canonical
from workbook.engine.plan import Function, Plan, Table
from workbook.engine.reading import Scan
from workbook.engine.sql import lint, quote, tables_read
from workbook.engine.store import Content, Recipe, Store
from workbook.errors import DataError, PlanError

FORMAT = 1  # part of every recipe: raise it when the engine stores the same table differently

Progress = Callable[[str, int, int], None]  # table, how many are done, how many there are


@dataclass(frozen=True)
class Artifact:
    """A table of a plan as it was built: which recipe, what content, and what was measured.

    `duplicate_keys` is how many rows repeat the declared key of another row; `cached` says that nothing was run.
    """

    name: str
    recipe: str
    content: str
    rows: int
    columns: dict[str, str]
    seconds: float
    cached: bool
    path: Path
    duplicate_keys: int = 0
    numbered: str = ""


class Engine:
    """Builds and reads tables of plans over one store; several plans may be used side by side.

    `data_roots` are the folders that function tables may read files from. SQL sees the store and nothing else.
    """

    def __init__(
        self,
        store: Store | Path | str,
        *,
        threads: int | None = None,
        memory: str | None = None,
        data_roots: Iterable[Path | str] = (),
    ) -> None:
        self.store = store if isinstance(store, Store) else Store(store)
        self.data_roots = tuple(Path(root).resolve() for root in data_roots)
        self.counts: dict[str, int] = {"built": 0, "cached": 0, "rows": 0}
        self._limits = {"threads": threads, "memory": memory}
        self._hashes = FileHashes(self.store)
        self._compute = connect(self.store, (), **self._limits)
        self._landing: duckdb.DuckDBPyConnection | None = None
        self._views: dict[str, str] = {}
        self._known: WeakKeyDictionary[Plan, dict[str, Artifact]] = WeakKeyDictionary()
        self._lock = RLock()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections and of the store."""
        self._compute.close()
        if self._landing:
            self._landing.close()
        self.store.close()

    def build(self, plan: Plan, names: Iterable[str], progress: Progress | None = None) -> dict[str, Artifact]:
        """The named tables by name; they and all that they rest on are built where missing or stale.

        Raises:
            PlanError: a table's SQL fails, or leaves the portable subset.
            DataError: a source file is not as it was declared.
        """
        with self._lock:
            known = self._known.setdefault(plan, {})
            wanted = list(names)
            needed = () if all(name in known for name in wanted) else plan.needed_for(wanted)
            for done, name in enumerate(needed):
                if progress:
                    progress(name, done, len(needed))
                if name not in known:
                    known[name] = self._artifact(plan[name], known)
            return {name: known[name] for name in wanted}

    def artifact(self, plan: Plan, name: str) -> Artifact:
        """One table as it was built; built first where it is missing or stale."""
        return self.build(plan, [name])[name]

    def frame(self, plan: Plan, name: str) -> pl.DataFrame:
        """All rows of a table, in the order of its keys."""
        return _read(self.artifact(plan, name))

    def query(self, plan: Plan, sql: str) -> pl.DataFrame:
        """The answer to one SELECT over tables of the plan, which are built first where needed.

        Raises:
            PlanError: the SQL fails, or reads a table that the plan has not.
        """
        with self._lock:
            names = tables_read(sql)
            self._show(self.build(plan, names), names)
            try:
                return to_polars(self._compute.sql(sql))
            except duckdb.Error as error:
                raise PlanError(f"The query failed: {printable(error)}") from error

    def _artifact(self, table: Table, known: Mapping[str, Artifact]) -> Artifact:
        inputs = {name: known[name] for name in table.reads}
        recipe = self._recipe(table, inputs)
        found = self.store.recipe(recipe)
        cached = found is not None
        note, content = found or self._build(table, recipe, inputs)
        self.counts["cached" if cached else "built"] += 1
        self.counts["rows"] += 0 if cached else content.rows
        path = self.store.path(content.content)
        return Artifact(
            table.name, recipe, content.content, content.rows, content.columns, note.seconds, cached, path,
            note.duplicate_keys, content.numbered,
        )  # fmt: skip

    def _recipe(self, table: Table, inputs: Mapping[str, Artifact]) -> str:
        """A digest of all that the table depends on: its own words, its inputs' content, its files, the engine."""
        parts: dict[str, Any] = {
            "format": FORMAT,
            "duckdb": duckdb.__version__,
            "keys": table.keys,
            "inputs": {name: artifact.content for name, artifact in inputs.items()},
        }
        if table.function:
            function = table.function
            parts |= {"function": function.name, "version": function.version, "params": canonical(function.params)}
            parts["files"] = [self._hashes.sha256(self._allowed(file, table)) for file in function.files]
        else:
            parts["sql"] = table.sql
        return sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:32]

    def _allowed(self, file: str, table: Table) -> str:
        path = Path(file).resolve()
        if not any(path.is_relative_to(root) for root in self.data_roots):
            roots = ", ".join(str(root) for root in self.data_roots) or "none"
            raise DataError(f"Table '{table.name}' reads {path}, outside the data folders ({roots}).")
        return str(path)

    def _build(self, table: Table, recipe: str, inputs: Mapping[str, Artifact]) -> tuple[Recipe, Content]:
        started = time.perf_counter()
        with self.store.temporary_file(".parquet") as file:
            try:
                made = self._make(table, inputs, file)
            except duckdb.Error as error:
                raise PlanError(f"Table '{table.name}' (step {table.step}) failed: {printable(error)}") from error
            stored = self.store.content(made.content) or self.store.add(made.content, made.rows, made.columns, file, table.numbered)
        note = Recipe(recipe, made.content, round(time.perf_counter() - started, 6), made.duplicate_keys)
        self.store.record(note)
        return note, stored

    def _make(self, table: Table, inputs: Mapping[str, Artifact], file: Path) -> Measured:
        if table.function is None:
            if table.portable:
                lint(table.sql, table.name)
            self._show(inputs, table.reads)
            return make_query(self._compute, table, file, sum(each.rows for each in inputs.values()))
        result = self._call(table.function, inputs)
        if not isinstance(result, Scan):
            return make_frame(self._compute, table, result, file)
        if self._landing is None:
            self._landing = connect(self.store, self.data_roots, **self._limits)
        made = make_scan(self._landing, table, result, file)
        return made or make_frame(self._compute, table, result.otherwise(), file)

    def _call(self, function: Function, inputs: Mapping[str, Artifact]) -> Any:
        frames = {name: _read(artifact, function.only.get(name)) for name, artifact in inputs.items()}
        return function.call(frames, function.params)

    def _show(self, artifacts: Mapping[str, Artifact], names: Iterable[str]) -> None:
        """Let SQL see these artifacts under the names of their tables."""
        for name in names:
            artifact = artifacts[name]
            if self._views.get(name) != artifact.content:
                source = rows_of(artifact.path, artifact.numbered)
                run(self._compute, f"create or replace temp view {quote(name)} as select * from {source}")
                self._views[name] = artifact.content


def _read(artifact: Artifact, only: tuple[str, ...] | None = None) -> pl.DataFrame:
    stored = [name for name in only if name != artifact.numbered] if only else None
    frame = pl.read_parquet(artifact.path, columns=stored, glob=False, hive_partitioning=False)
    if artifact.numbered and (only is None or artifact.numbered in only):
        frame = frame.with_row_index(artifact.numbered, 1).cast({artifact.numbered: pl.Int64})
    return frame
