"""The words that rules give to expressions: whether one holds, and of one with points its sum
and its reasons.
"""

from __future__ import annotations

from workbook.model.schema import Metrics

HOLDS, POINTS, REASONS = "holds", "points", "reasons"  # columns of a rule's table
TYPES = {HOLDS: "boolean", POINTS: "integer", REASONS: "text"}


def words_of(metrics: Metrics | None, entity: str) -> dict[str, tuple[str, str]]:
    """Each word by the rule that gives it, and the column of the rule's table that it means."""
    rules = (
        {name: rule for name, rule in metrics.rules.items() if rule.of == entity} if metrics else {}
    )
    found = {name: (name, HOLDS) for name in rules}
    for name, rule in rules.items():
        if rule.points:
            found |= {f"{name}_{column}": (name, column) for column in (POINTS, REASONS)}
    return found
