"""A check before it runs: what it looks at, what is bad there, and the scan that counts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from workbook.checks.check_policy import Policy
from workbook.model import Model
from workbook.model.distinct_columns import distinct_columns
from workbook.words import words_of

OWN = "own"


class JoinedExpression(Protocol):
    """An expression over alias `e` as SQL, and joins of which none can multiply rows."""

    @property
    def sql(self) -> str: ...

    @property
    def joins(self) -> tuple[str, ...]: ...


# (model, entity, expression); raises WorkbookError with the reason
Compile = Callable[[Model, str, str, bool], JoinedExpression]


@dataclass(frozen=True)
class CheckRule:
    """What a check demands: a rule of the catalogue, and the values that its texts name."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, form: str, **values: Any) -> str:
        """The rule (`rule`), its defect (`defect`), or why a record is affected (`reasons.…`)."""
        return words_of("checks").text(f"rules.{self.name}.{form}", **self.values, **values)

    def reason(self, name: str) -> str:
        """Why a record is affected; names of the model, and no value of the data."""
        return self.text(f"reasons.{name}")


@dataclass(frozen=True)
class Check:
    """One check of a `rule`.

    `bad` holds conditions over alias `e` in turn, each with its reason. `reads` are the fields
    (`system.table.field`) that it tests. `waits` is why it cannot run yet.
    """

    name: str
    family: str
    on: str
    rule: CheckRule
    policy: Policy
    bad: tuple[tuple[str, str], ...] = ()
    joins: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    waits: str = ""

    @property
    def says(self) -> str:
        """The rule as a sentence without its stop."""
        return self.rule.text("rule")

    @property
    def evidence(self) -> str:
        """The table of the rows that fail it: record, row, reason."""
        return f"check__{plain(self.name)}"


@dataclass(frozen=True)
class TableScan:
    """One reading of one table (SQL behind FROM, alias `e`) that serves several checks.

    `record` is SQL that names a row, `row` its number in the file where it has one; `of` says
    what one row is.
    """

    table: str
    source: str
    record: str
    of: str
    row: str = "cast(null as bigint)"
    cls: str = "internal"
    checks: tuple[Check, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """The column of each check by its name; no two are equal but for case, and none is a
        column of ours.
        """
        return distinct_columns((check.name for check in self.checks), ("record", "row", "rows"))

    @property
    def counts(self) -> str:
        """The table of one row: `rows`, and how many fail each check."""
        return f"checks__{self.table}"


@dataclass(frozen=True)
class ComparedFigure:
    """One figure that a check compares: SQL of one row with the column `value`, and when it fails.

    `late` is SQL over `value` that holds where the check fails; `reason` says so in words.
    """

    check: Check
    sql: str
    late: str
    reason: str
    expected: str = ""
    tolerance: str = ""
    limits: tuple[tuple[str, str], ...] = ()  # of an age: (severity, length of time)

    @property
    def counts(self) -> str:
        """The table of one row that holds the figure."""
        return f"checks__{plain(self.check.name)}"


def plain(name: str) -> str:
    """A name as part of a table's name: letters, digits and underscores."""
    return re.sub(r"\W", "_", name)
