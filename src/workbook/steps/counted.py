"""What decides beside the rules how many customers there are: merges of the source, a limit
that splits, records without a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from workbook import identity as room
from workbook.finding import Finding
from workbook.model.schema import EntityIdentity, MatchRule
from workbook.scenarios.context import Context
from workbook.words import number
from workbook.words.wording import humanize, join_words

PAGE = "04b"


@dataclass(frozen=True)
class Counted:
    """One entity whose records are resolved, and how many customers it has."""

    context: Context
    entity: str
    customers: int

    @property
    def spec(self) -> EntityIdentity:
        """What was decided about its identity."""
        return room.spec_of(self.context.model, self.entity)

    @property
    def matched(self) -> tuple[MatchRule, ...]:
        """Its rules, in the columns that they match on."""
        return room.in_columns(self.context.model, self.entity, self.spec).rules

    @cached_property
    def unkeyed(self) -> dict[str, int]:
        """Records without a value that a rule could match by, customers of such records alone,
        records left out for it.
        """
        if not self.spec.rules:
            return {"records": 0, "customers": 0, "left_out": 0}
        return self.context.query(room.stats.unkeyed_sql(self.entity, self.matched)).row(
            0, named=True
        )

    @cached_property
    def merges(self) -> dict[str, int]:
        """What the source merged itself: records, customers, keys without a row, survivors that
        are not in the file, records in circles or with several survivors.
        """
        if not self.context.model.merges(self.entity):
            return {}
        return self.context.query(room.stats.merges_sql(self.entity)).row(0, named=True)

    @cached_property
    def split(self) -> int:
        """How many customers more there are because a limit of records kept values from
        matching.
        """
        several = room.several_values(self.context.model, self.entity)
        return room.stats.split(
            self.context.query(room.stats.split_sql(self.entity, numbered=several))
        )

    def conclude(self, owner: str) -> Iterator[Finding]:
        """Decisions that do not hold, merges of the source, a limit that splits customers, and
        records without a key.
        """
        yield from self._overruled(owner)
        yield from self._merged(owner)
        yield from self._split(owner)
        yield from self._unkeyed(owner)

    def said(self) -> str:
        """Records without a key, for the caption of the figure that counts customers; empty
        where every record has one.
        """
        none, out, thing = (
            self.unkeyed["customers"],
            self.unkeyed["left_out"],
            humanize(self.entity),
        )
        if out:
            return (
                f" {number.plural(out, 'record')} without a value to match by"
                f" {'is' if out == 1 else 'are'} no {thing}, as decided."
            )
        if none:
            return (
                f" {none:,} of {number.plural(self.customers, thing)}"
                f" {'has' if none == 1 else 'have'} no value to match by."
            )
        return ""

    def _finding(self, code: str, severity: str, sentence: str, count: int, owner: str) -> Finding:
        return Finding(
            f"identity.{code}",
            severity,
            f"{self.entity}: {sentence}",
            PAGE,
            count,
            owner,
            (self.entity,),
        )  # type: ignore[arg-type]

    def _overruled(self, owner: str) -> Iterator[Finding]:
        sql = room.stats.overruled_sql(self.entity)
        count = int(self.context.query(sql)["links"][0])
        if count:
            sentence = (
                f"{number.plural(count, 'pair')} that a person joined"
                f" {'is' if count == 1 else 'are'} apart all the same, because a never-merge key or"
                " another decision forbids it. Whoever decided should look again."
            )
            yield self._finding("decision_overruled", "look", sentence, count, owner)

    def _merged(self, owner: str) -> Iterator[Finding]:
        told = self.merges
        if told and told["merged"]:
            gone = (
                f"; {told['gone']:,} of them {'is' if told['gone'] == 1 else 'are'} no longer in"
                f" the file and {'leads' if told['gone'] == 1 else 'lead'} to the survivor by key"
                " alone"
                if told["gone"]
                else ""
            )
            sentence = (
                f"the source merged {number.plural(told['merged'], 'record')} into"
                f" {number.plural(told['survivors'], 'other')}, and"
                f" {'it counts' if told['merged'] == 1 else 'they count'} once{gone}."
            )
            yield self._finding("merges", "note", sentence, told["merged"], owner)
        unclear = told["missing"] + told["circles"] + told["several"] if told else 0
        if unclear:
            parts = [
                (
                    f"{number.plural(told['missing'], 'survivor')}"
                    f" {'is' if told['missing'] == 1 else 'are'} not in the file"
                    if told["missing"]
                    else ""
                ),
                (
                    f"{number.plural(told['circles'], 'record')}"
                    f" {'was' if told['circles'] == 1 else 'were'} merged in a circle and"
                    f" {'counts' if told['circles'] == 1 else 'count'} as one customer"
                    if told["circles"]
                    else ""
                ),
                (
                    f"{number.plural(told['several'], 'record')}"
                    f" {'has' if told['several'] == 1 else 'have'} two survivors and"
                    f" {'was' if told['several'] == 1 else 'were'} merged with neither"
                    if told["several"]
                    else ""
                ),
            ]
            sentence = (
                "merges of the source cannot be followed:"
                f" {join_words([part for part in parts if part])}. Whoever exports it should check"
                " the field."
            )
            yield self._finding("merge_unclear", "look", sentence, unclear, owner)

    def _split(self, owner: str) -> Iterator[Finding]:
        if not self.split:
            return
        guard = self.spec.guard
        written = guard.records_per_value is not None
        limit = guard.records_per_value or room.RECORDS_PER_VALUE
        by = (
            f"The limit of {limit:,} records per value"
            if written
            else f"A default limit of {limit:,} records per value, which nobody set,"
        )
        sentence = (
            f"{by} makes {number.plural(self.split, humanize(self.entity))} more than the rules"
            " alone would. Set guard: {records_per_value: …}, or write why it is right (because)"
            " in 04b_identity."
        )
        decided = written and bool(guard.because or self.spec.because)
        yield self._finding(
            "guard_split", "note" if decided else "look", sentence, self.split, owner
        )

    def _unkeyed(self, owner: str) -> Iterator[Finding]:
        none, out, thing = (
            self.unkeyed["customers"],
            self.unkeyed["left_out"],
            humanize(self.entity),
        )
        by = join_words(
            list(dict.fromkeys(humanize(name) for rule in self.spec.rules for name in rule.match))
        )
        if out:
            sentence = (
                f"{number.plural(out, 'record')} without {by} {'is' if out == 1 else 'are'} no"
                f" {thing}, as decided; what is linked to {'it' if out == 1 else 'them'} is"
                " unlinked."
            )
            yield self._finding("no_keys", "note", sentence, out, owner)
        elif none:
            sentence = (
                f"{none:,} of {number.plural(self.customers, thing)}"
                f" {'has' if none == 1 else 'have'} no key ({by}), so that no rule could match"
                f" {'it' if none == 1 else 'them'}."
                + (
                    ""
                    if self.spec.without_keys
                    else (
                        " Decide in 04b_identity whether they count (without_keys: count or"
                        " leave_out)."
                    )
                )
            )
            yield self._finding(
                "no_keys", "note" if self.spec.without_keys else "look", sentence, none, owner
            )
