"""The walk of page 10: who has not been asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from workbook.steps.review import Review
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk
from workbook.words import words_of
from workbook.words.wording import humanize


class ReviewWalk(Walk):
    """The walk of the review."""

    word = "review"
    optional = ("current", "settled")

    @property
    def page(self) -> Review:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Review)
        return self.step

    @cached_property
    def draft(self) -> Mapping[str, Any]:
        """One statement on each headline number, for the department that answers for it."""
        metrics = self.model.metrics.metrics
        found: dict[str, Any] = {}
        if self.model.review.statements:
            return found
        for name in self.model.grain.headline:
            owner = self.model.owner_of("metrics", "metrics", name)
            if name in metrics and owner in self.model.project.departments:
                label = metrics[name].label or humanize(name)
                says = words_of("walk").text("draft.statement", label=label, metric=f"{{{name}}}")
                found.setdefault(owner, {})[name] = {"says": says, "about": name}
        return {"statements": found} if found else {}

    def options(self) -> list[Choice]:
        """That a disputed statement fails the run."""
        part = self.model.review
        stops = part.gate == "error" or not part.statements
        return [] if stops else [Choice("gate", "error")]

    def task(self) -> Task | None:
        """How many statements nobody has confirmed as they read today."""
        standings = self.page.standings
        if not standings:
            return None
        open_ = [each for each in standings if each.state != "agreed"]
        departments = sorted({humanize(each.department) for each in open_})
        return Task(
            self.word,
            {"statements": len(standings), "open": len(open_), "departments": departments},
            ((len(open_),),),
        )

    def conditions(self) -> Iterator[Condition]:
        """Every department is asked; every statement has an answer of today; none is disputed."""
        text, standings = self.model.texts[self.word], self.page.standings
        departments = list(self.model.project.departments)
        asked = {each.department for each in standings}
        unasked = [each for each in departments if each not in asked]
        yield every("asked", len(departments), unasked, self.model.owner_of(self.word), text.file)
        signoffs = f"{self.model.project.decisions}/signoffs.csv"
        signed = [each for each in standings if each.last]
        for name, of, open_ in (
            ("answered", standings, [each for each in standings if not each.last]),
            ("current", signed, [each for each in signed if each.changes]),
            ("settled", signed, [each for each in signed if each.state == "disputed"]),
        ):
            who = ", ".join(dict.fromkeys(each.department for each in open_))
            yield every(name, len(of), [each.name for each in open_], who, signoffs)
