"""SQL inside YAML: one scalar expression of allowed nodes, parsed before anything uses it."""

from __future__ import annotations

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from workbook.errors import WorkbookError

_ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ,
    exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod,
    exp.Neg, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring, exp.Abs,
    exp.Round, exp.DateDiff, exp.Cast, exp.DataType, exp.Interval, exp.Var, exp.SplitPart, exp.Concat, exp.DPipe, exp.Tuple,
    exp.Greatest, exp.Least, exp.Extract, exp.Escape, exp.DataTypeParam, exp.TimestampTrunc, exp.DateTrunc,
)  # fmt: skip


class ExpressionError(WorkbookError):
    """An expression in the model that is not one scalar expression of allowed parts."""


@lru_cache(maxsize=4096)
def scalar_expression(text: str) -> tuple[exp.Expression, tuple[str, ...]]:
    """The parsed expression, and the names that it reads: `attribute` or `other.attribute`, in order of appearance.

    Raises:
        ExpressionError: it does not parse, or holds a subquery, an aggregate, a window or an unknown function.
    """
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except SqlglotError as error:
        raise ExpressionError(f"'{text}' is no SQL expression.") from error
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError(f"'{text}' must be one expression.")
    names: dict[str, None] = {}
    for node in trees[0].walk():
        if not isinstance(node, _ALLOWED):
            word = node.sql(dialect="duckdb") if isinstance(node, (exp.Func, exp.Anonymous)) else type(node).__name__.lower()
            raise ExpressionError(f"'{word}' may not stand in an expression; only columns, comparisons and simple functions may.")
        if isinstance(node, exp.Column):
            names[".".join(part.name for part in node.parts)] = None
    return trees[0], tuple(names)


def without_zero(tree: exp.Expression) -> exp.Expression:
    """The expression with every divisor NULL where it is zero: a division by zero has no value.

    The engine says infinity, which is greater than any limit, or ends the query.
    """

    def place(node: exp.Expression) -> exp.Expression:
        if isinstance(node, (exp.Div, exp.Mod)) and not isinstance(node.expression, exp.Nullif):
            node.set("expression", exp.Nullif(this=node.expression.copy(), expression=exp.Literal.number(0)))
        return node

    return tree.transform(place)


@lru_cache(maxsize=256)
def one_query(text: str) -> tuple[exp.Query, tuple[str, ...], tuple[str, ...]]:
    """A whole query inside YAML: its tree, the columns that it gives, and the tables that it reads.

    Raises:
        ExpressionError: it does not parse, is more than one statement, or is anything but a select.
    """
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect="duckdb") if tree is not None]
    except SqlglotError as error:
        raise ExpressionError(f"this SQL cannot be read: {_plain(str(error))}.") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        what = f"{len(trees)} statements" if len(trees) != 1 else type(trees[0]).__name__.lower()
        raise ExpressionError(f"this SQL is {what}, and must be one select.")
    own = {cte.alias for cte in trees[0].find_all(exp.CTE)}
    tables = dict.fromkeys(".".join(part.name for part in table.parts) for table in trees[0].find_all(exp.Table) if table.name not in own or table.db)
    return trees[0], tuple(trees[0].named_selects), tuple(tables)


def _plain(message: str) -> str:
    """The first line of a parser's message, without the marks that a terminal would colour."""
    return re.sub(r"\x1b\[[0-9;]*m", "", message.splitlines()[0]).split(" Line ")[0].rstrip(".")
