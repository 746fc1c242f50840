"""Comparisons in expressions: what a type calls equal is equal there too, by its keys instead
of its texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from workbook.dialect import to_sql
from workbook.model.expressions import ExpressionError, scalar_expression
from workbook.model.types import EXACT
from workbook.words import error_of

MethodOf = Callable[
    [exp.Column], str
]  # of a column: how its values are grouped; '' where nobody knows or it is no text
_PAIRS = (exp.EQ, exp.NEQ)
_KEY = "key"


def method_in_key(node: exp.Expression) -> str:
    """Of a column that `by_keys` marked: the method by whose key it is compared; '' of any
    other.
    """
    return str(node.meta.get(_KEY, ""))


def by_keys(
    tree: exp.Expression, method_of: MethodOf, fold: Callable[[str, str], str | None]
) -> exp.Expression:
    """The expression with both sides of every comparison (=, <>, in, case … when) as keys.

    Texts are folded with `fold(text, method)`; columns are marked, for whoever knows where
    their keys are.

    Raises:
        ExpressionError: values of two types are compared.
    """

    def turn(node: exp.Expression) -> exp.Expression:
        sides = list(_sides(node))
        method = _method(node, sides, method_of)
        if not method:
            return node
        for side in sides:
            _mark(side, method, fold)
        return node

    return tree.copy().transform(turn)


def compared_columns(text: str) -> tuple[exp.Column, ...]:
    """The columns of an expression that are compared for equality."""
    found = [
        column
        for node in scalar_expression(text)[0].walk()
        for side in _sides(node)
        for column in _values(side)
        if isinstance(column, exp.Column)
    ]
    return tuple(found)


def refusal(text: str, method_of: MethodOf) -> ExpressionError | None:
    """Why an expression compares what cannot be compared; None where it does not."""
    try:
        for node in scalar_expression(text)[0].walk():
            _method(node, list(_sides(node)), method_of)
            _number(node, method_of)
    except ExpressionError as error:
        return error
    return None


def _number(node: exp.Expression, method_of: MethodOf) -> None:
    """Refuses a text compared with a number, of which one text that is no number makes an error.

    Raises:
        ExpressionError: a column of text is compared with a number that stands without quotes.
    """
    ordered = isinstance(node, (exp.GT, exp.GTE, exp.LT, exp.LTE))
    sides = [node.this, node.expression] if ordered else list(_sides(node))
    values = [value for side in sides for value in _values(side)]
    numbers = [each for each in values if isinstance(each, exp.Literal) and each.is_number]
    texts = [each for each in values if isinstance(each, exp.Column) and method_of(each)]
    if numbers and texts:
        raise error_of(
            ExpressionError,
            "model.sql.text_and_number",
            name=texts[0].sql(),
            number=numbers[0].sql(),
        )


def _sides(node: exp.Expression) -> Iterator[exp.Expression]:
    """What a node compares for equality."""
    if isinstance(node, _PAIRS):
        yield from (node.this, node.expression)
    elif isinstance(node, exp.In):
        yield from (node.this, *node.expressions)
    elif isinstance(node, exp.Case) and node.this:
        yield from (node.this, *(argument.this for argument in node.args["ifs"]))


def _values(side: exp.Expression) -> Iterator[exp.Expression]:
    """The columns and texts that may be the value of a side."""
    if isinstance(side, (exp.Column, exp.Literal)):
        yield side
    elif isinstance(side, (exp.Paren, exp.Coalesce)):
        for part in (side.this, *side.args.get("expressions", ())):
            yield from _values(part)


def _method(node: exp.Expression, sides: list[exp.Expression], method_of: MethodOf) -> str:
    """The one method by which a node compares, or ''."""
    columns = [value for side in sides for value in _values(side) if isinstance(value, exp.Column)]
    found = {column.sql(): method_of(column) for column in columns}
    folding = {name: method for name, method in found.items() if method not in ("", EXACT)}
    if not folding:
        return ""
    first = next(iter(folding.values()))
    others = {name: method for name, method in found.items() if method not in ("", first)}
    if others and not (first == "category" and set(others.values()) == {EXACT}):
        methods = [f"{name} ({method or EXACT})" for name, method in {**folding, **others}.items()]
        raise error_of(
            ExpressionError, "model.sql.compared_differently", sql=to_sql(node), methods=methods
        )
    return first


def _mark(side: exp.Expression, method: str, fold: Callable[[str, str], str | None]) -> None:
    for value in _values(side):
        if isinstance(value, exp.Column):
            value.meta[_KEY] = method
        elif value.is_string:
            key = fold(value.name, method)
            value.set("this", value.name if key is None else key)


def lower_of(column: exp.Expression) -> exp.Expression:
    """The key of a value that tables hold in one spelling: lower case, where a sigma is one at
    the end of a word too.
    """
    return exp.Replace(
        this=exp.Lower(this=column),
        expression=exp.Literal.string("ς"),
        replacement=exp.Literal.string("σ"),
    )
