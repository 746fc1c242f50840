"""Scales of a chart: round ticks, and labels of dates that fit under their marks."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook.words.locale import month_name


@dataclass(frozen=True)
class Scale:
    """Numbers to pixels, upward."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """The height of a number, from the top of the drawing."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


def ticks(low: float, high: float, count: int = 5) -> list[Decimal]:
    """Round numbers from at or below `low` to at or above `high`, about `count` steps.

    >>> [str(tick) for tick in ticks(0, 73)]
    ['0', '20', '40', '60', '80']
    """
    if high <= low:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    raw = max((high - low) / count, sys.float_info.min)
    power = math.floor(math.log10(raw))
    base = Decimal(10) ** power
    step = next(
        base * Decimal(factor)
        for factor in ("1", "2", "2.5", "5", "10")
        if float(base * Decimal(factor)) >= raw * 0.999
    )
    first, last = math.floor(Decimal(str(low)) / step), math.ceil(Decimal(str(high)) / step)
    return [Decimal(format((step * n).normalize(), "f")) for n in range(first, last + 1)]


def decimals_of(values: Sequence[Decimal]) -> int:
    """How many decimals the ticks need."""
    return max((max(0, -int(value.normalize().as_tuple().exponent)) for value in values), default=0)


def day_labels(days: Sequence[dt.date | None]) -> list[tuple[str, str]]:
    """A label and a second line for each: months where all are firsts of a month, the year
    where it begins.
    """
    known = [day for day in days if day is not None]
    monthly = all(day.day == 1 for day in known) and len(known) > 1
    yearly = monthly and all(day.month == 1 for day in known)
    labels, year = [], None
    for day in days:
        if day is None:
            labels.append(("", ""))
            continue
        label = str(day.year) if yearly else _month(day) if monthly else f"{day.day} {_month(day)}"
        labels.append((label, str(day.year) if day.year != year and not yearly else ""))
        year = day.year
    return labels


def _month(day: dt.date) -> str:
    return month_name(day.month, short=True)
