"""The data behind the pages by name: tables, answers to SQL, why a value survives, a metric as a
line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from workbook.scenarios.context import Context
from workbook.scenarios.explanation_figure import explanation
from workbook.scenarios.masked_tables import (
    ClassedFrame,
    answer_of_query,
    table_of_plan,
    tables_figure,
)
from workbook.show import Figure
from workbook.steps import Step
from workbook.widget import interactive, revealed
from workbook.words import words_of


class DataAccess(ABC):
    """Answers about the data of an open project; files that changed are read again first.

    Values of people are tokens in whatever is shown, so that a saved notebook holds none.
    """

    @abstractmethod
    def step(self, word: str) -> Step:
        """A step by its word; the open project gives it."""

    def _context(self) -> Context:
        return self.step("metrics").context

    def tables(self, find: str = "", *, every: bool = False) -> Figure:
        """The tables by name: what a row is, the key, and how many rows; `.data` is the list as
        Polars. `find` is a word of a name or description, `every` lists all tables.

        >>> from workbook import Workbook
        >>> book = Workbook.open("shop")
        >>> book.tables().data.filter(name="person")["row_is"].to_list()
        ['one human who bought or called']
        """
        return tables_figure(self._context(), find, every=every)

    def table(self, name: str, *, reveal: bool = False) -> Any:
        """All rows of a table as Polars (`.to_pandas()` and `.to_arrow()` are one call away),
        values of people as tokens; with `reveal` as a widget that shows the values themselves,
        which are not saved, and whose `.frame` is the rows.

        >>> from workbook import Workbook
        >>> book = Workbook.open("shop")
        >>> people = book.table("person").sort("person_no")
        >>> people.height, people["person_no"].drop_nulls()[0]
        (4, 'p1')
        >>> people["mail"].str.starts_with("mail·").sum()
        3

        Raises:
            WorkbookError: there is no such table; the nearest name is given.
        """
        return _answered(table_of_plan(self._context(), name), name, reveal=reveal)

    def sql(self, query: str, *, reveal: bool = False) -> Any:
        """The answer to one SELECT over the tables, as Polars; `reveal` as in `table`.

        A column is masked by the class of what it is made from, whatever it is called; a count is
        not. An answer that cannot be followed is masked as a whole.

        >>> from workbook import Workbook
        >>> book = Workbook.open("shop")
        >>> book.sql("select city, count(mail) as n from person group by 1 order by 1").rows()
        [('Bonn', 1), ('Kiel', 1), ('Neu-Ulm', 1), ('Ulm', 0)]

        Raises:
            WorkbookError: the SQL fails, or reads a table that there is not.
        """
        title = words_of("data").text("revealed.answer")
        return _answered(answer_of_query(self._context(), query), title, reveal=reveal)

    def browse(self, what: Any) -> Any:
        """A table by name, the rows of a figure, or a masked frame, to sort, filter and search in
        the notebook (the extra `tables`).

        Raises:
            WorkbookError: there is no such table, or the extra is not installed.
        """
        if isinstance(what, str):
            return interactive(self.table(what))
        return interactive(what.data if isinstance(what, Figure) else what)

    def explain(self, name: str) -> Figure:
        """Why each value of one customer reads as it does: the surviving value, its record, the
        reason, and what it overrules. `name` is `entity/id`, an id, a record like
        `system.table:key`, or a value such as a company's name.

        Raises:
            WorkbookError: nobody has that name, or several have.
        """
        return explanation(self._context(), name)

    def plot(self, metric: str, grain: str = "", by: str = "") -> Figure:
        """A metric over time, by its name or label; `by` one of its dimensions.

        Raises:
            WorkbookError: there is no such metric, period or split, or its segments are personal.
        """
        return self.step("metrics").plot(metric, grain, by)  # type: ignore[attr-defined]


def _answered(found: ClassedFrame, title: str, *, reveal: bool) -> Any:
    return revealed(found.raw, title) if reveal else found.masked
