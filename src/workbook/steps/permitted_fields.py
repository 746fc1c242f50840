"""The rows of figure 12.1: which purpose may read which field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook.governance import Ruling
from workbook.steps.step import Step
from workbook.words.wording import humanize, truncate_list

_STRICTEST_FIRST = ("sensitive", "personal", "internal", "public")


def field_rows(rulings: Sequence[Ruling]) -> list[dict[str, Any]]:
    """A row per field, with the answer of each purpose; by entity, the strictest class first."""
    by_field: dict[str, dict[str, Any]] = {}
    for ruling in rulings:
        entity, _, field = ruling.field.partition(".")
        row = by_field.setdefault(
            ruling.field,
            {"field": humanize(field), "entity": humanize(entity), "cls": ruling.cls},
        )
        row[ruling.purpose] = ruling.allowed
    return sorted(
        by_field.values(),
        key=lambda row: (row["entity"], _STRICTEST_FIRST.index(row["cls"]), row["field"]),
    )


def entity_rows(step: Step, rulings: Sequence[Ruling]) -> list[dict[str, Any]]:
    """A row per entity, class and answer, with the fields that have these in common."""
    together: dict[tuple[Any, ...], list[str]] = {}
    for row in field_rows(rulings):
        field = row.pop("field")
        together.setdefault(tuple(row.items()), []).append(field)
    return [
        {
            **dict(shared),
            "field": step.text(
                "figures.matrix.together", count=len(fields), fields=truncate_list(fields, 4)
            ),
            "entity": step.text("figures.matrix.unused", entity=dict(shared)["entity"]),
        }
        for shared, fields in together.items()
    ]
