"""What is read: one model, its plan, and the engine that builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbook.engine import Engine, Plan
from workbook.model import Model


@dataclass(frozen=True)
class Context:
    """One model, its plan, and the engine that builds it; a what-if is another context over the
    same store.
    """

    model: Model
    plan: Plan
    engine: Engine
    planner: Callable[[Model], Plan]
    steps: tuple[type, ...] = ()  # every step of the workbook, for a page about the others
    # what answers a what-if: it measures with what depends on this module, so the project hands it
    # in
    asks: Callable[[Context, str, Any], Any] | None = None

    def has(self, name: str) -> bool:
        """Whether the plan makes this table (an open step makes none)."""
        return name in self.plan

    def frame(self, name: str) -> pl.DataFrame:
        """A table of the plan, built first where it is missing or stale."""
        return self.engine.frame(self.plan, name)

    def query(self, sql: str) -> pl.DataFrame:
        """The answer to SQL over tables of the plan, which are built first where needed."""
        return self.engine.query(self.plan, sql)

    def what_if(self, model: Model) -> Context:
        """The same data under another model; only tables whose recipe differs are built."""
        return replace(self, model=model, plan=self.planner(model))
