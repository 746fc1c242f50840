"""From a model to its plan: what every step contributes, less what rests on a step that is still open."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.engine import Plan, Table
from workbook.errors import PlanError
from workbook.model import Model


def decided_tables(tables: Iterable[Table]) -> tuple[list[Table], dict[str, tuple[str, ...]]]:
    """The tables that can be made, and those that cannot, each with the tables that it waits for."""
    waiting = {table.name: table for table in tables}
    left_out: dict[str, tuple[str, ...]] = {}
    while True:
        gone = {name: missing for name, table in waiting.items() if (missing := _missing(table, waiting))}
        if not gone:
            return list(waiting.values()), left_out
        left_out |= gone
        waiting = {name: table for name, table in waiting.items() if name not in gone}


def _missing(table: Table, known: dict[str, Table]) -> tuple[str, ...]:
    return tuple(name for name in table.reads if name not in known)


def gated(model: Model, tables: Iterable[Table]) -> list[Table]:
    """The one hard gate: no canonical customer table without a row sentence and a key in 02_grain.

    A canonical table of an entity whose records were resolved waits until the primary grain is decided.
    """
    decided = model.grain is not None and model.grain.primary and model.grain.sentence
    held = set() if decided else {entity for entity in model.entity_names if model.has_identity(entity)}
    return [table for table in tables if table.name not in held]


def _once(tables: Iterable[Table]) -> list[Table]:
    """The tables without repeats: two steps may need the same one, and then say the same of it."""
    kept: dict[str, Table] = {}
    for table in tables:
        if table.name in kept and (table.sql or None) != (kept[table.name].sql or None):
            raise PlanError(f"Two steps make a table named '{table.name}'.")
        kept.setdefault(table.name, table)
    return list(kept.values())


def plan_of(model: Model, contributions: Iterable[Iterable[Table]]) -> Plan:
    """The plan of a model."""
    every = _once(table for tables in contributions for table in tables)
    made, _ = decided_tables(gated(model, every))
    return Plan(made)
