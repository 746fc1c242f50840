"""The walk of page 01: which decision waits for which answer."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.steps.questions import Questions
from workbook.steps.questions_asked import metrics_asked
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class QuestionsWalk(Walk):
    """The walk of the questions."""

    word = "questions"

    @property
    def page(self) -> Questions:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Questions)
        return self.step

    def task(self) -> Task | None:
        """How many metrics no question asks for."""
        metrics = self.model.metrics.metrics
        if self.model.is_open("metrics") or self.model.is_open("questions"):
            return None
        unasked = len(set(metrics) - metrics_asked(self.model))
        return Task(
            self.word,
            {"metrics": len(metrics), "unasked": unasked, "questions": len(self.page.rows)},
            ((unasked,),),
        )

    def conditions(self) -> Iterator[Condition]:
        """Each question has somebody who asks, a decision, and an answer of the kind asked for."""
        questions = self.model.questions.questions
        owner, place = self.model.owner_of(self.word), self.model.place("questions.questions")
        count = len(questions)
        asks = {name: each.ask for name, each in questions.items()}
        for name, missing in (
            ("asked", [asks[key] for key, each in questions.items() if not each.asked_by]),
            ("decides", [asks[key] for key, each in questions.items() if not each.decides]),
            ("answered", [row["ask"] for row in self.page.rows if row["state"] != "pass"]),
        ):
            yield every(name, count, missing, owner, place)
