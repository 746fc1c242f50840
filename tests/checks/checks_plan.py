"""A project on disk with its sources, its entities of one source, and the checks that need no
more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import checks as room
from workbook import entities, metrics
from workbook.engine import Engine, Plan, Table, landing_spec, landing_tables
from workbook.metrics.compile.as_of_clock import at_rows, now
from workbook.metrics.compile.expression_scope import Scope
from workbook.model import Model, load_model


@dataclass
class Opened:
    """A plan and what counts its failing rows."""

    plan: Plan
    engine: Engine
    names: tuple[str, ...]

    def count(self, check: str) -> int:
        """How many rows fail a check."""
        return self.engine.artifact(self.plan, f"check__{check}").rows


@contextmanager
def open_project(
    root: Path, store: Path, changes: Mapping[str, Any] | None = None
) -> Iterator[Opened]:
    """The project, with the decisions at these paths changed."""
    model = load_model(root)
    for path, value in (changes or {}).items():
        model = model.with_change(path, value)
    landed = [
        table
        for source in model.source_names
        for table in landing_tables(source, landing_spec(model, source))
    ]
    made = possible(
        [*landed, *entities.tables(model), *metrics.tables(model), *room.tables(model, compiled)]
    )
    plan = Plan(made)
    names = tuple(
        check.name for check in room.suite(model, compiled).checks if check.evidence in plan
    )
    with Engine(store, data_roots=[model.data_root]) as engine:
        yield Opened(plan, engine, names)


def compiled(model: Model, entity: str, text: str, then: bool = False) -> Any:
    """An expression as SQL, as the step has it."""
    return Scope(model, entity, at_rows(model, entity) if then else now(model)).compile(text)


def possible(tables: list[Table]) -> list[Table]:
    """The tables that read only tables among them."""
    while True:
        known = {table.name for table in tables}
        kept = [table for table in tables if set(table.reads) <= known]
        if len(kept) == len(tables):
            return kept
        tables = kept
