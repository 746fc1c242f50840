"""The engine: builds what a plan's tables need, once, and answers queries over them with DuckDB."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import duckdb
import polars as pl

from workbook.engine.cache_key import cache_key
from workbook.engine.connection import printable, refused, to_polars
from workbook.engine.file_hashes import FileHashes
from workbook.engine.landing.file_scan import FileScan
from workbook.engine.materialize import TableStats, make_frame, make_query, make_scan, read_artifact
from workbook.engine.plan import Artifact, Function, Plan, Table
from workbook.engine.scheduler import BuildCallbacks, seats_for, work_through
from workbook.engine.sql import lint, tables_read
from workbook.engine.store import Content, DamagedError, Recipe, Store
from workbook.engine.worker import Worker
from workbook.errors import DataError, PlanError
from workbook.words import error_of

_MANY_ROWS, _MANY_BYTES = 500_000, 64 << 20

Progress = Callable[[str, int, int], None]  # table, how many are done, how many there are


class Watch(Protocol):
    """Is called as `Progress` is, and told when all is built."""

    def __call__(self, table: str, done: int, whole: int) -> None:
        """A table begins."""

    def done(self) -> None:
        """All tables are there."""


class Engine:
    """Builds and reads tables of plans over one store; several plans may be used side by side.

    `data_roots` are the folders that function tables may read files from. SQL sees the store
    and nothing else. `verify`: every source file is read for its hash, whatever is known of it.
    """

    def __init__(
        self,
        store: Store | Path | str,
        *,
        threads: int | None = None,
        memory: str | None = None,
        data_roots: Iterable[Path | str] = (),
        verify: bool = False,
    ) -> None:
        self.store = store if isinstance(store, Store) else Store(store)
        self.data_roots = tuple(Path(root).resolve() for root in data_roots)
        self.watch: Watch | None = None  # who is told of what a query or a frame builds
        self.counts: dict[str, int] = {"built": 0, "cached": 0, "rows": 0}
        self._hashes = FileHashes(self.store, verify=verify)
        # where memory is short, one after another
        self._at_once = 1 if memory else seats_for(threads)
        self._new_seat = partial(
            Worker, self.store, self.data_roots, threads=threads, memory=memory
        )
        self._seats = [self._new_seat()]
        self._known: WeakKeyDictionary[Plan, dict[str, Artifact]] = WeakKeyDictionary()
        self._lock, self._seating = RLock(), Lock()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections and of the store."""
        for seat in self._seats:
            seat.close()
        self.store.close()

    def build(
        self, plan: Plan, names: Iterable[str], progress: Progress | None = None
    ) -> dict[str, Artifact]:
        """The named tables by name; they and all that they depend on are built where missing or
        stale.

        Raises:
            PlanError: a table's SQL fails, or leaves the portable subset.
            DataError: a source file is not as it was declared.
        """
        with self._lock:
            return self._built(plan, list(names), progress)

    def _built(
        self, plan: Plan, wanted: list[str], progress: Progress | None = None, *, read: bool = False
    ) -> dict[str, Artifact]:
        """The same; `read`: and their files are what was written. What is damaged is built anew."""
        known = self._known.setdefault(plan, {})
        watch = None if progress else self.watch
        progress = progress or watch
        while True:
            try:
                if not all(name in known for name in wanted):
                    order = [name for name in plan.needed_for(wanted) if name not in known]
                    try:
                        self._make_all(plan, order, known, progress)
                    finally:
                        if watch:
                            watch.done()
                results = {name: known[name] for name in wanted}
                if read:
                    self._require_sound(results.values())
            except DamagedError as error:
                self._forget(error.content)
            else:
                return results

    def _require_sound(self, artifacts: Iterable[Artifact]) -> None:
        for artifact in artifacts:
            self.store.require_sound(artifact.content)

    def _forget(self, content: str) -> None:
        """Know a content no longer, under whatever name."""
        for known in self._known.values():
            for name in [name for name, artifact in known.items() if artifact.content == content]:
                del known[name]

    def _make_all(
        self, plan: Plan, order: list[str], known: dict[str, Artifact], progress: Progress | None
    ) -> None:
        """Make these tables known: as they were built before, or built now."""
        recipes: dict[str, str] = {}

        def found(name: str) -> Artifact | None:
            table = plan[name]
            digest_of = partial(self._digest_of, table)
            recipes[name] = cache_key(table, _inputs(table, known), digest_of)
            return self._found(plan[name], recipes[name])

        def make(name: str, seat: int) -> Artifact:
            return self._build(
                plan[name], recipes[name], _inputs(plan[name], known), self._seat(seat)
            )

        def begun(name: str) -> None:
            if progress:
                progress(name, sum(item in known for item in order), len(order))

        def done(name: str, artifact: Artifact) -> None:
            known[name] = artifact
            self.counts["cached" if artifact.cached else "built"] += 1
            self.counts["rows"] += 0 if artifact.cached else artifact.rows

        work = BuildCallbacks(
            found, make, lambda name: _heavy(plan[name], known), begun, done, self._interrupt
        )
        work_through(order, {name: plan[name].reads for name in order}, work, self._at_once)

    def _seat(self, number: int) -> Worker:
        with self._seating:
            while len(self._seats) <= number:
                self._seats.append(self._new_seat())
            return self._seats[number]

    def _interrupt(self) -> None:
        for seat in self._seats:
            seat.interrupt()

    def built(self, plan: Plan, names: Iterable[str]) -> dict[str, Artifact]:
        """Those of the named tables that the store holds as the plan makes them now; nothing is
        built.
        """
        with self._lock:
            known, wanted = self._known.setdefault(plan, {}), list(names)
            for name in plan.needed_for(wanted):
                table = plan[name]
                if name not in known and all(item in known for item in table.reads):
                    digest_of = partial(self._digest_of, table)
                    found = self._found(table, cache_key(table, _inputs(table, known), digest_of))
                    known |= {name: found} if found else {}
            return {name: known[name] for name in wanted if name in known}

    def artifact(self, plan: Plan, name: str) -> Artifact:
        """One table as it was built; built first where it is missing or stale."""
        return self.build(plan, [name])[name]

    def frame(self, plan: Plan, name: str) -> pl.DataFrame:
        """All rows of a table, in the order of its keys."""
        with self._lock:
            artifact = self._built(plan, [name], read=True)[name]
        return read_artifact(artifact)

    def query(self, plan: Plan, sql: str) -> pl.DataFrame:
        """The answer to one SELECT over tables of the plan, which are built first where needed.

        Raises:
            PlanError: the SQL fails, or reads a table that the plan has not.
        """
        with self._lock:
            names = tables_read(sql)
            seat = self._seats[0]
            query = seat.show(self._built(plan, list(names), read=True), names, sql)
            try:
                return to_polars(seat.compute.sql(query))
            except duckdb.IOException as error:
                raise refused(error) from error
            except duckdb.Error as error:
                raise error_of(PlanError, "engine.query_failed", why=printable(error)) from error

    def _found(self, table: Table, recipe: str) -> Artifact | None:
        """The table as it was built before."""
        found = self.store.recipe(recipe)
        return self._artifact(table, *found, cached=True) if found else None

    def _artifact(self, table: Table, note: Recipe, content: Content, *, cached: bool) -> Artifact:
        path = self.store.path(content.content)
        return Artifact(
            table.name,
            note.recipe,
            content.content,
            content.rows,
            content.columns,
            note.seconds,
            cached,
            path,
            note.duplicate_keys,
            content.numbered,
        )

    def _digest_of(self, table: Table, file: str) -> str:
        """The digest of a file that a table reads."""
        return self._hashes.sha256(self._allowed(file, table))

    def _allowed(self, file: str, table: Table) -> str:
        path = Path(file).resolve()
        if not any(path.is_relative_to(root) for root in self.data_roots):
            roots = ", ".join(str(root) for root in self.data_roots) or "none"
            raise error_of(
                DataError, "engine.file_outside", table=table.name, path=str(path), folders=roots
            )
        return str(path)

    def _build(
        self, table: Table, recipe: str, inputs: Mapping[str, Artifact], seat: Worker
    ) -> Artifact:
        started = time.perf_counter()
        self._require_sound(inputs.values())
        with self.store.temporary_file(".parquet") as file:
            try:
                result = self._make(table, inputs, file, seat)
            except duckdb.IOException as error:
                raise refused(error) from error
            except duckdb.Error as error:
                raise error_of(
                    PlanError,
                    "engine.table_failed",
                    table=table.name,
                    step=table.step,
                    why=printable(error),
                ) from error
            stored = self.store.content(result.content) or self.store.add(
                result.content, result.rows, result.columns, file, table.numbered
            )
        note = Recipe(
            recipe, result.content, round(time.perf_counter() - started, 6), result.duplicate_keys
        )
        self.store.record(note)
        return self._artifact(table, note, stored, cached=False)

    def _make(
        self, table: Table, inputs: Mapping[str, Artifact], file: Path, seat: Worker
    ) -> TableStats:
        if table.function is None:
            if table.portable:
                lint(table.sql, table.name)
            query = seat.show(inputs, table.reads, table.sql)
            return make_query(seat.compute, table, query, file, inputs.values())
        result = self._call(table.function, inputs)
        if not isinstance(result, FileScan):
            return make_frame(seat.compute, table, result, file)
        made = make_scan(seat.landing, table, result, file)
        return made or make_frame(seat.compute, table, result.otherwise(), file)

    def _call(self, function: Function, inputs: Mapping[str, Artifact]) -> Any:
        frames = {
            name: read_artifact(artifact, function.only.get(name))
            for name, artifact in inputs.items()
        }
        return function.call(frames, function.params)


def _inputs(table: Table, known: Mapping[str, Artifact]) -> dict[str, Artifact]:
    return {name: known[name] for name in table.reads}


def _rows(inputs: Mapping[str, Artifact]) -> int:
    return sum(item.rows for item in inputs.values())


def _heavy(table: Table, known: Mapping[str, Artifact]) -> bool:
    """Whether a table has the machine to itself while it is built: two large ones at once would
    need the memory of both.
    """
    files = table.function.files if table.function else ()
    return (
        _rows(_inputs(table, known)) >= _MANY_ROWS
        or sum(Path(file).stat().st_size for file in files) >= _MANY_BYTES
    )
