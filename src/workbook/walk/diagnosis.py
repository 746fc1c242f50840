"""The walk of page 00: which answer surprises the team, and where to begin."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.model.decision_records import words_at
from workbook.steps.diagnosis import Diagnosis
from workbook.walk.condition import Condition, every, record_of_file
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class DiagnosisWalk(Walk):
    """The walk of the diagnosis."""

    word = "diagnosis"

    @property
    def page(self) -> Diagnosis:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Diagnosis)
        return self.step

    def task(self) -> Task | None:
        """On how many of the ten questions the team and the data differ."""
        rated = [row for row in self.page.answers if row["gap"] is not None]
        if not rated:
            return None
        differ = [row for row in rated if row["gap"]]
        better = [row for row in differ if row["gap"] > 0]
        return Task(
            self.word,
            {"rated": len(rated), "differ": len(differ), "better": len(better)},
            ((len(differ),),),
        )

    def conditions(self) -> Iterator[Condition]:
        """Ten answers of the team; every symptom that shows has an owner; a first step."""
        answers, file = self.page.answers, self.model.texts[self.word].file
        owner = self.model.owner_of(self.word)
        unsaid = [row["asks"] for row in answers if not row["team"]]
        yield every("answered", len(answers), unsaid, owner, file)
        shown = [each for each in self.page.symptoms if each.shown]
        findings = [each for each in self.findings if each.code == "diagnosis.symptom"]
        nobody = [each.about[0] for each in findings if not each.owner]
        yield Condition(
            "owned",
            "untested" if not shown else "look" if nobody else "pass",
            {"count": len(shown), "missing": len(nobody)},
            owner if nobody else "",
        )
        waiting = [step for step in self.page.others if not self._is_settled(step.word)]
        first = waiting[0] if waiting else None
        yield Condition(
            "begun",
            "look" if first else "pass",
            {
                "pages": [step.page.lstrip("0") for step in waiting],
                "page": first.page.lstrip("0") if first else "",
                "title": first.title if first else "",
            },
            owner if first else "",
            self.model.texts[first.word].file if first else "",
        )

    def _is_settled(self, word: str) -> bool:
        """Whether a page is decided, and says by whom and when if its file has a place for it."""
        if self.model.is_open(word):
            return False
        return "owner" not in words_at(word, ()) or record_of_file(self.model, word).is_met
