"""The walk of page 10: who has not been asked."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.steps.review import Review
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk
from workbook.words.wording import humanize


class ReviewWalk(Walk):
    """The walk of the review."""

    word = "review"

    @property
    def page(self) -> Review:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Review)
        return self.step

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
