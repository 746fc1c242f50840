"""The walk of page 03: whether everything arrived, and whether one customer can be followed."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.steps.sources import Sources
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class SourcesWalk(Walk):
    """The walk of the sources."""

    word = "sources"

    @property
    def page(self) -> Sources:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Sources)
        return self.step

    def places(self) -> list[tuple[str, ...]]:
        """What holds for all sources, then the first of them."""
        words = ("systems", "freshness", "identifiers", "trace")
        return [
            *((word,) for word in words),
            *(("sources", name) for name in self.model.sources.sources),
        ]

    def task(self) -> Task | None:
        """At which step of the trace most customers are lost."""
        legs = self.page.legs[1:]
        lost = [leg for leg in legs if leg.ended]
        if not lost:
            return None
        most = max(leg.ended for leg in lost)
        right = [leg for leg in lost if leg.ended == most]
        first = self.page.legs[0]
        return Task(
            self.word,
            {
                "start": first.start,
                "system": first.stop.name,
                "steps": [leg.stop.name for leg in legs],
                "worst": right[0].stop.name,
                "lost": most,
                "traced": legs[-1].unbroken,
            },
            tuple((leg.stop.name, most) for leg in right),
            tuple(leg.stop.name for leg in legs),
        )

    def conditions(self) -> Iterator[Condition]:
        """Rows read are rows accepted and rejected; key, owner and freshness of every source; no
        suggestion is left to confirm; how long rows with personal fields may be kept.
        """
        arrived, owner = self.page.arrived, self.model.owner_of(self.word)
        place = self.model.place("sources.sources")
        count = len(arrived)
        lost = [each.source for each in arrived if each.read != each.accepted + each.rejected]
        yield every("counted", count, lost, owner, place, state="fail")
        yield every("keyed", count, [e.source for e in arrived if not e.key], owner, place)
        keyed = [each for each in arrived if each.key]
        broken = [each.source for each in keyed if each.repeated or each.empty]
        yield every("unique", len(keyed), broken, owner, place)
        yield every("owned", count, [e.source for e in arrived if not e.owner], owner, place)
        undated = [age.source for age in self.page.ages if not (age.warn or age.error)]
        yield every("fresh", len(self.page.ages), undated, owner, place)
        classes = self.page.classes
        open_ = [each.source for each in classes if each.guessed or each.unclassified]
        yield every("classed", len(classes), open_, owner, place)
        kept = self.page.retention
        unlimited = [each.source for each in kept if not each.keep_for]
        yield every("retained", len(kept), unlimited, owner, place)
