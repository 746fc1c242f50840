"""What each thing that a row could be would do: its key as measured, what a join to it repeats,
who shares it.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from workbook.scenarios.context import Context
from workbook.sources import profile


class GrainImpact:
    """The candidates for one row of a project, each measured against the grain that was decided."""

    def __init__(self, context: Context) -> None:
        self.context, self.model = context, context.model

    @property
    def primary(self) -> str:
        """The entity that was decided to be one row, or ''."""
        part = self.model.grain
        return part.primary if part and part.primary in self.model.entity_names else ""

    @cached_property
    def candidates(self) -> list[profile.Candidate]:
        """Everything that a row could be."""
        return profile.candidates(self.model)

    @cached_property
    def keys(self) -> dict[str, profile.Key]:
        """The key of each candidate, as measured."""
        if not self.model.source_names:
            return {}
        sources = {
            row["source"]: row
            for row in self.context.query(profile.counts_sql(self.model)).to_dicts()
        }
        made = profile.entity_sql(self.model, self.context.has)
        entities = (
            {row["entity"]: row for row in self.context.query(made).to_dicts()} if made else {}
        )
        return {
            each.name: profile.key_of(self.model, each, entities, sources, self._values)
            for each in self.candidates
        }

    @cached_property
    def _values(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Identifiers by place, and over all their places under an empty one."""
        if not self.context.has(profile.VALUES):
            return {}
        rows = self.context.query(profile.coverage_sql(self.model)).to_dicts()
        found = {(r["identifier"], r["source"], r["field"]): r for r in rows}
        for row in self.context.query(profile.SPREAD).to_dicts():
            whole = found.setdefault((row["identifier"], "", ""), {"distinct_values": 0})
            whole["distinct_values"] += row["distinct_values"]
        return found

    @cached_property
    def numbers(self) -> list[profile.Money]:
        """The headline numbers that count or sum one measure, and whose rows the plan holds."""
        every = self.model.metrics.metrics if self.model.metrics else {}
        headline = (self.model.grain.headline if self.model.grain else ()) or tuple(every)[:3]
        found = [profile.additive(self.model, name) for name in headline if name in every]
        return [each for each in found if each and self.context.has(each.rows)]

    @cached_property
    def moved(self) -> dict[tuple[str, str], dict[str, Any]]:
        """For each candidate and number: rows, links, things, and the total that a join to the
        candidate would give.
        """
        asks = []
        for each in self.candidates:
            for money in self.numbers:
                way = profile.way_to(self.model, money.entity, each, self.context.has)
                if way:
                    asks.append(profile.movement_sql(each.name, money, way))
        rows = self.context.query("\nunion all\n".join(asks)).to_dicts() if asks else []
        return {(row["candidate"], row["metric"]): row for row in rows}

    @cached_property
    def sharing(self) -> dict[str, dict[str, Any]]:
        """For each thing that is taken for a customer: how many customers share one, and how
        many have several.
        """
        if not self.primary or not self.context.has(self.primary):
            return {}
        asks = [profile.sharing_sql(name, self.primary, ways) for name, ways in self.ways.items()]
        return (
            {
                row["candidate"]: row
                for row in self.context.query("\nunion all\n".join(asks)).to_dicts()
            }
            if asks
            else {}
        )

    @cached_property
    def ways(self) -> dict[str, tuple[profile.Way, ...]]:
        """For each thing that is taken for a customer and that customers reach: every
        relationship that leads there.
        """
        could = [
            each
            for each in self.candidates
            if each.target != self.primary and (each.usual or each.group == profile.CONSIDERED)
        ]
        ways = {
            each.name: profile.ways_to(self.model, self.primary, each, self.context.has)
            for each in could
        }
        return {name: found for name, found in ways.items() if found}

    @property
    def count(self) -> int | None:
        """How many rows of the decided grain there are."""
        key = self.keys.get(self.primary)
        return key.things if key else None
