"""The walk of page 06: which field is needed as it was then."""

from __future__ import annotations

from collections.abc import Iterator

from workbook import history
from workbook.steps.history import History
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class HistoryWalk(Walk):
    """The walk of the history."""

    word = "history"

    @property
    def page(self) -> History:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, History)
        return self.step

    def options(self) -> list[Choice]:
        """Each kept field, no longer kept."""
        return [Choice(f"history.{name}", None) for name in self.model.history.history]

    def task(self) -> Task | None:
        """For how many the current value of the first kept field is not the last one kept."""
        for name, row in self.page.evidence.compared.items():
            of = row["agree"] + row["differ"]
            if row["differ"]:
                entity = name.partition(".")[0]
                values = {"field": name, "entity": entity, "differ": row["differ"], "of": of}
                return Task(self.word, values, ((row["differ"],),))
        return None

    def conditions(self) -> Iterator[Condition]:
        """What is kept can be used; fields that are used are kept; moves are declared."""
        owner, place = self.model.owner_of(self.word), self.model.place("history.history")
        kept = self.page.evidence.kept
        refused = [each.name for each in history.refusals(self.model)]
        yield every("usable", len(kept) + len(refused), refused, owner, place, state="fail")
        losses = self.page.evidence.losses
        used = [row["name"] for row in losses if row["used_by"]]
        yield every("kept", len(losses) + len(kept), used, owner, place)
        holes = [row["name"] for row in kept if row["holes"]]
        yield every("whole", len(kept), holes, owner, place)
        left = {
            state: spec
            for states in self.model.history.lifecycle.values()
            for state, spec in states.items()
            if spec.next
        }
        endless = [state for state, spec in left.items() if not spec.expected]
        place = self.model.place("history.lifecycle")
        yield every("expected", len(left), endless, owner, place)
