"""The plan: named tables, each with a row sentence, keys, and SQL or a function of other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal

from workbook.engine.sql import tables_read
from workbook.errors import PlanError
from workbook.words import error_of

Pattern = Literal["source-aligned", "canonical", "customer-360", "event", "consent", "evidence"]


@dataclass(frozen=True)
class Function:
    """A named, versioned function of other tables, for what SQL cannot say.

    `call(inputs, params)` receives the tables of `reads` as Polars frames by name, and the
    parameters; it returns one Polars frame. `files` are paths whose sha256 belongs to the
    recipe. `columns` maps each column of the result to the `table.column` names that it comes
    from (lineage).
    """

    name: str
    version: int
    call: Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
    reads: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # of a table that it reads the columns that it looks at; else all
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """One table of the plan; `row_is` says what one row is, `keys` which columns are unique
    together.
    """

    name: str
    row_is: str
    step: str
    pattern: Pattern = "evidence"
    keys: tuple[str, ...] = ()
    sql: str = ""
    function: Function | None = None
    portable: bool = True  # False: landing's casts, which only DuckDB runs
    classes: Mapping[str, str] = field(default_factory=dict)  # column -> privacy class
    # unique together; the rows are stored in this order instead of that of the keys
    order: tuple[str, ...] = ()
    # the tables that the SQL reads, where its writer says so: parsing that of 500 columns costs
    # seconds
    inputs: tuple[str, ...] = ()
    # the first column, where it is only the row's number, from 1: read off the row's place, not
    # stored
    numbered: str = ""

    def __post_init__(self) -> None:
        if bool(self.sql) == bool(self.function):
            raise error_of(PlanError, "engine.sql_or_function", table=self.name)

    @property
    def reads(self) -> tuple[str, ...]:
        """The tables that this one is made from, sorted."""
        known = self.function.reads if self.function else self.inputs or tables_read(self.sql)
        return tuple(sorted(known))


@dataclass(frozen=True)
class Artifact:
    """A table of a plan as it was built: which recipe, what content, and what was measured.

    `duplicate_keys` is how many rows repeat the declared key of another row; `cached` says that
    nothing was run.
    """

    name: str
    recipe: str
    content: str
    rows: int
    columns: dict[str, str]
    seconds: float
    cached: bool
    path: Path
    duplicate_keys: int = 0
    numbered: str = ""


class Plan:
    """Tables by name, each reading only tables of the plan, without circles."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.tables: dict[str, Table] = {}
        for table in tables:
            if table.name in self.tables:
                raise error_of(PlanError, "engine.table_twice", table=table.name)
            self.tables[table.name] = table
        self._check()

    def _check(self) -> None:
        for table in self.tables.values():
            for name in table.reads:
                if name not in self.tables:
                    raise error_of(
                        PlanError,
                        "engine.unknown_input",
                        table=table.name,
                        name=name,
                        known=self.tables,
                    )
        try:
            self.order = tuple(
                TopologicalSorter({t.name: t.reads for t in self.tables.values()}).static_order()
            )
        except CycleError as error:
            raise error_of(PlanError, "engine.circle", circle=" → ".join(error.args[1])) from error

    def __repr__(self) -> str:
        return f"Plan of {len(self.tables)} tables: plan[name] is one; book.tables() lists them."

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __getitem__(self, name: str) -> Table:
        if name not in self.tables:
            raise error_of(PlanError, "engine.unknown_table", name=name, known=self.tables)
        return self.tables[name]

    def needed_for(self, names: Iterable[str]) -> tuple[str, ...]:
        """The named tables and all that they depend on, in build order."""
        wanted: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting.extend(self[name].reads)
        return tuple(name for name in self.order if name in wanted)

    def below(self, name: str) -> tuple[str, ...]:
        """Every table that depends on this one, itself left out, in build order."""
        touched = {name}
        for other in self.order:
            if touched.intersection(self.tables[other].reads):
                touched.add(other)
        return tuple(other for other in self.order if other in touched - {name})
