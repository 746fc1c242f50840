"""The tables that a page is made of, as a reader may check them: what a row is, how many, and
the SQL that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from workbook.engine import Artifact, Plan, Table
from workbook.privacy import readable_sql


@dataclass(frozen=True)
class PageTable:
    """One table behind a page; `sql` is empty where a named function of the workbook makes it."""

    name: str
    row_is: str
    pattern: str
    rows: int
    sql: str
    function: str


def tables_behind(
    page: str, plan: Plan, tables: Mapping[str, Artifact], secrets: Set[str]
) -> tuple[PageTable, ...]:
    """The tables that the step of this page contributes, in build order; `page` is the
    notebook's name.
    """
    word = page.partition("_")[2]
    return tuple(
        _behind(plan[name], tables[name].rows, secrets)
        for name in plan.order
        if plan[name].step in (word, page) and name in tables
    )


def _behind(table: Table, rows: int, secrets: Set[str]) -> PageTable:
    function = f"{table.function.name}, version {table.function.version}" if table.function else ""
    return PageTable(
        table.name, table.row_is, table.pattern, rows, readable_sql(table.sql, secrets), function
    )
