"""The evidence of 06: what was measured of everything that is kept, as rows, before a page
shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol

import polars as pl

from workbook.engine import quote
from workbook.history.bitemporal import history_name
from workbook.history.events import event_name, events_of, unplaced_sql
from workbook.history.facts import value_class
from workbook.history.lifecycle import lifecycle_name
from workbook.history.lifecycle_stats import STAYS
from workbook.history.meaningless_values import placeholders_sql
from workbook.history.overwritten_fields import overwritten, written_again_sql
from workbook.history.period_states import period_state, stateless_sql, without_period_sql
from workbook.history.preceding_events import before_sql
from workbook.history.quality_queries import (
    current_sql,
    goes_on_sql,
    kept_sql,
    knew_sql,
    occurrences_sql,
    shrunk_sql,
    stays_sql,
    troubles_sql,
)
from workbook.history.source_candidates import suggestion_sql, suggestions
from workbook.history.state_at_event import LIFECYCLE, StateAtEvent, combinations, ending
from workbook.model import Model
from workbook.model.table_names import table_of

Rows = list[dict[str, Any]]
_NEVER = {"occurrences": 0, "ids": 0, "first_at": None, "last_at": None}
_MOVED = {
    "day": pl.Date,
    "known_now": pl.Int64,
    "unknown_then": pl.Int64,
    "withdrawn": pl.Int64,
    "otherwise": pl.Int64,
    "name": pl.String,
}


class HistoryReader(Protocol):
    """What answers questions about tables of the plan."""

    def has(self, name: str) -> bool:
        """Whether the plan makes this table."""

    def frame(self, name: str) -> pl.DataFrame:
        """A table."""

    def query(self, sql: str) -> pl.DataFrame:
        """The answer to SQL."""


class HistoryEvidence:
    """Everything that the history of one model says about itself; each part is measured when it
    is first asked for.
    """

    def __init__(self, model: Model, reader: HistoryReader) -> None:
        self.model = model
        self.reader = reader
        self.part = model.history

    @cached_property
    def kept(self) -> Rows:
        """Every kept value that can be computed: the row of `kept_sql`, its form, source,
        owner, and how many ids there are in `total`.
        """
        found = []
        for name, kept in self.part.history.items():
            entity, _, attribute = name.partition(".")
            if self.reader.has(history_name(entity, attribute)):
                row = {
                    "entity": entity,
                    "attribute": attribute,
                    "form": kept.as_,
                    "from": kept.from_,
                    "total": self._total(entity),
                }
                found.append(
                    {
                        **row,
                        **self._one(kept_sql(self.model, entity, attribute, kept)),
                        "owner": self.model.owner_of("history", "history", name),
                    }
                )
        return found

    def placeholders(self, row: Mapping[str, Any]) -> int:
        """How many rows of a kept value's source say a word that means nothing."""
        sql = placeholders_sql(self.model, row["name"])
        return int(self._one(sql)["said"]) if sql else 0

    @cached_property
    def happened(self) -> Rows:
        """Every kind of event, also one that never happened: how often, first and last, rows of
        its source that belong to nobody or bear no time.
        """
        found: Rows = []
        for entity in self.model.entity_names:
            table = event_name(entity)
            counted = (
                {row["event"]: row for row in self._rows(occurrences_sql(self.model, table))}
                if self.reader.has(table)
                else {}
            )
            for name in sorted(events_of(self.model, entity)) if self.reader.has(table) else ():
                row = counted.get(name, {"event": name, **_NEVER})
                found.append(
                    {
                        "entity": entity,
                        **row,
                        **self._one(unplaced_sql(self.model, name)),
                        "from": self.part.events[name].from_,
                    }
                )
        return found

    @cached_property
    def compared(self) -> dict[str, dict[str, int]]:
        """Per kept value that the profile holds, too: ids for which both agree, differ, or one
        knows nothing.
        """
        inside = [
            row
            for row in self.kept
            if self.model.attributes(row["entity"]).get(row["attribute"])
            and self.reader.has(row["entity"])
        ]
        return {
            row["name"]: self._one(current_sql(self.model, row["entity"], row["attribute"]))
            for row in inside
        }

    @cached_property
    def knew(self) -> pl.DataFrame:
        """Per kept value and month end: what was not known, believed otherwise, or known and
        taken back.
        """
        frames = [
            self.reader.query(knew_sql(self.model, row["entity"], row["attribute"])).with_columns(
                pl.lit(row["name"]).alias("name")
            )
            for row in self.kept
        ]
        return pl.concat(frames) if frames else pl.DataFrame(schema=_MOVED)

    @cached_property
    def stays(self) -> dict[str, pl.DataFrame]:
        """Per entity with a lifecycle: every stay in a state."""
        entities = [
            entity for entity in self.part.lifecycle if self.reader.has(lifecycle_name(entity))
        ]
        return {
            entity: self.reader.query(stays_sql(self.model, entity)).cast(STAYS)
            for entity in entities
        }

    @cached_property
    def without_period(self) -> dict[str, dict[str, int]]:
        """Per entity with a state that a period begins: by state how many are in it, or in one
        that follows, and never had a period.
        """
        found: dict[str, dict[str, int]] = {}
        for entity in self.stays:
            if period := period_state(self.model, entity):
                rows = self._rows(without_period_sql(self.model, entity, period))
                found[entity] = {row["state"]: row["without"] for row in rows}
        return found

    @cached_property
    def stateless(self) -> dict[str, tuple[int, int]]:
        """Per entity with a lifecycle that has a table: how many are in no state, of how many."""
        return {
            entity: (int(row["stateless"] or 0), int(row["ids"]))
            for entity in self.stays
            if self.reader.has(entity)
            for row in self._rows(stateless_sql(entity))
        }

    @cached_property
    def at_events(self) -> list[tuple[StateAtEvent, pl.DataFrame]]:
        """Every state at an event that can be told, with its occurrences."""
        return [
            (combination, self.reader.frame(combination.table))
            for combination in combinations(self.model)
            if not combination.refused and self.reader.has(combination.table)
        ]

    def class_of(self, state_at_event: StateAtEvent) -> str:
        """The privacy class of a state at an event."""
        name = f"{state_at_event.entity}.{state_at_event.attribute}"
        return (
            "internal"
            if state_at_event.attribute == LIFECYCLE
            else value_class(self.model, name, self.part.history[name])
        )

    def today(self, state_at_event: StateAtEvent) -> dict[Any, int]:
        """The same occurrences by what the profile says now; where it has no such field, by the
        open row.
        """
        if self.model.attributes(state_at_event.entity).get(
            state_at_event.attribute
        ) and self.reader.has(state_at_event.entity):
            value = (
                f"e.{quote(self.model.column_of(state_at_event.entity, state_at_event.attribute))}"
            )
            joined = (
                f"from {quote(state_at_event.table)} as h left join "
                f"{quote(state_at_event.entity)} as e on e.id = h.id"
            )
            return dict(
                self.reader.query(
                    f"select {value} as value, count(*) as n {joined} group by {value}"
                ).rows()
            )
        return dict(self.reader.frame(state_at_event.table).group_by("value_now").len().rows())

    def event(self, name: str = "") -> tuple[str, str]:
        """The event asked for, or the one that ends a life; with its entity, ('', '') where
        nothing happens.
        """
        if name in self.part.events:
            return self.part.events[name].of, name
        asked = [combination for combination in combinations(self.model) if not combination.refused]
        lasts = [
            (entity, last)
            for entity in self.model.entity_names
            if (last := ending(self.model, entity))
        ]
        every = [
            *((item.entity, item.event) for item in asked),
            *lasts,
            *((event.of, name) for name, event in self.part.events.items()),
        ]
        return every[0] if every else ("", "")

    def before(self, event: str, days: int) -> Rows:
        """What happened in the days before an event, beside the same of peers."""
        entity, event = self.event(event)
        return self.before_each(entity, event, days) if event else []

    def before_each(
        self, entity: str, name: str, days: int, occurrences: str = "", among: str = ""
    ) -> Rows:
        """The same before what SQL gives as id, moment and record, where it is no event of the
        model; peers are `among` ids.
        """
        if not self.reader.has(entity):
            return []
        kept = [
            item.partition(".")[2]
            for item in self.part.history
            if item.startswith(f"{entity}.")
            and self.reader.has(history_name(entity, item.partition(".")[2]))
        ]
        sql = before_sql(self.model, entity, name, days, kept, occurrences, among)
        return self._rows(sql) if sql else []

    @cached_property
    def losses(self) -> Rows:
        """Attributes that a source writes over and nobody keeps, those on which something rests
        first.
        """
        each_source: dict[str, dict[str, Any]] = {}
        found = []
        for item in overwritten(self.model):
            if self.reader.has(table_of(item.source)):
                row = each_source.get(item.source) or self._one(
                    written_again_sql(self.model, item.source)
                )
                each_source[item.source] = row
                found.append(
                    {
                        "name": item.name,
                        "from": f"{item.source}.{item.field}",
                        "used_by": item.used_by,
                        "also_in": item.also_in,
                        **row,
                    }
                )
        return found

    @cached_property
    def suggested(self) -> Rows:
        """Sources that could keep something, and whether they do."""
        used = {part.from_ for part in (*self.part.history.values(), *self.part.events.values())}
        ready = [
            suggestion
            for suggestion in suggestions(self.model)
            if self.reader.has(table_of(suggestion.source))
        ]
        return [
            {
                **self._one(suggestion_sql(self.model, item)),
                **vars(item),
                "used": item.source in used,
            }
            for item in ready
        ]

    def troubles(self, row: dict[str, Any]) -> list[tuple[str, int]]:
        """Why rows of a kept value's source are no facts: reason and count."""
        entity, attribute = row["entity"], row["attribute"]
        return (
            self.reader.query(
                troubles_sql(self.model, entity, attribute, self.part.history[row["name"]])
            ).rows()
            if row["lost"]
            else []
        )

    def shrunk(self, row: dict[str, Any]) -> Rows:
        """Snapshots of a kept value that lost more than half of the ids of the one before."""
        entity, attribute = row["entity"], row["attribute"]
        return (
            self._rows(shrunk_sql(self.model, entity, attribute, self.part.history[row["name"]]))
            if row["form"] == "snapshots"
            else []
        )

    def split_loads(self, row: dict[str, Any]) -> Rows:
        """Days (or hours) into which a load of snapshots of a kept value runs that began before
        them.
        """
        entity, attribute = row["entity"], row["attribute"]
        return (
            self._rows(goes_on_sql(self.model, entity, attribute, self.part.history[row["name"]]))
            if row["form"] == "snapshots"
            else []
        )

    def _total(self, entity: str) -> int | None:
        return (
            self._one(f"select count(*) as n from {quote(entity)}")["n"]
            if self.reader.has(entity)
            else None
        )

    def _rows(self, sql: str) -> Rows:
        return self.reader.query(sql).to_dicts()

    def _one(self, sql: str) -> dict[str, Any]:
        (row,) = self._rows(sql)
        return row
