"""The walk of page 12: what an assistant may see, and who approves what it writes."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.steps.ai_context import AiContext
from workbook.steps.customer_360 import Customer360
from workbook.steps.governance_rules import RULES, answers_by_purpose
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class AiContextWalk(Walk):
    """The walk of the AI context."""

    word = "ai_context"

    @property
    def page(self) -> AiContext:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, AiContext)
        return self.step

    def options(self) -> list[Choice]:
        """Each purpose without its condition, or with a limit of one day."""
        purposes = self.page.purposes
        return [
            *(
                Choice(f"purposes.{name}.only_if", None)
                for name, each in purposes.items()
                if each.only_if and each.basis != "consent"
            ),
            *(
                Choice(f"purposes.{name}.freshness", "1 hour")
                for name, each in purposes.items()
                if each.freshness != "1 hour"
            ),
        ]

    def task(self) -> Task | None:
        """Of the records of the first view with a condition, how many it may read."""
        for status in self.context.step(Customer360).statuses:
            purpose = self.page.purposes.get(status.use.purpose)
            if purpose and purpose.only_if and status.inside is not None and status.whole:
                return Task(
                    self.word,
                    {
                        "view": status.name,
                        "entity": status.use.of,
                        "whole": status.whole,
                        "inside": status.inside,
                        "outside": status.whole - status.inside,
                    },
                    ((status.inside,),),
                )
        return None

    def conditions(self) -> Iterator[Condition]:
        """The six governance rules, answered for each purpose as figure 12.7 judges them."""
        answers = answers_by_purpose(
            self.page, self.page.purposes, self.page.roles, self.page.freshness
        )
        owner, place = self.model.owner_of(self.word), self.model.place("ai_context.purposes")
        for rule in RULES:
            told = {name: each[rule] for name, each in answers.items() if each[rule] is not None}
            open_ = [name for name, answered in told.items() if not answered]
            yield every(rule, len(told), open_, owner, place)
