"""Conditions over the rows of a source and over records, as SQL that compares by keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlglot import exp

from workbook.model.comparisons import by_keys, compared_columns, lower_of, method_in_key
from workbook.model.equality import day_of, in_entity, in_source, spelled_once
from workbook.model.expressions import ExpressionError, scalar_expression, without_zero
from workbook.model.keys import carried, keyed_fields
from workbook.model.model import Model
from workbook.model.types.normalise import grouped_key


def condition(model: Model, source: str, text: str, day: dt.date, table: str = "") -> str:
    """A condition over the fields of a source, of `table` where one is named; its rows bring the keys of `condition_fields`."""

    def column(node: exp.Column) -> exp.Expression:
        return _keyed(node.name, table) if method_in_key(node) and node.name in keyed_fields(model, source) else _named(node.name, table)

    return _sql(by_keys(scalar_expression(text)[0], in_source(model, source), grouped_key), column, day)


def condition_fields(text: str) -> tuple[str, ...]:
    """The fields that a condition compares, and so may need keys of."""
    return tuple(dict.fromkeys(column.name for column in compared_columns(text))) if text else ()


def of_records(model: Model, entity: str, text: str, day: dt.date, table: str) -> str:
    """An expression over the attributes that records of an entity hold.

    Raises:
        ExpressionError: it compares an attribute whose keys the records do not bring.
    """

    def column(node: exp.Column) -> exp.Expression:
        method = method_in_key(node)
        if method and spelled_once(model, entity, node.name):
            return lower_of(_named(node.name, table))
        if method and node.name not in carried(model, entity):
            raise ExpressionError(f"'{text}' compares {entity}.{node.name}, of whose records no key is made. Match on it in 04b_identity.yml, or write `like`.")
        return _keyed(node.name, table) if method else _named(node.name, table)

    return _sql(by_keys(scalar_expression(text)[0], in_entity(model, entity), grouped_key), column, day)


def _sql(tree: exp.Expression, column: Callable[[exp.Column], exp.Expression], day: dt.date) -> str:
    def place(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Column):
            return node
        return day_of(day) if node.name == "as_of" else column(node)

    return without_zero(tree.transform(place)).sql(dialect="duckdb")


def _named(name: str, table: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True) if table else None)


def _keyed(name: str, table: str) -> exp.Expression:
    """The key, or the text where nothing comparable is left of it."""
    return exp.Coalesce(this=_named(f"{name} key", table), expressions=[_named(name, table)])
