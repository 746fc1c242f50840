"""What every step shares: the context that it reads from, and the shape that it has."""

from __future__ import annotations

from typing import Any, ClassVar

from workbook.engine import MEMO, Table
from workbook.errors import WorkbookError
from workbook.finding import Finding, sort_findings
from workbook.model import Model
from workbook.scenarios.context import Context
from workbook.show import FindingsList, Headline


class Step:
    """One of the steps: its decisions, its tables, its evidence, its findings.

    Subclasses set `word` (module, notebook, YAML and attribute of the workbook), `page`,
    `title`, `asks`, and give `tables(model)`, `headline()` and `conclude()`; every evidence
    method returns a Figure.
    """

    word: ClassVar[str]
    page: ClassVar[str]
    title: ClassVar[str]
    asks: ClassVar[str]

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """The tables that this step contributes to the plan; none while it is open."""
        return []

    @property
    def part(self) -> object | None:
        """The step's decisions, or None while it is open."""
        return getattr(self.model, self.word)

    def headline(self) -> Headline:
        """The page's answer as one sentence, and its consequence in two or three."""
        raise WorkbookError(f"The {self.word} step has no headline.")

    def conclude(self) -> list[Finding]:
        """What this step found, as findings; an open step is one finding of severity `note`."""
        return []

    def what_if(self, path: str, value: Any) -> Any:
        """What another value at a place of this step's file would move; shows itself, and its
        `adopt(because=, by=)` writes the YAML.

        `path` is dotted and below the file: `fields.account.name.order`. None is a decision
        that is not taken. Nothing is written until it is adopted; only tables that differ are
        built.

        >>> from workbook import Workbook
        >>> book = Workbook.open("shop")
        >>> tried = book.survivorship.what_if("fields.person.city.order", ["shop", "desk"])
        >>> tried.values, [each.label for each in tried.moves]
        ({'person.city': 1}, [])
        >>> dict(tried.customers)
        {'person': 1}

        Raises:
            ModelError: the value contradicts the model.
            WorkbookError: there is no such place, or no project is open.
        """
        if self.context.asks is None:
            raise WorkbookError("A what-if needs an open project: Workbook.open(PROJECT).")
        return self.context.asks(self.context, f"{self.word}.{path}", value)

    def findings(self) -> FindingsList:
        """The findings as they close the page; what was worked out about its queries is kept
        for the next run.

        >>> from workbook import Workbook
        >>> [(each.code, each.severity) for each in Workbook.open("shop").grain.findings().findings]
        [('grain.candidate_close', 'note')]
        """
        found = FindingsList(sort_findings(self.conclude()))
        MEMO.save()
        return found
