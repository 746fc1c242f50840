"""What a condition may come to when some of its columns hold given values and nothing is known
of the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from sqlglot import exp

from workbook.model.expressions import ExpressionError, scalar_expression

Value = str | None  # a text folded to lower case; None is NULL
Truth = bool | None
UNKNOWN: frozenset[Truth] = frozenset((True, False, None))
Given = Mapping[str, Value]


def may_hold(text: str, given: Given) -> bool:
    """Whether a condition can be true under the given values; what cannot be read can be
    anything.
    """
    return True in outcomes(text, given)


def outcomes(text: str, given: Given) -> frozenset[Truth]:
    """All that a condition may come to: true, false or NULL."""
    try:
        return _truth(scalar_expression(text)[0], given)
    except ExpressionError:
        return UNKNOWN


def literals_beside(text: str, name: str) -> tuple[str, ...]:
    """The texts that an expression compares a column with."""
    try:
        tree = scalar_expression(text)[0]
    except ExpressionError:
        return ()
    found = [
        str(literal.this).casefold()
        for node in tree.find_all(exp.EQ, exp.NEQ, exp.In)
        if any(_name(column) == name for column in node.find_all(exp.Column))
        for literal in node.find_all(exp.Literal)
    ]
    return tuple(dict.fromkeys(found))


def is_understood(text: str, names: Collection[str]) -> bool:
    """Whether each of these columns stands only where its value alone decides."""
    try:
        tree = scalar_expression(text)[0]
    except ExpressionError:
        return False
    known = dict.fromkeys(names, "")
    return all(
        _decides(column, known) for column in tree.find_all(exp.Column) if _name(column) in names
    )


def _decides(column: exp.Expression, known: Given) -> bool:
    """Whether what a column stands in is decided by its value: a comparison, or itself a truth."""
    node = column
    while not isinstance(node, _COMPARED):
        if node.parent is None or isinstance(node.parent, _JOINING):
            return _truth(node, known) != UNKNOWN
        node = node.parent
    return _truth(node, known) != UNKNOWN


_JOINING = (exp.And, exp.Or, exp.Not)
_COMPARED = (
    exp.EQ,
    exp.NEQ,
    exp.In,
    exp.Is,
    exp.Like,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
)


def _truth(node: exp.Expression, given: Given) -> frozenset[Truth]:
    if isinstance(node, exp.Paren):
        return _truth(node.this, given)
    if isinstance(node, exp.Not):
        return frozenset(None if item is None else not item for item in _truth(node.this, given))
    if isinstance(node, (exp.And, exp.Or)):
        sides = product(_truth(node.left, given), _truth(node.right, given))
        return frozenset(_joined(*side, all_of=isinstance(node, exp.And)) for side in sides)
    if isinstance(node, exp.In) and not node.args.get("query"):
        equal = [_equal(node.this, expression, given) for expression in node.expressions]
        found: frozenset[Truth] = frozenset((False,))
        for item in equal:
            found = frozenset(_joined(*pair, all_of=False) for pair in product(found, item))
        return found
    if isinstance(node, exp.EQ):
        return _equal(node.left, node.right, given)
    if isinstance(node, exp.NEQ):
        return frozenset(None if x is None else not x for x in _equal(node.left, node.right, given))
    if isinstance(node, exp.Is):
        return (
            frozenset(left == right for left, right in _pairs(node.this, node.expression, given))
            or UNKNOWN
        )
    if isinstance(node, (exp.Boolean, exp.Column, exp.Coalesce, exp.Null)):
        values = _values(node, given)
        return (
            UNKNOWN
            if values is None
            else frozenset(None if v is None else v == "true" for v in values)
        )
    return UNKNOWN


def _joined(left: Truth, right: Truth, *, all_of: bool) -> Truth:
    """SQL's `and` or `or` of two truths."""
    decides = not all_of
    if decides in (left, right):
        return decides
    return None if None in (left, right) else all_of


def _equal(left: exp.Expression, right: exp.Expression, given: Given) -> frozenset[Truth]:
    pairs = _pairs(left, right, given)
    return frozenset(None if None in pair else pair[0] == pair[1] for pair in pairs) or UNKNOWN


def _pairs(
    left: exp.Expression, right: exp.Expression, given: Given
) -> Iterator[tuple[Value, Value]]:
    """Each pair of values that two sides may have; none where one of them may be anything."""
    one, other = _values(left, given), _values(right, given)
    return product(one, other) if one is not None and other is not None else iter(())


def _values(node: exp.Expression, given: Given) -> frozenset[Value] | None:
    """The values that a side may have; None where it may be anything."""
    if isinstance(node, exp.Column):
        return frozenset((given[_name(node)],)) if _name(node) in given else None
    if isinstance(node, exp.Literal):
        return frozenset((str(node.this).casefold(),))
    if isinstance(node, exp.Boolean):
        return frozenset(("true" if node.this else "false",))
    if isinstance(node, exp.Null):
        return frozenset((None,))
    if isinstance(node, (exp.Paren, exp.Lower, exp.Upper, exp.Trim)):
        return _values(node.this, given)
    if isinstance(node, exp.Coalesce):
        found = _values(node.this, given)
        for expression in node.expressions:
            if found is not None and None in found:
                more = _values(expression, given)
                found = None if more is None else (found - {None}) | more
        return found
    return None


def _name(column: exp.Column) -> str:
    return ".".join(part.name for part in column.parts)
