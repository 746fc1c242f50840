"""The tables that a page is made of, as a reader may check them: what a row is, how many, and the SQL that makes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from csv import reader
from dataclasses import dataclass
from pathlib import Path

from workbook.engine import Artifact, Plan, Table

_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_PERSONAL = re.compile(r"[^\s@%]+@[^\s@%]+\.\w|(?:\d[ ()/.-]?){7,}")  # an address, or a number as long as a phone's
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+)?")
_HIDDEN = "'…'"


@dataclass(frozen=True)
class Behind:
    """One table behind a page; `sql` is empty where a named function of the workbook makes it."""

    name: str
    row_is: str
    pattern: str
    rows: int
    sql: str
    function: str


def tables_behind(page: str, plan: Plan, tables: Mapping[str, Artifact], secrets: Set[str]) -> tuple[Behind, ...]:
    """The tables that the step of this page contributes, in build order; `page` is the notebook's name."""
    word = page.partition("_")[2]
    return tuple(_behind(plan[name], tables[name].rows, secrets) for name in plan.order if plan[name].step in (word, page) and name in tables)


def values_of_decisions(folder: Path) -> frozenset[str]:
    """Every cell of the ledgers of decisions: they may name records and values, so no SQL on a page repeats them."""
    found: set[str] = set()
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows: Sequence[Sequence[str]] = list(reader(lines))
        found |= {cell.strip() for row in rows[1:] for cell in row}
    return frozenset(found - {""})


def readable(sql: str, secrets: Set[str]) -> str:
    """SQL without the values of people: a literal from a ledger, or one that looks like an address or a number of one.

    >>> readable("where mail = 'ann@example.org' and plan = 'team' and day < '2025-06-30'", frozenset())
    "where mail = '…' and plan = 'team' and day < '2025-06-30'"
    """

    def shown(found: re.Match[str]) -> str:
        value = found[1].replace("''", "'")
        hidden = value in secrets or (_PERSONAL.search(value) and not _DATE.fullmatch(value))
        return _HIDDEN if hidden else found[0]

    return _LITERAL.sub(shown, sql.strip())


def _behind(table: Table, rows: int, secrets: Set[str]) -> Behind:
    function = f"{table.function.name}, version {table.function.version}" if table.function else ""
    return Behind(table.name, table.row_is, table.pattern, rows, readable(table.sql, secrets), function)
