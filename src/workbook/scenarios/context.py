"""What is read: one model, its plan, and the engine that builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import polars as pl

from workbook.engine import Engine, Plan
from workbook.model import Model
from workbook.scenarios.planning import plan_of

Page = TypeVar("Page")


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
    # each step that was asked for, with what it measured; another context starts with none
    _asked: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def has(self, name: str) -> bool:
        """Whether the plan makes this table (an open step makes none)."""
        return name in self.plan

    def frame(self, name: str) -> pl.DataFrame:
        """A table of the plan, built first where it is missing or stale."""
        return self.engine.frame(self.plan, name)

    def query(self, sql: str) -> pl.DataFrame:
        """The answer to SQL over tables of the plan, which are built first where needed."""
        return self.engine.query(self.plan, sql)

    def step(self, page: Callable[[Context], Page]) -> Page:
        """The one step of a class over this context, so that what it measures is measured once."""
        if page not in self._asked:
            self._asked[page] = page(self)
        found: Page = self._asked[page]
        return found

    def what_if(self, model: Model, only: str = "") -> Context:
        """The same data under another model; only tables whose recipe differs are built.

        `only` names the one step that decides otherwise: the tables of the others stay planned.
        """
        step = next((each for each in self.steps if each.word == only), None)
        if step is None:
            return replace(self, model=model, plan=self.planner(model))
        page = f"{step.page}_{step.word}"
        kept = [table for table in self.plan.tables.values() if table.step != page]
        return replace(self, model=model, plan=plan_of(model, [kept, step.tables(model)]))
