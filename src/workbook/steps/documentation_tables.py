"""Figures 9.5 and 9.6: every table that is kept, and how one is calculated."""

from __future__ import annotations

from collections import Counter
from typing import Any

from workbook import catalog
from workbook.model.csv_ledger import cells_of
from workbook.model.personal_literals import personal_literals
from workbook.show import Body, Column, Figure, nothing, table
from workbook.show.rows_to_frame import frame_for
from workbook.show.text import escape
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import capital, humanize

LISTED = 8  # tables of one pattern that are listed; the rest are counted

_AT = "figures.inventory"
_OF_METHOD = {  # patterns, by their names in method.toml
    "source-aligned": "source_aligned",
    "canonical": "canonical",
    "event": "event",
    "consent": "consent",
    "customer-360": "customer_360",
}
_QUOTED = words_of("method").text


def inventory_figure(step: Step) -> Figure:
    """Every table that is kept, with its row sentence; evidence is counted per step."""
    items = catalog.inventory(step.context.plan)
    columns = step.heads(
        "inventory",
        Column("name", kind="mono"),
        Column("row_is"),
        Column("keys"),
        Column("count", kind="int"),
        Column("made_by"),
    )
    frame = frame_for(_rows(step, items), [*columns, Column("pattern")])
    return step.figure("inventory", table(frame, columns, group="pattern"), tables=len(items))


def _rows(step: Step, items: list[catalog.Item]) -> list[dict[str, Any]]:
    """By pattern its first tables and how many more there are; then the evidence of each step."""
    rows: list[dict[str, Any]] = []
    for pattern in catalog.PATTERNS:
        found = sorted(
            (item for item in items if item.pattern == pattern),
            key=lambda item: _importance(step, item.name),
        )
        if pattern != "evidence":
            rows += [_item_row(step, item) for item in found[:LISTED]]
            rest = len(found) - LISTED
            rows += [_more_row(step, pattern, rest)] if rest > 0 else []
            continue
        counted = Counter(item.step for item in found)
        rows += [
            {
                "pattern": _label(step, pattern),
                "name": humanize(name),
                "row_is": step.text(f"{_AT}.evidence_row_is"),
                "keys": "",
                "made_by": step.text(f"{_AT}.sql"),
                "count": count,
            }
            for name, count in sorted(counted.items())
        ]
    return rows


def _item_row(step: Step, item: catalog.Item) -> dict[str, Any]:
    made_by = step.text(f"{_AT}.sql")
    if item.function:
        made_by = step.text(f"{_AT}.function", function=item.function, version=item.version)
    return {
        "pattern": _label(step, item.pattern),
        "name": item.name,
        "row_is": item.row_is or step.text(f"{_AT}.no_sentence"),
        "keys": ", ".join(item.keys),
        "made_by": made_by,
        "count": 1,
    }


def _more_row(step: Step, pattern: str, count: int) -> dict[str, Any]:
    return {
        "pattern": _label(step, pattern),
        "name": step.text(f"{_AT}.more"),
        "row_is": step.text(f"{_AT}.more_row_is"),
        "keys": "",
        "made_by": "",
        "count": count,
    }


def _importance(step: Step, name: str) -> int:
    """The customer's table comes first, then those of other entities, then all that is beside."""
    if name == step.model.grain.primary:
        return 0
    return 1 if name in step.model.entity_names else 2


def _label(step: Step, pattern: str) -> str:
    """A pattern with its use and its danger, in the words of the method where it has them."""
    if pattern not in _OF_METHOD:
        return capital(pattern)
    name = _OF_METHOD[pattern]
    return step.text(
        f"{_AT}.pattern",
        name=_QUOTED(f"patterns.{name}.name"),
        use=_QUOTED(f"patterns.{name}.use"),
        danger=step.text(f"{_AT}.danger.{name}"),
    )


def sql_figure(step: Step, name: str) -> Figure:
    """How one table is calculated, by default that of the primary entity.

    Raises:
        PlanError: there is no table of that name.
    """
    grain = step.model.grain
    name = name or (
        grain.primary if not step.model.is_open("grain") and step.context.has(grain.primary) else ""
    )
    if not name:
        return step.figure("sql", nothing(), table="", row_is="")
    planned = step.context.plan[name]
    secrets = cells_of(step.model.root / step.model.project.decisions) | personal_literals(
        step.model
    )
    lines = [escape(line) for line in catalog.code_of(planned, secrets).splitlines()]
    body = Body("<pre><code>" + "\n".join(lines) + "</code></pre>", what=f"{len(lines)} lines")
    reads = step.text("figures.sql.files")
    if planned.reads:
        reads = step.text("figures.sql.reads", tables=list(planned.reads))
    return step.figure("sql", body, reads, table=name, row_is=planned.row_is)
