"""All tables of 06_history, and what cannot be kept, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from workbook.engine import Table, lint
from workbook.errors import WorkbookError
from workbook.history.bitemporal import history_tables
from workbook.history.entity_links import why_unlinked
from workbook.history.erasure import erased_table
from workbook.history.events import event_table
from workbook.history.facts import facts_table
from workbook.history.late_arrivals import late_table
from workbook.history.lifecycle import lifecycle_table
from workbook.history.past_spelling import is_spelled_once, kept_shown_table
from workbook.history.state_at_event import at_event_table, combinations
from workbook.model import Model
from workbook.model.schema import History
from workbook.words import words_of


@dataclass(frozen=True)
class HistoryRefusal:
    """Something of 06 that cannot be computed, and why."""

    name: str
    reason: str


def tables(model: Model) -> list[Table]:
    """The tables of 06_history; none while it is open."""
    return list(_compiled(model)[0])


def refusals(model: Model) -> tuple[HistoryRefusal, ...]:
    """What is declared and cannot be kept."""
    return _compiled(model)[1]


@lru_cache(maxsize=8)
def _compiled(model: Model) -> tuple[tuple[Table, ...], tuple[HistoryRefusal, ...]]:
    workshop = _Workshop(model)
    if not model.is_open("history") and not model.is_open("sources"):
        workshop.erased()
        workshop.values(model.history)
        workshop.events(model.history)
        workshop.states()
        workshop.late()
    return tuple(workshop.made.values()), tuple(workshop.refused)


class _Workshop:
    """Makes tables of one model; what cannot be made is named with its reason."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.made: dict[str, Table] = {}
        self.refused: list[HistoryRefusal] = []

    def erased(self) -> None:
        """Who asked to be forgotten."""
        declared = self.model.history.erasures
        self.refused += [
            HistoryRefusal(f"erasures of {name}", reason)
            for name, item in declared.items()
            if (reason := why_unlinked(self.model, name, item.from_))
        ]
        self._keep(
            erased_table(self.model, entity)
            for entity in declared
            if entity in self.model.entity_names
        )

    def values(self, history: History) -> None:
        """Facts and intervals of every kept value."""
        for name, kept in history.history.items():
            if missing := self._missing(name.partition(".")[0], kept.from_):
                self.refused.append(HistoryRefusal(name, missing))
                continue
            try:
                self._keep(
                    [kept_shown_table(self.model, name, kept)]
                    if is_spelled_once(self.model, name)
                    else []
                )
                self._keep(
                    [facts_table(self.model, name, kept), *history_tables(self.model, name, kept)]
                )
            except WorkbookError as error:
                self.refused.append(HistoryRefusal(name, str(error)))

    def events(self, history: History) -> None:
        """What happens to each entity, and its states."""
        self.refused += [
            HistoryRefusal(name, reason)
            for name, event in history.events.items()
            if (reason := why_unlinked(self.model, event.of, event.from_))
        ]
        for entity in self.model.entity_names:
            self._keep([event_table(self.model, entity)])
            if entity in history.lifecycle:
                self._keep([lifecycle_table(self.model, entity)])

    def states(self) -> None:
        """States at events."""
        for combination in combinations(self.model):
            if combination.refused:
                self.refused.append(HistoryRefusal(combination.name, combination.refused))
            elif set((table := at_event_table(self.model, combination)).reads) <= set(self.made):
                self._keep([table])

    def late(self) -> None:
        """Rows that were written after their month."""
        self._keep([late_table(self.model)])

    def _missing(self, entity: str, source: str) -> str:
        unknown = [
            name
            for name, known in (
                (entity, self.model.entity_names),
                (source, self.model.source_names),
            )
            if name not in known
        ]
        return words_of("history").text("refused.no_source", name=unknown[0]) if unknown else ""

    def _keep(self, tables: Iterable[Table | None]) -> None:
        several = [table for table in tables if table]
        for table in several:
            if table.function is None:
                lint(table.sql, table.name)
        self.made |= {table.name: table for table in several}
