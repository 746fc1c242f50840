"""What decides beside the match rules how many customers there are: merges of the source, a limit
that splits, records without a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from workbook import identity
from workbook.finding import Finding
from workbook.model.schema import EntityIdentity, MatchRule
from workbook.scenarios.context import Context
from workbook.words import finding, words_of

_WORDS = words_of("identity")


@dataclass(frozen=True)
class EntityTotals:
    """One entity whose records are resolved, and how many customers it has."""

    context: Context
    entity: str
    customers: int

    @property
    def spec(self) -> EntityIdentity:
        """What was decided about its identity."""
        return identity.spec_of(self.context.model, self.entity)

    @property
    def matched(self) -> tuple[MatchRule, ...]:
        """Its rules, in the columns that they match on."""
        return identity.in_columns(self.context.model, self.entity, self.spec).rules

    @cached_property
    def unkeyed(self) -> dict[str, int]:
        """Records without a value that a rule could match by, customers of such records alone,
        records left out for it.
        """
        if not self.spec.rules:
            return {"records": 0, "customers": 0, "left_out": 0}
        return self.context.query(
            identity.cluster_stats.unkeyed_sql(self.entity, self.matched)
        ).row(0, named=True)

    @cached_property
    def merges(self) -> dict[str, int]:
        """What the source merged itself: records, customers, keys without a row, survivors that
        are not in the file, records in circles or with several survivors.
        """
        if not self.context.model.merges(self.entity):
            return {}
        return self.context.query(identity.cluster_stats.merges_sql(self.entity)).row(0, named=True)

    @cached_property
    def split(self) -> int:
        """How many customers more there are because a limit of records kept values from
        matching.
        """
        several = identity.several_values(self.context.model, self.entity)
        return identity.cluster_stats.split(
            self.context.query(identity.cluster_stats.split_sql(self.entity, numbered=several))
        )

    def conclude(self, owner: str) -> Iterator[Finding]:
        """Decisions that are overruled, merges of the source, a limit that splits customers, and
        records without a key.
        """
        yield from self._overruled(owner)
        yield from self._merged(owner)
        yield from self._split(owner)
        yield from self._unkeyed(owner)

    def unmatchable(self) -> str:
        """How many customers have no key, for the caption of the figure that counts them; empty
        where every record has one.
        """
        at, unkeyed = "figures.joining", self.unkeyed
        if unkeyed["left_out"]:
            return _WORDS.text(f"{at}.left_out", count=unkeyed["left_out"], entity=self.entity)
        if unkeyed["customers"]:
            return _WORDS.text(
                f"{at}.unmatchable",
                count=unkeyed["customers"],
                of=self.customers,
                entity=self.entity,
            )
        return ""

    def _overruled(self, owner: str) -> Iterator[Finding]:
        count = int(
            self.context.query(identity.cluster_stats.overruled_sql(self.entity))["links"][0]
        )
        if count:
            yield finding(
                self.context.model,
                "identity.decision_overruled",
                count,
                (self.entity,),
                owner=owner,
                entity=self.entity,
            )

    def _merged(self, owner: str) -> Iterator[Finding]:
        model, merges = self.context.model, self.merges
        if merges and merges["merged"]:
            yield finding(
                model,
                "identity.merges",
                merges["merged"],
                (self.entity,),
                owner=owner,
                entity=self.entity,
                survivors=merges["survivors"],
                gone=merges["gone"],
            )
        problems = {
            name: merges[name] for name in ("missing", "circles", "several") if merges.get(name)
        }
        if problems:
            yield finding(
                model,
                "identity.merge_unclear",
                sum(problems.values()),
                (self.entity,),
                owner=owner,
                entity=self.entity,
                problems=[
                    _WORDS.text(f"unclear_merge.{name}", count=count, entity=self.entity)
                    for name, count in problems.items()
                ],
            )

    def _split(self, owner: str) -> Iterator[Finding]:
        if not self.split:
            return
        guard = self.spec.guard
        written = guard.records_per_value is not None
        explained = written and bool(guard.because or self.spec.because)
        yield finding(
            self.context.model,
            "identity.guard_split",
            self.split,
            (self.entity,),
            severity="note" if explained else "look",
            owner=owner,
            variant="explained" if explained else "written" if written else "default",
            entity=self.entity,
            limit=guard.records_per_value or identity.RECORDS_PER_VALUE,
        )

    def _unkeyed(self, owner: str) -> Iterator[Finding]:
        left_out, decided = self.unkeyed["left_out"], bool(self.spec.without_keys)
        count = left_out or self.unkeyed["customers"]
        if count:
            keys = dict.fromkeys(name for rule in self.spec.rules for name in rule.match)
            yield finding(
                self.context.model,
                "identity.no_keys",
                count,
                (self.entity,),
                severity="note" if left_out or decided else "look",
                owner=owner,
                variant="excluded" if left_out else "counted" if decided else "undecided",
                entity=self.entity,
                of=self.customers,
                keys=list(keys),
            )
