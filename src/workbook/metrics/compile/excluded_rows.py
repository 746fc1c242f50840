"""Rows that a metric leaves out or counts with a caveat, and why: no rate, no date, below zero,
several counterparts.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.engine import Table, quote
from workbook.metrics.compile.as_of_clock import AsOf
from workbook.metrics.compile.expression_scope import CompiledExpression, Scope
from workbook.metrics.compile.fan_out import EXACT
from workbook.metrics.compile.metric_rows import (
    CROSSED,
    NEGATIVE,
    NO_DATE,
    NO_MONTH,
    NO_RATE,
    NO_VALUE,
    OLD_RATE,
    brings_over,
    converts,
    crosses,
)
from workbook.metrics.compile.resolve import ResolvedMeasure
from workbook.metrics.compile.rules import STEP, recorded_by_as_of
from workbook.model import Model


def left_out_table(model: Model, found: ResolvedMeasure, rows: str, clock: AsOf) -> Table | None:
    """`m__<metric>__left_out`: how many rows, and how much in which currency, have no place in
    the value or in a month, or lessen it; and why.

    `rows` is what stands behind FROM: the rows that the metric counts.
    """
    parts = [
        *_unrated(model, found, rows),
        *_crossed(model, found, rows),
        *_old(model, found, rows),
        *_undated(model, found, rows, clock),
        *_negative(found, rows),
    ]
    if not parts:
        return None
    row_is = (
        f"one reason and currency of rows that {found.name} cannot place or must subtract, with"
        " their number and their amount"
    )
    return Table(
        f"m__{found.name}__left_out",
        row_is,
        STEP,
        "evidence",
        ("reason", "currency"),
        "\nunion all\n".join(parts),
    )


def _unrated(model: Model, found: ResolvedMeasure, rows: str) -> Iterator[str]:
    """Amounts in a currency of which no rate is known."""
    if converts(model, found):
        currency = f"coalesce(currency, '{NO_VALUE}')"
        yield (
            f"{_aside(NO_RATE, 'native', currency)}\nfrom {rows}\nwhere amount is null and native"
            f" is not null\ngroup by {currency}"
        )


def _crossed(model: Model, found: ResolvedMeasure, rows: str) -> Iterator[str]:
    """Amounts that are converted by way of a third currency: `GBP via EUR`."""
    if crosses(model, found):
        pair = "currency || ' via ' || via"
        yield (
            f"{_aside(CROSSED, 'native', pair)}\nfrom {rows}\nwhere via <> '' and native is not"
            f" null\ngroup by {pair}"
        )


def _old(model: Model, found: ResolvedMeasure, rows: str) -> Iterator[str]:
    """Amounts whose last exchange rate is old."""
    if brings_over(model, found):
        yield (
            f"{_aside(OLD_RATE, 'native', 'currency')}\nfrom {rows}\n"
            "where is_old and native is not null\ngroup by currency"
        )


def _undated(model: Model, found: ResolvedMeasure, rows: str, clock: AsOf) -> Iterator[str]:
    """A level and a window leave out what has no date; a flow keeps it in its total, and in no
    month.
    """
    if found.at and found.kind in ("level", "cumulative"):
        text = (
            Scope(model, found.entity, clock).compile(found.filter)
            if found.filter
            else CompiledExpression("true")
        )
        where = [
            f"e.{quote(model.column_of(found.entity, found.at))} is null",
            f"coalesce({text.sql}, false)",
            *recorded_by_as_of(model, found.entity),
        ]
        yield (
            f"{_aside(NO_DATE, '0')}\nfrom {quote(found.entity)} as e\n"
            + "\n".join(text.joins)
            + f"\nwhere {' and '.join(where)}\nhaving count(*) > 0"
        )
    elif found.at and found.kind == "flow":
        amount = "amount" if found.value == "money" and found.measure.agg == "sum" else "0"
        yield f"{_aside(NO_MONTH, amount)}\nfrom {rows}\nwhere starts is null\nhaving count(*) > 0"


def _negative(found: ResolvedMeasure, rows: str) -> Iterator[str]:
    """Refunds and credits: amounts that lessen a sum of money."""
    if found.value == "money" and found.measure.agg == "sum":
        yield f"{_aside(NEGATIVE, 'amount')}\nfrom {rows}\nwhere amount < 0\nhaving count(*) > 0"


def _aside(reason: str, amount: str, currency: str = "''") -> str:
    return (
        f"select '{reason}' as reason, {currency} as currency, count(*) as rows_counted,"
        f" cast(coalesce(sum({amount}), 0) as {EXACT}) as amount"
    )
