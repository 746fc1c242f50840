"""The walk of page 11: what a workflow does with each field."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.steps.customer_360 import Customer360
from workbook.walk.choice import Choice
from workbook.walk.condition import Condition, every
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk
from workbook.words.wording import humanize

_SPARSE = 0.5  # share of filled values under which a field is empty for most


class Customer360Walk(Walk):
    """The walk of the curated views."""

    word = "customer_360"

    @property
    def page(self) -> Customer360:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Customer360)
        return self.step

    def options(self) -> list[Choice]:
        """Each view without the condition that selects its records, then without its last field."""
        views = self.model.customer_360.views
        return [
            *(Choice(f"views.{name}.only", None) for name, view in views.items() if view.only),
            *(
                Choice(f"views.{name}.fields", list(view.fields[:-1]))
                for name, view in views.items()
                if len(view.fields) > 1
            ),
        ]

    def task(self) -> Task | None:
        """How many fields of the first view are filled for few of its records."""
        for status in self.page.statuses:
            shares = self.page.filled(status.table)
            if status.inside and shares:
                sparse = [field for field, share in shares.items() if share < _SPARSE]
                return Task(
                    self.word,
                    {
                        "view": status.name,
                        "fields": len(shares),
                        "sparse": [humanize(field) for field in sparse],
                        "count": len(sparse),
                    },
                    ((len(sparse),),),
                )
        return None

    def conditions(self) -> Iterator[Condition]:
        """Purpose, question, owner and budget of every view; no field without information; no
        field that is not permitted; nothing upstream reads a view.
        """
        owner, file = self.model.owner_of(self.word), self.model.texts[self.word].file
        statuses = self.page.statuses
        count = len(statuses)
        for name, missing in (
            ("purpose", [each.name for each in statuses if not each.use.purpose]),
            ("question", [each.name for each in statuses if not each.use.answers]),
            ("owned", [each.name for each in statuses if not each.owner]),
            ("permitted", [each.name for each in statuses if each.refused]),
            ("included", [each.name for each in statuses if not each.inside]),
        ):
            yield every(name, count, missing, owner, file)
        limited = [each for each in statuses if each.budget is not None]
        over = [each.name for each in limited if each.over_budget]
        yield every("budget", len(limited), over, owner, file)
        yield every("upstream", count, self._read_upstream(), owner, file, state="fail")

    def _read_upstream(self) -> list[str]:
        """Views that a table of an earlier page reads."""
        tables = self.context.plan.tables
        own = {status.table for status in self.page.statuses}
        return sorted(
            {
                name.partition("__")[2]
                for table in tables.values()
                if not table.step.endswith((self.word, "ai_context"))
                for name in table.reads
                if name in own
            }
        )
