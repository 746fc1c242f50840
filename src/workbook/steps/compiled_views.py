"""The tables of views and audiences, and what they need."""

from __future__ import annotations

from typing import Any

from workbook import governance
from workbook.engine import Table
from workbook.governance import Compiler
from workbook.metrics import (
    CompiledExpression,
    Scope,
    now,
    per_row_name,
    per_row_tables,
    rule_tables,
    rules_in,
    zero_of_nothing,
)
from workbook.model import Model


def compiled_views(model: Model) -> tuple[list[Table], dict[str, str]]:
    """Every table of views and audiences with what it needs, and what could not be compiled."""
    if model.is_open("customer_360") or model.is_open("entities"):
        return [], {}
    clock = now(model)
    needed: list[Table] = []

    def expression(entity: str, text: str) -> Any:
        needed.extend(rule_tables(model, rules_in(model, entity, text), clock))
        return Scope(model, entity, clock).compile(text)

    def key_of(entity: str, other: str) -> CompiledExpression:
        return (
            CompiledExpression("e.id")
            if other == entity
            else Scope(model, entity, clock).key_of(other)
        )

    def per_row(metric: str, entity: str) -> str:
        needed.extend(per_row_tables(model, metric, entity))
        return per_row_name(metric, entity)

    compiler = Compiler(expression, key_of, per_row, lambda metric: zero_of_nothing(model, metric))
    views, refused = governance.view_tables(model, compiler)
    return [*needed, *views], refused
