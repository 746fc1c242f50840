"""Conditions over the rows of a source and over records, as SQL that compares by keys."""

from __future__ import annotations

import datetime as dt

from sqlglot import exp

from workbook.model.comparisons import by_keys, compared_columns, lower_of, method_in_key
from workbook.model.equality import in_records, in_source, spelled_once
from workbook.model.expressions import ExpressionError, quoted_tree, scalar_expression
from workbook.model.keyed_fields import carried, keyed_fields
from workbook.model.model import Model
from workbook.model.times import zones_of_attributes, zones_of_fields
from workbook.model.types.normalise import grouped_key
from workbook.words import error_of


def condition(model: Model, source: str, text: str, day: dt.date, table: str = "") -> str:
    """A condition over the fields of a source, of `table` where one is named; its rows bring
    the keys of `condition_fields`.
    """

    def place(node: exp.Expression) -> exp.Expression:
        if (
            isinstance(node, exp.Column)
            and method_in_key(node)
            and node.name in keyed_fields(model, source)
        ):
            return _keyed(node, node.name)
        return node

    tree = by_keys(scalar_expression(text)[0], in_source(model, source), grouped_key).transform(
        place
    )
    columns = {name: name for name in model.fields(source)}
    return quoted_tree(tree, day, table, columns, zones_of_fields(model, source))


def condition_fields(text: str) -> tuple[str, ...]:
    """The fields that a condition compares, and so may need keys of."""
    return tuple(dict.fromkeys(column.name for column in compared_columns(text))) if text else ()


def of_records(model: Model, entity: str, text: str, day: dt.date, table: str) -> str:
    """An expression over the attributes that records of an entity hold.

    Names and categories are compared by their text without regard to letter case, all else by the
    keys that the records bring.

    Raises:
        ExpressionError: it compares an attribute of which the records bring no key.
    """

    def place(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Column) or not (method := method_in_key(node)):
            return node
        if method == "category" or spelled_once(model, entity, node.name):
            return lower_of(node)
        if node.name in carried(model, entity):
            return _keyed(node, model.column_of(entity, node.name))
        raise error_of(
            ExpressionError,
            "model.sql.no_key_of_records",
            text=text,
            name=f"{entity}.{node.name}",
        )

    tree = by_keys(scalar_expression(text)[0], in_records(model, entity), grouped_key).transform(
        place
    )
    columns = {"recorded": "_recorded", **model.columns_of(entity)}
    return quoted_tree(tree, day, table, columns, zones_of_attributes(model, entity))


def _keyed(node: exp.Column, column: str) -> exp.Expression:
    """The key, or the text where nothing comparable is left of it."""
    return exp.Coalesce(
        this=exp.column(exp.to_identifier(f"{column} key", quoted=True)), expressions=[node]
    )
