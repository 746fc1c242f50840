"""The walk of page 04b: which rule is trusted without looking, and what every rule is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from workbook import identity
from workbook.scenarios.compare import numbers
from workbook.scenarios.decision_options import Option
from workbook.scenarios.sensitivity import regrouped
from workbook.steps.identity import Identity
from workbook.walk.condition import Condition, every
from workbook.walk.draft_entities import draft_rules
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class IdentityWalk(Walk):
    """The walk of identity."""

    word = "identity"
    optional = ("confident", "small_enough", "reviewed")

    @property
    def page(self) -> Identity:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Identity)
        return self.step

    @property
    def _ruled(self) -> list[str]:
        """The entities with rules, the customer first."""
        primary = self.model.grain.primary
        return sorted(self.page.ruled, key=lambda name: (name != primary, name))

    def places(self) -> list[tuple[str, ...]]:
        """The identity of each entity, the customer's first."""
        return [("identity", name) for name in self._ruled]

    @cached_property
    def draft(self) -> Mapping[str, Any]:
        """A match rule for each identifier that sources of one entity share."""
        found = {} if self.model.identity.identity else draft_rules(self.model)
        return {"identity": found} if found else {}

    @cached_property
    def _first_rule(self) -> Option | None:
        """The first match rule of the customer, switched off."""
        rules = (
            option
            for name in self._ruled[:1]
            for option in self.alternatives
            if option.kind == "match_rule" and option.entity == name
        )
        return next(rules, None)

    def task(self) -> Task | None:
        """How many customers would change if the first match rule were switched off."""
        option = self._first_rule
        if option is None:
            return None
        other = self.context.what_if(option.model, self.word)
        table = f"{option.entity}__clusters"
        changed = regrouped(self.context.frame(table), other.frame(table)).len()
        if not changed:
            return None
        moves = [each.said for each in numbers(self.context, other) if each.by]
        return Task(
            self.word,
            {
                "rule": option.subject,
                "entity": option.entity,
                "changed": changed,
                "customers": self.page.counts[option.entity]["customers"],
                "moves": moves,
            },
            ((changed,),),
        )

    def conditions(self) -> Iterator[Condition]:
        """Every rule has a confidence; no group is too large; blocked matches have a reason;
        nothing likely awaits review.
        """
        owner, place = self.model.owner_of(self.word), self.model.place("identity.identity")
        rules = [rule for name in self._ruled for rule in identity.spec_of(self.model, name).rules]
        unsure = [rule.name for rule in rules if not rule.confidence]
        yield every("confident", len(rules), unsure, owner, place)
        limits = {
            name: limit for name in self._ruled if (limit := self.page.results.cluster_size(name))
        }
        too_large = [
            name for name, limit in limits.items() if self.page.counts[name]["largest"] > limit
        ]
        yield every("small_enough", len(limits), too_large, owner, place)
        open_ = [
            each for each in self.findings if each.code.startswith("identity.suggestions_wait")
        ]
        waiting = sum(each.count or 0 for each in open_)
        suggests = [
            name for name in self._ruled if identity.spec_of(self.model, name).suggest is not None
        ]
        yield Condition(
            "reviewed",
            "untested" if not suggests else "look" if waiting else "pass",
            {"count": waiting},
            open_[0].owner if open_ else "",
            f"{self.model.project.decisions}/matches.csv",
        )
