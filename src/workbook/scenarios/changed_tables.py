"""Which tables of the plan another decision changes."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.scenarios.compare import artifact
from workbook.scenarios.context import Context


def changed_tables(context: Context, other: Context, wanted: Iterable[str]) -> tuple[int, int]:
    """Of the tables that these depend on, how many have another recipe, and how many not."""
    needed = other.plan.needed_for(
        [name for name in wanted if context.has(name) and other.has(name)]
    )
    stayed = sum(
        context.has(name) and artifact(context, name).recipe == artifact(other, name).recipe
        for name in needed
    )
    return len(needed) - stayed, stayed
