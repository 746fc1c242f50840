"""What every step shares: the context that it reads from, and the shape that it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import polars as pl

from workbook.engine import MEMO, Table
from workbook.errors import WorkbookError
from workbook.finding import Finding, Severity, sort_findings
from workbook.model import Model
from workbook.scenarios.context import Context
from workbook.scenarios.list_items import whole_list
from workbook.scenarios.rows_behind import rows_behind
from workbook.show import Body, Column, Figure, FindingsList, Headline, nothing
from workbook.words import CatalogueText, error_of, finding, words_of


class Step:
    """One of the steps: its decisions, its tables, its evidence, its findings.

    Subclasses set `word` (module, notebook, YAML, catalogue and attribute of the workbook), and
    give `tables(model)`, `headline()` and `conclude()`; every evidence method returns a Figure.
    Whatever people read is a text of the page's catalogue (`words/en/<word>.toml`).
    """

    word: ClassVar[str]
    page = CatalogueText()
    title = CatalogueText()
    asks = CatalogueText()

    def __init__(self, context: Context) -> None:
        self.context = context
        self.model = context.model

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """The tables that this step contributes to the plan; none while it is open."""
        return []

    @property
    def is_open(self) -> bool:
        """Whether nothing is decided in this step yet."""
        return self.model.is_open(self.word)

    def headline(self) -> Headline:
        """The page's answer as one sentence, and its consequence in two or three."""
        raise error_of(WorkbookError, "steps.no_headline", word=self.word)

    def conclude(self) -> list[Finding]:
        """What this step found, as findings; an open step is one finding of severity `note`."""
        return []

    # ---- texts of the page's catalogue

    def text(self, name: str, /, **values: Any) -> str:
        """A text of this page with the values in it."""
        return words_of(self.word).text(name, **values)

    def answer(
        self, name: str, /, lede: str = "", *, state: str = "decided", **values: Any
    ) -> Headline:
        """The page's headline: `[headline]` `name` with the values in it."""
        return Headline(
            self.page,
            self.title,
            self.text(f"headline.{name}", **values),
            lede,
            "" if state == "open" else self.model.owner_of(self.word),
            state,
        )

    def heads(self, figure: str, *columns: Column) -> list[Column]:
        """The columns of a figure with their heads from the catalogue, by the columns' names."""
        heads = words_of(self.word).texts(f"figures.{figure}.columns")
        return [
            replace(column, label=heads[column.name]) if column.name in heads else column
            for column in columns
        ]

    def figure(
        self,
        name: str,
        body: Body,
        caption: str = "",
        *,
        empty: str = "empty",
        legend: Sequence[tuple[str, str]] = (),
        frame: pl.DataFrame | None = None,
        width: int = 12,
        role: str = "",
        **values: Any,
    ) -> Figure:
        """A figure with its number, title, subtitle and caption from the catalogue.

        `caption` is for one that is made of several texts; `empty` names the text that says why
        there is nothing to show.
        """
        at, words = f"figures.{name}", words_of(self.word)

        def part(text: str) -> str:
            return words.text(f"{at}.{text}", **values) if words.has(f"{at}.{text}") else ""

        if body.empty and part(empty):
            body = nothing(body.columns, part(empty))
        return Figure(
            part("number"),
            part("title"),
            part("subtitle"),
            body,
            caption or part("caption"),
            legend,
            frame,
            width,
            role,
            partial(rows_behind, self.context),
        )

    def finding(
        self,
        name: str,
        count: int | None = None,
        about: Iterable[str] = (),
        *,
        severity: Severity | None = None,
        owner: str | None = None,
        variant: str = "",
        **values: Any,
    ) -> Finding:
        """A finding of this page by its name in the catalogue."""
        return finding(
            self.model,
            f"{self.word}.{name}",
            count,
            about,
            severity=severity,
            owner=owner,
            variant=variant,
            **values,
        )

    def what_if(self, path: str, value: Any) -> Any:
        """What another value at a place of this step's file would move; shows itself, and its
        `adopt(because=, by=)` writes the YAML.

        `path` is dotted and below the file: `fields.account.name.order`; an item of a list is
        named by its place from 0 or its name: `account.rules[2]`, `account.rules[same_mail].match`.
        None is a decision that is not taken. Nothing is written until it is adopted; only tables
        that differ are
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
            raise error_of(WorkbookError, "steps.what_if_without_project")
        whole = whole_list(self.model, f"{self.word}.{path}", value)
        return self.context.asks(self.context, *whole)

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
