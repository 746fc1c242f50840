"""The walk of page 09: whether a new colleague would read this as the team does."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.metrics.report.metric_wording import label_of, means_of
from workbook.steps.documentation import Documentation
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class DocumentationWalk(Walk):
    """The walk of the documentation."""

    word = "documentation"

    @property
    def page(self) -> Documentation:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Documentation)
        return self.step

    def task(self) -> Task | None:
        """How many attributes nobody has described."""
        entries = self.page.entries
        undescribed = [each for each in entries if not each.means]
        if not entries:
            return None
        values = {"attributes": len(entries), "undescribed": len(undescribed)}
        return Task(self.word, values, ((len(undescribed),),))

    def conditions(self) -> Iterator[Condition]:
        """Headline numbers and fields of views are described and owned; caveats are in force."""
        owner, text = self.model.owner_of(self.word), self.model.texts[self.word]
        metrics = self.model.metrics.metrics
        names = [name for name in self.model.grain.headline if name in metrics]
        unsaid = [label_of(self.model, name) for name in names if not means_of(self.model, name)]
        yield every("headline", len(names), unsaid, owner, text.file)
        entries = {each.name: each for each in self.page.entries}
        shown = [
            field
            for uses in (self.model.customer_360.views, self.model.customer_360.audiences)
            for use in uses.values()
            for field in use.fields
            if field in entries
        ]
        fields = list(dict.fromkeys(shown))
        silent = [name for name in fields if not entries[name].means]
        yield every("fields", len(fields), silent, owner, text.file)
        nobody = [name for name, each in entries.items() if not each.owner]
        yield every("owned", len(entries), nobody, owner, text.file)
        scopes = self.page.caveat_scopes
        expired = [scope.caveat.about[0] for scope in scopes if scope.expired]
        yield every("caveats", len(scopes), expired, owner, text.file)
