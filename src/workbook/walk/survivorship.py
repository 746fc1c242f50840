"""The walk of page 05: which source wins, what another order would change, when it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workbook.scenarios.compare import AttributeChange, flips
from workbook.scenarios.decision_options import Option
from workbook.steps.survivorship import Survivorship
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.draft_entities import draft_orders
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk

_FIVE = ("name", "status", "plan", "owner", "revenue")  # that every team argues about


@dataclass(frozen=True)
class Tried:
    """One named alternative to the rule of a field, and what it changes."""

    option: Option
    change: AttributeChange


class SurvivorshipWalk(Walk):
    """The walk of survivorship."""

    word = "survivorship"
    optional = ("ruled", "reasoned", "five", "measured", "owned", "exceptions")

    @property
    def page(self) -> Survivorship:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Survivorship)
        return self.step

    def places(self) -> list[tuple[str, ...]]:
        """The fields in conflict, the most contested first, then the other rules."""
        rules = self.model.survivorship.fields
        contested = [row["field"] for row in self.page.contested if row["field"] in rules]
        fields = dict.fromkeys((*contested, *rules))
        return [("default",), *(("fields", name) for name in fields)]

    @cached_property
    def draft(self) -> Mapping[str, Any]:
        """The order of systems, as the entities name them."""
        part = self.model.survivorship
        found = {} if part.default or part.fields else draft_orders(self.model)
        return {"default": found} if found else {}

    def options(self) -> list[Choice]:
        """The alternatives that are named, then each field in conflict that has no rule yet."""
        return [
            *super().options(),
            *(
                Choice(f"fields.{row['field']}.order", self._systems(row))
                for row in self.page.contested
                if not row["decided"]
            ),
        ]

    def _systems(self, row: Mapping[str, Any]) -> list[str]:
        """The order that holds for a field today, of those that have it."""
        refs = self.model.attributes(row["entity"])[row["attribute"]]
        held = {name for ref in refs for name in (ref.source, self.model.system_of(ref.source))}
        order = self.model.order(row["entity"], row["attribute"])
        return [each.source for each in order if each.source in held]

    # ---- exercise

    @cached_property
    def tried(self) -> list[Tried]:
        """The alternatives that the team named for a field, measured, in the order of the file."""
        found = []
        for option in self.alternatives:
            if option.kind != "field" or not self.context.has(option.entity):
                continue
            other = self.context.what_if(option.model, self.word)
            changes = flips(self.context, other, option.entity)[1]
            column = self.model.columns_of(option.entity)[option.attribute]
            found.append(Tried(option, changes.get(column, AttributeChange(0, 0))))
        return found

    def task(self) -> Task | None:
        """Which alternative changes the most values, other spellings set aside."""
        real = [each for each in self.tried if each.change.real]
        if not real:
            return None
        most = max(each.change.real for each in real)
        right = [each for each in real if each.change.real == most]
        loud = max(self.tried, key=lambda each: each.change.count)
        first = right[0]
        fields = [each.option.subject for each in self.tried]
        return Task(
            self.word,
            {
                "alternatives": len(self.tried),
                "field": first.option.subject,
                "alternative": first.option.alternative,
                "real": most,
                "changed": first.change.count,
                "loud": loud.option.subject,
                "loud_changed": loud.change.count,
                "loud_real": loud.change.real,
                "entity": first.option.entity,
            },
            tuple((each.option.subject, most) for each in right),
            tuple(dict.fromkeys(fields)),
        )

    # ---- done

    def conditions(self) -> Iterator[Condition]:
        """Fields in conflict have a rule with a reason and an owner, alternatives are measured,
        exceptions end.
        """
        yield self._ruled()
        yield self._reasoned()
        yield self._five()
        yield self._measured()
        yield self._owned()
        yield self._exceptions()

    def _ruled(self) -> Condition:
        contested = self.page.contested
        without = [row for row in contested if not row["decided"]]
        return every(
            "ruled",
            len(contested),
            [row["field"] for row in without],
            without[0]["owner"] if without else "",
            self.model.place("survivorship.fields"),
        )

    def _reasoned(self) -> Condition:
        rules = self.model.survivorship.fields
        decided = [row for row in self.page.contested if row["field"] in rules]
        without = [row for row in decided if not rules[row["field"]].because]
        return every(
            "reasoned",
            len(decided),
            [row["field"] for row in without],
            without[0]["owner"] if without else "",
            self.model.place("survivorship.fields"),
        )

    def _five(self) -> Condition:
        """Name, status, plan, owner and revenue, as far as the model has them."""
        primary = self.model.grain.primary
        if not primary or primary not in self.model.entity_names:
            return Condition("five", "untested", {"held": [], "missing": [], "absent": []})
        attributes = self.model.attributes(primary)
        decided = {row["field"] for row in (*self.page.rows, *self.page.single)}
        named = [each for each in _FIVE if each in attributes]
        held = [
            each
            for each in named
            if f"{primary}.{each}" in decided or len({ref.source for ref in attributes[each]}) == 1
        ]
        missing = [each for each in named if each not in held]
        absent = [each for each in _FIVE if each not in named]
        return Condition(
            "five",
            "untested" if not named else "look" if missing else "pass",
            {"held": held, "missing": missing, "absent": absent},
        )

    def _measured(self) -> Condition:
        """Each alternative that the team named for a field has an entity that is built."""
        named = sum(each.kind == "field" for each in self.alternatives)
        left = named - len(self.tried)
        state = "untested" if not named else "look" if left else "pass"
        return Condition("measured", state, {"count": named, "left": left})

    def _owned(self) -> Condition:
        rows = self.page.rows
        return every(
            "owned",
            len(rows),
            [row["field"] for row in rows if not row["owner"]],
            self.model.owner_of(self.word),
            self.model.place("survivorship.fields"),
        )

    def _exceptions(self) -> Condition:
        codes = ("survivorship.broken_exception", "survivorship.expired_exception")
        wrong = [each for each in self.findings if each.code in codes]
        held = len(self.page.exceptions().body.rows)
        state = "look" if wrong else "pass" if held else "untested"
        return Condition(
            "exceptions",
            state,
            {"count": held, "wrong": len(wrong)},
            wrong[0].owner if wrong else "",
            f"{self.model.project.decisions}/exceptions.csv",
        )
