"""The inventory of a plan: every table with its row sentence, its pattern, and what it is made
from.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from workbook.engine import Plan, Table
from workbook.privacy import readable_sql

PATTERNS = ("source-aligned", "canonical", "event", "consent", "customer-360", "evidence")


@dataclass(frozen=True)
class Item:
    """One table of a plan; `function` is '' where SQL makes it."""

    name: str
    pattern: str
    row_is: str
    step: str
    keys: tuple[str, ...]
    reads: tuple[str, ...]
    function: str = ""
    version: int = 0


def inventory(plan: Plan) -> list[Item]:
    """Every table by pattern, step and name."""
    items = [_item(table) for table in plan.tables.values()]
    return sorted(items, key=lambda item: (PATTERNS.index(item.pattern), item.step, item.name))


def _item(table: Table) -> Item:
    function = table.function
    return Item(
        table.name,
        table.pattern,
        table.row_is,
        table.step,
        table.keys,
        table.reads,
        function.name if function else "",
        function.version if function else 0,
    )


def code_of(table: Table, secrets: Set[str]) -> str:
    """How a table is made: its SQL without the values that `secrets` holds, or the words of its
    function.
    """
    if table.function is None:
        return readable_sql(table.sql, secrets)
    reads = ", ".join(table.function.reads) or "files"
    columns = [
        f"  {name} from {', '.join(places)}"
        for name, places in table.function.columns.items()
        if places
    ]
    return "\n".join(
        [
            f"function {table.function.name}, version {table.function.version}",
            f"reads {reads}",
            *columns,
        ]
    )
