"""All tables of 06_history, and what cannot be kept, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from workbook.engine import Table, lint
from workbook.errors import WorkbookError
from workbook.history.at_event import at_event_table, combinations
from workbook.history.events import event_table, refusal
from workbook.history.facts import facts_table
from workbook.history.intervals import history_tables
from workbook.history.lifecycle import lifecycle_table
from workbook.model import Model


@dataclass(frozen=True)
class Refusal:
    """Something of 06 that cannot be computed, and why."""

    name: str
    reason: str


def tables(model: Model) -> list[Table]:
    """The tables of 06_history; none while it is open."""
    return list(_compiled(model)[0])


def refusals(model: Model) -> tuple[Refusal, ...]:
    """What is declared and cannot be kept."""
    return _compiled(model)[1]


@lru_cache(maxsize=8)
def _compiled(model: Model) -> tuple[tuple[Table, ...], tuple[Refusal, ...]]:
    part = model.history
    if part is None or model.sources is None:
        return (), ()
    made: dict[str, Table] = {}
    refused: list[Refusal] = []
    for name, kept in part.history.items():
        try:
            if name.partition(".")[0] not in model.entity_names or kept.from_ not in model.source_names:
                raise WorkbookError(f"{name.partition('.')[0]} or {kept.from_} is not declared")
            _keep(made, [facts_table(model, name, kept), *history_tables(model, name, kept)])
        except WorkbookError as error:
            refused.append(Refusal(name, str(error)))
    for name, event in part.events.items():
        if reason := refusal(model, event):
            refused.append(Refusal(name, reason))
    for entity in model.entity_names:
        _keep(made, [table for table in (event_table(model, entity),) if table])
        if entity in part.lifecycle:
            _keep(made, [table for table in (lifecycle_table(model, entity),) if table])
    for each in combinations(model):
        if each.refused:
            refused.append(Refusal(each.name, each.refused))
        elif {at_event_table(model, each).reads[0], at_event_table(model, each).reads[-1]} <= set(made):
            _keep(made, [at_event_table(model, each)])
    return tuple(made.values()), tuple(refused)


def _keep(made: dict[str, Table], tables: Iterable[Table]) -> None:
    several = list(tables)
    for table in several:
        lint(table.sql, table.name)
    made |= {table.name: table for table in several}
