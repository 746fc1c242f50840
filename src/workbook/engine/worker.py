"""A place to work at: connections of its own, which see tables under their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from workbook.engine.connection import connect, run
from workbook.engine.materialize import rows_of
from workbook.engine.plan import Artifact
from workbook.engine.sql import fold, quote, shown_as, unambiguous
from workbook.engine.store import Store


class Worker:
    """One connection that sees the store, and one that lands files; whoever works here works
    alone.
    """

    def __init__(
        self, store: Store, data_roots: Iterable[Path], *, threads: int | None, memory: str | None
    ) -> None:
        self._store, self._data_roots = store, tuple(data_roots)
        self._limits = {"threads": threads, "memory": memory}
        self.compute = connect(store, (), **self._limits)
        self._landing: duckdb.DuckDBPyConnection | None = None
        self._views: dict[str, str] = {}

    @property
    def landing(self) -> duckdb.DuckDBPyConnection:
        """The connection that reads data."""
        if self._landing is None:
            self._landing = connect(self._store, self._data_roots, **self._limits)
        return self._landing

    def show(self, artifacts: Mapping[str, Artifact], names: Iterable[str], sql: str) -> str:
        """Let a query see these artifacts under the names of their tables; the query as it runs
        here.
        """
        shown = shown_as(names)
        for name, here in shown.items():
            artifact = artifacts[name]
            if self._views.get(fold(here)) != artifact.content:
                source = rows_of(artifact.path, artifact.numbered)
                run(
                    self.compute,
                    f"create or replace temp view {quote(here)} as select * from {source}",
                )
                self._views[fold(here)] = artifact.content
        return unambiguous(sql, shown)

    def interrupt(self) -> None:
        """Break off what runs here."""
        self.compute.interrupt()
        if self._landing:
            self._landing.interrupt()

    def close(self) -> None:
        """Let go of the connections."""
        self.compute.close()
        if self._landing:
            self._landing.close()
