"""From a model to its plan: what every step contributes, less what depends on a step that is
still open.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbook.engine import Plan, Table, misfits
from workbook.errors import ModelError, Problem
from workbook.model import Model
from workbook.model.yaml_read import FILES
from workbook.words import problem_of


def decided_tables(tables: Iterable[Table]) -> tuple[list[Table], dict[str, tuple[str, ...]]]:
    """The tables that can be made, and those that cannot, each with the tables that it waits
    for.
    """
    waiting = {table.name: table for table in tables}
    left_out: dict[str, tuple[str, ...]] = {}
    while True:
        gone = {
            name: missing
            for name, table in waiting.items()
            if (missing := _missing(table, waiting))
        }
        if not gone:
            return list(waiting.values()), left_out
        left_out |= gone
        waiting = {name: table for name, table in waiting.items() if name not in gone}


def _missing(table: Table, known: dict[str, Table]) -> tuple[str, ...]:
    return tuple(name for name in table.reads if name not in known)


def gated(model: Model, tables: Iterable[Table]) -> list[Table]:
    """The one hard gate: no canonical customer table without a row sentence and a key in 02_grain.

    A canonical table of an entity whose records were resolved waits until the primary grain is
    decided.
    """
    decided = not model.is_open("grain") and model.grain.primary and model.grain.sentence
    held = (
        set()
        if decided
        else {entity for entity in model.entity_names if model.has_identity(entity)}
    )
    return [table for table in tables if table.name not in held]


def _once(model: Model, tables: Iterable[Table]) -> list[Table]:
    """The tables without repeats: two steps may need the same one, and then say the same of it."""
    kept: dict[str, Table] = {}
    for table in tables:
        if table.name in kept and (table.sql or None) != (kept[table.name].sql or None):
            raise ModelError([_twice(model, kept[table.name], table)])
        kept.setdefault(table.name, table)
    return list(kept.values())


def plan_of(model: Model, contributions: Iterable[Iterable[Table]]) -> Plan:
    """The plan of a model."""
    every = _once(model, (table for tables in contributions for table in tables))
    made, _ = decided_tables(gated(model, every))
    return Plan(made)


def unmakeable(model: Model, plan: Plan) -> list[Problem]:
    """Tables of a plan that a run could not make whatever the data holds, each with the
    decision nearest to it.
    """
    return [_problem(model, table, why) for table, why in misfits(plan)]


def _problem(model: Model, table: Table, why: str) -> Problem:
    return problem_of(
        "scenarios.table_not_possible",
        *_nearest(model, table),
        table=table.name,
        why=why.rstrip("."),
    )


def _twice(model: Model, table: Table, other: Table) -> Problem:
    file, line = _nearest(model, table)
    return problem_of(
        "scenarios.table_twice",
        *_nearest(model, other),
        table=other.name,
        other=f"{file}:{line}",
    )


def _nearest(model: Model, table: Table) -> tuple[str, int]:
    """File and line of the decision whose name is the longest in the table's name: of its own
    step, else of what it depends on.
    """
    own = next((step for step, stem, _ in FILES if stem == table.step), "sources")
    for step in dict.fromkeys((own, "entities", "sources")):
        text, named = model.texts[step], f"__{table.name}__".casefold()
        found = [
            line
            for line in text.lines
            if len(line) > 1 and f"__{str(line[-1]).replace('.', '__')}__".casefold() in named
        ]
        if found:
            return text.file, text.line(
                max(found, key=lambda place: (len(str(place[-1])), -len(place)))
            )
    return model.texts[own].file, 1
