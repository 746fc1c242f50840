"""How far a value may lie from what it says, where it is divided by a rate that a few events make.

Three customers lost in one month say little of the rate at which customers are lost. The rate's
interval is the exact one of Clopper and Pearson (Biometrika 26, 1934) at 95 %: with k events
among n, its ends are the p at which k or more, and k or fewer, have a probability of 2.5 %. An
amount that the events make (what the lost customers paid) is scaled as its rate is, k / n to
each end, and both ends are carried through the formula. Where there are more events than things
that they could happen to, their number is taken as Poisson's (Garwood, Biometrika 28, 1936).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import polars as pl
from sqlglot import exp

from workbook.metrics.compile.movements import over_suffix
from workbook.metrics.compile.ratios_and_formulas import Input, expand_expression, moves
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.time_behaviour import nature
from workbook.metrics.compile.units import resolved
from workbook.model import Model
from workbook.words import number
from workbook.words.wording import humanize, within

FEW = 30  # below it the interval of a rate is wider than about a third of the rate on each side
_TAIL = 0.025
Values = Mapping[str, float]


class RangeTables(Protocol):
    """Who can read tables of the plan."""

    def has(self, name: str, /) -> bool: ...

    def frame(self, name: str, /) -> pl.DataFrame: ...


@dataclass(frozen=True)
class Range:
    """Where a value lies with 95 % confidence, and from which few events; no ends where the
    divisor may be nothing.
    """

    low: Decimal | None
    high: Decimal | None
    events: str

    def is_wider_than(self, value: Decimal | float) -> bool:
        """Whether the range is wider than the value itself, or has no ends."""
        if self.low is None or self.high is None:
            return True
        return self.high - self.low > abs(Decimal(str(value)))


def range_of(model: Model, tables: RangeTables, name: str) -> Range | None:
    """The range of a ratio or formula that is divided by a rate of few events; None of any
    other.
    """
    if metrics_of(model).metrics[name].type not in ("ratio", "derived"):
        return None
    tree, inputs = expand_expression(model, name)
    divisors = [node.right for node in tree.find_all(exp.Div) if node.right.find(exp.Div)]
    counted = {word: _row(tables, item) for word, item in inputs.items()}
    if any(row is None for row in counted.values()):
        return None
    values = {word: float(row[0]) for word, row in counted.items() if row}
    rows = {word: row[1] for word, row in counted.items() if row}
    few = _few(model, divisors, inputs, rows)
    if not few:
        return None
    ends = [
        {**values, **{word: values[word] * between[side] for word, between in few.items()}}
        for side in (0, 1)
    ]
    found = [_value(tree, end) for end in ends]
    events = ", ".join(_named(model, inputs[word], rows[word]) for word in few)
    if None in found or not all(_one_sign(node, [*ends, values]) for node in divisors):
        return Range(None, None, events)
    low, high = sorted(_rounded(item) for item in found if item is not None)
    return Range(low, high, events)


def _one_sign(node: exp.Expression, ends: list[Values]) -> bool:
    """Whether a divisor stays on one side of nothing; beyond it a quotient has no end."""
    found = [_value(node, end) for end in ends]
    return all(item is not None and item > 0 for item in found) or all(
        item is not None and item < 0 for item in found
    )


def _few(
    model: Model,
    divisors: list[exp.Expression],
    inputs: Mapping[str, Input],
    rows: Mapping[str, int],
) -> dict[str, tuple[float, float]]:
    """The inputs that few events make, and by how much the ends of their rate lie below and
    above it.
    """
    found = {}
    for node in (div for divisor in divisors for div in divisor.find_all(exp.Div)):
        below = sum(rows[column.name] for column in node.right.find_all(exp.Column))
        for column in node.left.find_all(exp.Column):
            count = rows[column.name]
            if 0 < count < FEW and nature(model, inputs[column.name].metric) in ("moved", "flow"):
                low, high = rate_interval(count, below)
                found[column.name] = (low / (count / below), high / (count / below))
    return found


def rate_interval(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate of `count` events among `of`.

    >>> [round(end, 4) for end in rate_interval(3, 289)]
    [0.0021, 0.03]
    """
    if count <= of:
        low = _root(lambda p: 1 - _binomial(count - 1, of, p) - _TAIL, 0.0, 1.0)
        return low, (
            1.0 if count == of else _root(lambda p: _TAIL - _binomial(count, of, p), 0.0, 1.0)
        )
    most = 10.0 * count + 50
    ends = (lambda m: 1 - _poisson(count - 1, m) - _TAIL), (lambda m: _TAIL - _poisson(count, m))
    return _root(ends[0], 0.0, most) / of, _root(ends[1], 0.0, most) / of


def _binomial(count: int, of: int, p: float) -> float:
    """The probability of at most so many events."""
    if not 0 < p < 1:
        return 1.0 if p <= 0 or count >= of else 0.0
    ways = (
        math.lgamma(of + 1) - math.lgamma(i + 1) - math.lgamma(of - i + 1) for i in range(count + 1)
    )
    return sum(
        math.exp(path + i * math.log(p) + (of - i) * math.log1p(-p)) for i, path in enumerate(ways)
    )


def _poisson(count: int, mean: float) -> float:
    """The probability of at most so many events."""
    if mean <= 0:
        return 1.0
    return sum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(count + 1))


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2


def _value(node: exp.Expression, values: Values) -> float | None:
    """The arithmetic of a formula; None where it is more than arithmetic, or divides by nothing."""
    if isinstance(node, exp.Column):
        return values[node.name]
    if isinstance(node, exp.Literal):
        return float(node.name)
    if isinstance(node, (exp.Paren, exp.Neg, exp.Nullif)):
        inner = _value(node.this, values)
        return None if inner is None else -inner if isinstance(node, exp.Neg) else inner
    if not isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div)):
        return None
    left, right = _value(node.left, values), _value(node.right, values)
    if left is None or right is None or (isinstance(node, exp.Div) and not right):
        return None
    both = {exp.Add: left + right, exp.Sub: left - right, exp.Mul: left * right}
    return left / right if isinstance(node, exp.Div) else both[type(node)]


def _row(tables: RangeTables, item: Input) -> tuple[Decimal, int] | None:
    """The unrounded value of an input, and the rows behind it."""
    table = f"m__{item.metric}{over_suffix(item.over)}__total"
    if item.earlier or not tables.has(table):
        return None
    row = tables.frame(table).row(0, named=True)
    return (
        (row["exact"], int(row["rows_counted"] or 0)) if isinstance(row["exact"], Decimal) else None
    )


def _named(model: Model, item: Input, count: int) -> str:
    """`3 lost customers`, by the number that counts them; else `3 accounts`."""
    metrics = metrics_of(model).metrics
    measure = metrics[item.metric].measure.removesuffix("_count") + "_count"
    own = next(
        (name for name, part in metrics.items() if part.measure == measure and not part.filter), ""
    )
    if own:
        label = metrics[own].label or humanize(own)
        return f"{count} {within(label.removesuffix('s') if count == 1 else label)}"
    by = (
        metrics_of(model).movements[moves(model, item.metric)].by
        if moves(model, item.metric)
        else resolved(model, item.metric).entity
    )
    return number.plural(count, humanize(by))


def _rounded(value: float) -> Decimal:
    """Three figures: a range is no more exact."""
    return (
        Decimal(f"{value:.2e}").quantize(Decimal(1))
        if abs(value) >= 100
        else Decimal(f"{value:.3g}")
    )
