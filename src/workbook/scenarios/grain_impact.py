"""What each candidate for the grain would do: its key as measured, what a join to it repeats,
and which customers share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from workbook import identity
from workbook.scenarios.context import Context
from workbook.sources import profile


@dataclass(frozen=True)
class GrainMove:
    """One headline number as it is and under a candidate, with the records that are linked to
    none of the candidate.
    """

    money: profile.Money
    now: int | Decimal | None
    then: int | Decimal | None
    unlinked: int
    linked: int = 0

    @property
    def fewest(self) -> int:
        """The smallest count that the move tells of: counted records that are linked, or, where
        it counts, what they are linked to.
        """
        counted = isinstance(self.then, int) and self.money.agg == "count"
        return min(self.linked, int(self.then or 0)) if counted else self.linked

    @property
    def share(self) -> float | None:
        """The change as a share of today's value; None where that is nothing."""
        if not self.now or self.then is None:
            return None
        return float((self.then - self.now) / self.now)

    @property
    def inflates(self) -> bool:
        """Whether it would be more."""
        return (self.then or 0) > (self.now or 0)


class GrainImpact:
    """The candidates for the grain of a project, each measured against the decided one."""

    def __init__(self, context: Context) -> None:
        self.context, self.model = context, context.model

    @property
    def primary(self) -> str:
        """The entity that was decided to be the customer, or ''."""
        grain = self.model.grain
        return grain.primary if grain.primary in self.model.entity_names else ""

    @cached_property
    def candidates(self) -> list[profile.Candidate]:
        """Everything that a customer could be."""
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
        sql = profile.entity_sql(self.model, self.context.has)
        entities = {row["entity"]: row for row in self.context.query(sql).to_dicts()} if sql else {}
        return {
            candidate.name: profile.key_of(self.model, candidate, entities, sources, self._values)
            for candidate in self.candidates
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
        every = self.model.metrics.metrics
        headline = (self.model.grain.headline) or tuple(every)[:3]
        found = [profile.additive(self.model, name) for name in headline if name in every]
        return [money for money in found if money and self.context.has(money.rows)]

    @property
    def summed(self) -> profile.Money | None:
        """The number by which repetition is measured: the first that sums money, else the first
        that sums.
        """
        sums = [money for money in self.numbers if money.agg == "sum"]
        return next((money for money in sums if money.is_money), sums[0] if sums else None)

    @cached_property
    def moved(self) -> dict[tuple[str, str], dict[str, Any]]:
        """For each candidate and number: rows, links, things, and the total that a join to the
        candidate would give.
        """
        queries = []
        for candidate in self.candidates:
            for money in self.numbers:
                path = profile.way_to(self.model, money.entity, candidate, self.context.has)
                if path:
                    queries.append(profile.movement_sql(candidate.name, money, path))
        rows = self.context.query("\nunion all\n".join(queries)).to_dicts() if queries else []
        return {(row["candidate"], row["metric"]): row for row in rows}

    def move(self, candidate: profile.Candidate, money: profile.Money) -> GrainMove | None:
        """One number under one candidate; None where its records are not linked to it."""
        row = self.moved.get((candidate.name, money.metric))
        return None if row is None else _move(money, row)

    def now(self, money: profile.Money) -> int | Decimal | None:
        """A number as it is; None where nothing was measured about it."""
        rows = (row for (_, metric), row in self.moved.items() if metric == money.metric)
        row = next(rows, None)
        return None if row is None else _move(money, row).now

    @cached_property
    def sharing(self) -> dict[str, dict[str, Any]]:
        """For each thing that is taken for a customer: how many customers share one, and how
        many have several.
        """
        if not self.primary or not self.context.has(self.primary):
            return {}
        queries = [
            profile.sharing_sql(name, self.primary, paths) for name, paths in self.ways.items()
        ]
        rows = self.context.query("\nunion all\n".join(queries)).to_dicts() if queries else []
        return {row["candidate"]: row for row in rows}

    @cached_property
    def ways(self) -> dict[str, tuple[profile.Way, ...]]:
        """For each thing that is taken for a customer and that customers are linked to: every
        relationship that leads there.
        """
        could = [
            candidate
            for candidate in self.candidates
            if candidate.target != self.primary
            and (candidate.usual or candidate.group == profile.CONSIDERED)
        ]
        ways = {
            candidate.name: profile.ways_to(self.model, self.primary, candidate, self.context.has)
            for candidate in could
        }
        return {name: found for name, found in ways.items() if found}

    @property
    def count(self) -> int | None:
        """How many customers of the decided grain there are."""
        key = self.keys.get(self.primary)
        return key.things if key else None

    def count_of(self, candidate: profile.Candidate) -> int | None:
        """How many of a candidate there are: as its key counts them, else as many as customers
        are linked to; None where nothing counts them.
        """
        key = self.keys.get(candidate.name)
        if key is None:
            return None
        if key.things is not None:
            return key.things
        return self.sharing.get(candidate.name, {}).get("things")

    @property
    def unmatchable(self) -> int:
        """How many customers consist only of records that no match rule could compare."""
        spec = identity.spec_of(self.model, self.primary)
        if not spec.rules or not self.context.has(f"{self.primary}__clusters"):
            return 0
        rules = identity.in_columns(self.model, self.primary, spec).rules
        sql = identity.cluster_stats.unkeyed_sql(self.primary, rules)
        return int(self.context.query(sql)["customers"][0])


def _move(money: profile.Money, row: Mapping[str, Any]) -> GrainMove:
    now, then = ("rows_counted", "things") if money.agg == "count" else ("total", "joined")
    return GrainMove(money, row[now], row[then], row["rows_counted"] - row["linked"], row["linked"])
