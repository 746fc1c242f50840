"""The walk of page 04: which things exist, and which link would count money or people twice."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.steps.entities import Entities
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class EntitiesWalk(Walk):
    """The walk of the entities."""

    word = "entities"

    @property
    def page(self) -> Entities:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Entities)
        return self.step

    def places(self) -> list[tuple[str, ...]]:
        """The customer first, then how entities relate, then the other entities."""
        names = dict.fromkeys((self.model.grain.primary, *self.model.entity_names))
        entities = [("entities", name) for name in names if name in self.model.entity_names]
        return [*entities[:1], ("relationships",), *entities[1:]]

    def options(self) -> list[Choice]:
        """Each relationship that departs from its declaration, declared as it was measured."""
        return [
            Choice(f"relationships.{link['relationship']}.cardinality", link["measured"])
            for link in self.page.links
            if link["broken"]
        ]

    def task(self) -> Task | None:
        """Which relationship breaks what was declared of it, in how many rows."""
        broken = [link for link in self.page.links if link["broken"]]
        if not broken:
            return None
        rows = [link["several_to"] or link["several_from"] or 0 for link in broken]
        most = max(rows)
        right = [link for link, count in zip(broken, rows, strict=True) if count == most]
        return Task(
            self.word,
            {
                "links": len(self.page.links),
                "worst": right[0]["relationship"],
                "rows": most,
                "breaches": right[0]["breaches"],
            },
            tuple((link["relationship"], most) for link in right),
            tuple(link["relationship"] for link in self.page.links),
        )

    def conditions(self) -> Iterator[Condition]:
        """A row sentence and an owner for each entity; relationships are as declared; every
        building block is there.
        """
        entities, owner = self.model.entities.entities, self.model.owner_of(self.word)
        place = self.model.place("entities.entities")
        unsaid = [name for name, each in entities.items() if not each.row_is]
        yield every("row_is", len(entities), unsaid, owner, place)
        nobody = [n for n in entities if not self.model.owner_of(self.word, "entities", n)]
        yield every("owned", len(entities), nobody, owner, place)
        links = self.page.links
        broken = [link["relationship"] for link in links if link["breaches"]]
        first = next((link["owner"] for link in links if link["breaches"]), "")
        yield every("held", len(links), broken, first, self.model.place("entities.relationships"))
