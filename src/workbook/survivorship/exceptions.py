"""Documented exceptions to the rules: decisions/exceptions.csv, append-only, each with an
owner, a reason and an end.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbook.model import Model
from workbook.model.csv_ledger import read_lines
from workbook.words import words_of

EXCEPTIONS = "exceptions.csv"
COLUMNS = ("id", "at", "by", "field", "record", "use_source", "use_value", "until", "because")


@dataclass(frozen=True)
class ValueException:
    """One exception: for the customer of a record, a field takes another source, or a value of
    its own, until a day.

    `trouble` says why a row cannot be used; it is shown and changes nothing. `whole`: because
    of it no other row of the file can be read.
    """

    id: str
    by: str
    field: str
    record: str
    use_source: str
    use_value: str
    until: dt.date | None
    because: str
    line: int
    trouble: str = ""
    whole: bool = False

    def holds(self, as_of: dt.date) -> bool:
        """Whether it is in force on a day."""
        return not self.trouble and (self.until is None or self.until >= as_of)


def exceptions(model: Model) -> tuple[ValueException, ...]:
    """Every row of the file, the broken ones with what is wrong.

    A row that nobody wrote yet (a what-if) changes, of the line with its id, what it says
    itself; with a new id it comes last.
    """
    rows, broken = read_lines(model.root / model.project.decisions / EXCEPTIONS, COLUMNS)
    lost = [
        ValueException("", "", "", "", "", "", None, "", item.line, item.why, item.whole)
        for item in broken
    ]
    unwritten = {row["id"]: row for row in model.unwritten.get(EXCEPTIONS, ())}
    rows = [
        (
            line,
            {
                **row,
                **{name: value for name, value in unwritten.pop(row["id"], {}).items() if value},
            },
        )
        for line, row in rows
    ]
    rows += [(0, dict(row)) for row in unwritten.values()]
    return tuple(
        sorted(
            [*lost, *(_read(model, row, line) for line, row in rows)], key=lambda item: item.line
        )
    )


def _read(model: Model, row: dict[str, str], line: int) -> ValueException:
    until, trouble = None, ""
    if row.get("until"):
        try:
            until = dt.date.fromisoformat(row["until"])
        except ValueError:
            trouble = _trouble("no_date", until=row["until"])
    entity, _, attribute = row.get("field", "").partition(".")
    known = {ref.source for ref in model.attributes(entity).get(attribute, ())}
    systems = {model.system_of(source) for source in known}
    given = (bool(row.get("use_source")), bool(row.get("use_value")))
    if not trouble and not known:
        trouble = _trouble("no_attribute", field=row.get("field", ""))
    elif not trouble and row.get("use_source") and row["use_source"] not in known | systems:
        trouble = _trouble("no_source", source=row["use_source"], field=row["field"])
    elif not trouble and sum(given) != 1:
        trouble = _trouble("no_value")
    elif not trouble and not row.get("record"):
        trouble = _trouble("no_record")
    get = row.get
    return ValueException(
        get("id", ""),
        get("by", ""),
        get("field", ""),
        get("record", ""),
        get("use_source", ""),
        get("use_value", ""),
        until,
        get("because", ""),
        line,
        trouble,
    )


def _trouble(name: str, /, **values: str) -> str:
    return words_of("survivorship").text(f"trouble.{name}", **values)
