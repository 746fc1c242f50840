"""Which customers the metrics leave out by a rule of their own, such as own test accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.engine import quote
from workbook.metrics import now, rule_table_name
from workbook.model import Model
from workbook.model.schema import Clause
from workbook.scenarios.context import Context


@dataclass(frozen=True)
class ExcludedKind:
    """A rule that others only ever exclude: for how many it holds, and what excludes them."""

    rule: str
    count: int
    excluded_by: tuple[str, ...]


def excluded_kinds(context: Context, entity: str) -> list[ExcludedKind]:
    """Every rule of an entity that rules and metrics only ever exclude and that holds for some."""
    model, found = context.model, []
    for name, rule in model.metrics.rules.items():
        uses = list(_uses(model, entity, name)) if rule.of == entity else []
        table = rule_table_name(model, name, now(model)) if uses else ""
        if not uses or not all(excludes for _, excludes in uses) or not context.has(table):
            continue
        count = int(context.query(f"select count(*) as n from {quote(table)} where holds")["n"][0])
        if count:
            found.append(ExcludedKind(name, count, tuple(dict.fromkeys(by for by, _ in uses))))
    return found


def _uses(model: Model, entity: str, rule: str) -> Iterator[tuple[str, bool]]:
    """What names a rule of an entity, and whether it excludes those for whom the rule holds."""
    for by, text, turned in _conditions(model, entity):
        for found in re.finditer(rf"(?<![\w.])(not\s+)?{re.escape(rule)}\b", text):
            yield by, turned is not bool(found[1])


def _conditions(model: Model, entity: str) -> Iterator[tuple[str, str, bool]]:
    """Every condition over an entity: whose it is, its text, and whether it is one that must
    not hold.
    """
    section = model.metrics
    for name, rule in section.rules.items():
        if rule.of == entity:
            said = [(item, False) for item in (*rule.all, *rule.any, *rule.points)]
            for item, turned in (*said, *((item, True) for item in rule.none)):
                if not isinstance(item, Clause):
                    yield name, item, turned
    of_measure = {
        measure: semantic.of
        for semantic in section.semantic_models.values()
        for measure in semantic.measures
    }
    for name, metric in section.metrics.items():
        if of_measure.get(metric.measure) == entity:
            yield name, metric.filter, False
