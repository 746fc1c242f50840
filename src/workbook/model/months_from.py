"""Calendar months before or after the as-of day in an expression, counted as every other length
of time is: from its end.

`as_of` means the end of its day. A year before 2025-02-28 is therefore the day that ends a year
before the end of February 2025: 2024-02-29, as `offset_window: 12 months` has it, and not the
28th.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from workbook.dialect import parse_one

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PARTS = re.compile(r"\s*([+-]?\d+)\s*(month|quarter|year)s?", re.IGNORECASE)
IsDay = Callable[[exp.Column], bool]


def months_from(node: exp.Expression, is_day: IsDay) -> int | None:
    """How many calendar months an expression lies after the as-of day (before it: negative);
    None where it is no such sum.

    `is_day` says whether a column is the as-of day and no attribute of that name. Days, weeks
    and hours are no calendar
    months: they come to the same from the start of a day and from its end.
    """
    if not isinstance(node, (exp.Add, exp.Sub)):
        return None
    day, length, sign = node.this, node.expression, -1 if isinstance(node, exp.Sub) else 1
    if isinstance(day, exp.Interval) and sign > 0:
        day, length = length, day
    months = _months_of(length)
    if months is None:
        return None
    day = day.unnest()
    day = day.this.unnest() if isinstance(day, exp.Cast) else day
    if isinstance(day, exp.Column):
        return sign * months if is_day(day) else None
    before = months_from(day, is_day)
    return None if before is None else before + sign * months


def day_so_far(months: int, end: str) -> exp.Expression:
    """The day that ends so many months after the end of the as-of day, at its midnight; `end`
    is that end as SQL.
    """
    sign = "-" if months < 0 else "+"
    return parse_one(f"(({end} {sign} interval '{abs(months)}' month) - interval '1' day)")


def _months_of(node: exp.Expression) -> int | None:
    """The calendar months of an interval; None where it has another unit."""
    if not isinstance(node, exp.Interval) or node.this is None:
        return None
    count = node.this.unnest()
    count = exp.Literal.number(f"-{count.this.name}") if isinstance(count, exp.Neg) else count
    text = (
        f"{count.name} {node.unit.name if node.unit else ''}"
        if isinstance(count, exp.Literal)
        else ""
    )
    found = list(_PARTS.finditer(text))
    if not found or "".join(item[0] for item in found).strip() != text.strip():
        return None
    return sum(int(item[1]) * _MONTHS[item[2].lower()] for item in found)
