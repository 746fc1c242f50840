"""Column lineage: where each column's values come from (direct), and what chose or arranged
them (indirect).
"""

from __future__ import annotations

from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from workbook.engine.plan import Plan, Table
from workbook.engine.query_columns import (
    UntraceableError,
    columns_of_query,
    trace_query,
    values_of_query,
)
from workbook.engine.sql_cache import MEMO

How = Literal["direct", "indirect", "untraced"]


class Origin(NamedTuple):
    """One column, and one column at the start of the plan that it depends on.

    `direct`: its value comes from there. `indirect`: it was used to filter, join, group or
    rank. `untraced`: the way could not be followed beyond this table and column ('*' is every
    column).
    """

    column: str
    source_table: str
    source_column: str
    how: How


def column_lineage(plan: Plan, table: str) -> list[Origin]:
    """Every column of a table with the columns of raw tables that it depends on, sorted.

    A count of rows depends on the column '*'. A left join's condition counts only for the columns
    that it brings.
    """
    walk = _WALKS.setdefault(plan, _LineageWalk(plan))
    found = {
        Origin(column, *origin)
        for column in walk.columns(table)
        for origin in walk.origins(table, column)
    }
    strongest: dict[tuple[str, str, str], How] = {}
    # untraced, indirect, direct: the last one stays
    for column, source, name, how in sorted(found, reverse=True):
        strongest[column, source, name] = how
    MEMO.save()
    return sorted(Origin(*place, how) for place, how in strongest.items())


def values_of_table(plan: Plan, table: str) -> dict[str, frozenset[tuple[str, str]] | None]:
    """Each column of a table with the (table, column) pairs one step down that its values are made
    from; None where a function does not say, and no column where a query cannot be followed.
    """
    walk, made = _WALKS.setdefault(plan, _LineageWalk(plan)), plan[table]
    if made.function is None:
        known = {name: walk.columns(name) for name in made.reads}
        try:
            return dict(values_of_query(made.sql, known))
        except UntraceableError:
            return {}
    return {
        column: frozenset((name, source) for name, source in map(_place, sources)) or None
        for column, sources in made.function.columns.items()
    }


def _place(source: str) -> tuple[str, str]:
    table, _, column = source.rpartition(".")
    return table, column


class _LineageWalk:
    """One way down a plan, remembering each column that it passed."""

    def __init__(self, plan: Plan) -> None:
        self._tables = plan.tables
        self._columns: dict[str, tuple[str, ...]] = {}
        self._origins: dict[tuple[str, str], frozenset[tuple[str, str, How]]] = {}
        self._steps: dict[str, dict[str, set[tuple[str, str, str]]]] = {}

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table, read from the plan alone; ('*',) where that is not possible."""
        if name not in self._columns:
            table = self._tables[name]
            try:
                found = (
                    tuple(table.function.columns)
                    if table.function
                    else columns_of_query(table.sql, self._known(table))
                )
            except UntraceableError:
                found = ()
            self._columns[name] = found or ("*",)
        return self._columns[name]

    def origins(self, name: str, column: str) -> frozenset[tuple[str, str, How]]:
        """Where one column of one table starts."""
        place = (name, column)
        if place not in self._origins:
            self._origins[place] = frozenset(self._follow(self._tables[name], column))
        return self._origins[place]

    def _follow(self, table: Table, column: str) -> set[tuple[str, str, How]]:
        if not table.reads:
            return {(table.name, column, "direct")}
        if column == "*":
            whole = {origin for name in table.reads for origin in self.origins(name, "*")}
            chosen = {
                origin
                for name, source in self._chosen(table)
                for origin in self.origins(name, source)
            }
            return whole | {
                (*origin[:2], "untraced" if origin[2] == "untraced" else "indirect")
                for origin in chosen
            }
        below: set[tuple[str, str, How]] = set()
        for name, source, how in self._step(table).get(column, {(table.name, column, "untraced")}):
            if name == table.name:
                below.add((name, source, "untraced"))
                continue
            for origin in self.origins(name, source):
                below.add(
                    origin
                    if how == "direct" or origin[2] == "untraced"
                    else (*origin[:2], "indirect")
                )
        return below

    def _step(self, table: Table) -> dict[str, set[tuple[str, str, str]]]:
        """For each column of a table: the columns of the tables that it reads."""
        if table.name not in self._steps:
            self._steps[table.name] = (
                self._declared(table) if table.function else self._traced(table)
            )
        return self._steps[table.name]

    def _chosen(self, table: Table) -> set[tuple[str, str]]:
        """What decides which rows the table has: whatever every column depends on and at least
        one only indirectly.
        """
        if table.function:
            return set()
        steps = [
            {step for step in found if step[0] != table.name}
            for found in self._step(table).values()
        ]
        common = (
            set.intersection(*({step[:2] for step in found} for found in steps)) if steps else set()
        )
        return common & {step[:2] for found in steps for step in found if step[2] == "indirect"}

    def _declared(self, table: Table) -> dict[str, set[tuple[str, str, str]]]:
        """What a function says of its columns; a column that says nothing is untraced."""
        return {
            column: {(*source.rsplit(".", 1), "direct") for source in sources}
            for column, sources in table.function.columns.items()
            if sources and all(source.rsplit(".", 1)[0] in table.reads for source in sources)
        }

    def _traced(self, table: Table) -> dict[str, set[tuple[str, str, str]]]:
        try:
            return trace_query(table.sql, self._known(table))
        except UntraceableError:
            return {}

    def _known(self, table: Table) -> dict[str, tuple[str, ...]]:
        return {name: self.columns(name) for name in table.reads}


_WALKS: WeakKeyDictionary[Plan, _LineageWalk] = WeakKeyDictionary()
