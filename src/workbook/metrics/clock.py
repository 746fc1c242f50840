"""Moments as SQL: the end of the as-of day, the same some time earlier, or the end of every month."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workbook.engine import Table, quote
from workbook.errors import WorkbookError
from workbook.metrics.reach import time_of
from workbook.model import Model

MONTHS = "m__months"
LONGEST = 120  # months that a series of levels may reach back


class NotComputableError(WorkbookError):
    """Why a number is refused instead of shown: the typed reason that the page prints."""


@dataclass(frozen=True)
class Length:
    """A length of time in calendar days or months; `text` is how the model writes it."""

    text: str
    days: int = 0
    months: int = 0
    hours: int = 0

    @property
    def sql(self) -> str:
        """The length as an interval."""
        if self.months:
            return f"interval '{self.months}' month"
        return f"interval '{self.days}' day" if self.days else f"interval '{self.hours}' hour"

    @property
    def word(self) -> str:
        """The length as part of a table's name: `30_days`."""
        return "_".join(self.text.split())


_UNITS = {"hour": (0, 0, 1), "day": (1, 0, 0), "week": (7, 0, 0), "month": (0, 1, 0), "quarter": (0, 3, 0), "year": (0, 12, 0)}


def length_of(text: str) -> Length:
    """`30 days`, `12 months`: calendar months, counted back from the end of a day, so that a month's end meets a month's end.

    Raises:
        NotComputableError: it is no length of time.
    """
    found = re.fullmatch(r"(\d{1,5})\s+(hour|day|week|month|quarter|year)s?", text.strip())
    if not found or int(found[1]) == 0:
        raise NotComputableError(f"'{text}' is no length of time; write it like '30 days' or '12 months'")
    count = int(found[1])
    days, months, hours = (count * each for each in _UNITS[found[2]])
    return Length(" ".join(text.split()), days, months, hours)


@dataclass(frozen=True)
class Clock:
    """When a question is asked: `day` is what `as_of` means, `end` the first instant that no longer counts.

    `month` is the first day of the month in which `day` lies. A monthly clock asks at the end of every month, over
    the table of months under the alias `t`; `suffix` marks tables that are not about the as-of day itself.
    """

    day: str
    end: str
    month: str
    suffix: str = ""
    monthly: bool = False

    @property
    def join(self) -> str:
        """What a FROM clause needs besides the rows."""
        return f'cross join "{MONTHS}" as t' if self.monthly else ""


def as_of_date(model: Model) -> dt.date:
    """The project's as-of as a date; `latest` was resolved when the workbook was opened."""
    day = model.project.as_of
    if not isinstance(day, dt.date):
        raise NotComputableError("as_of is not a date: 'latest' found no dated row in the data")
    return day


def end_of(day: dt.date) -> dt.date:
    """The first day that no longer counts: as-of means the end of its day, and intervals are half-open."""
    return day + dt.timedelta(days=1)


def now(model: Model, earlier: str = "") -> Clock:
    """The end of the as-of day, or of the day a length of time before it."""
    end = moment(end_of(as_of_date(model)))
    return _fixed(end, length_of(earlier)) if earlier else _at(as_of_date(model))


def month_ends(earlier: str = "") -> Clock:
    """The end of every month, or a length of time before each."""
    if not earlier:
        return Clock("t.day", "t.ends", "t.month", "__month", True)
    length = length_of(earlier)
    end = f"(t.ends - {length.sql})"
    return Clock(_day_of(end), end, _month_of(_day_of(end)), f"__month__{length.word}_before", True)


def moment(day: dt.date) -> str:
    """Midnight at the start of a day, as SQL."""
    return f"cast('{day} 00:00:00' as timestamp)"


def _at(day: dt.date) -> Clock:
    return Clock(f"cast('{day}' as date)", moment(end_of(day)), f"cast('{day.replace(day=1)}' as date)")


def _fixed(end: str, length: Length) -> Clock:
    before = f"({end} - {length.sql})"
    return Clock(_day_of(before), before, _month_of(_day_of(before)), f"__{length.word}_before")


def _day_of(end: str) -> str:
    return f"cast({end} - interval '1' day as date)"


def _month_of(day: str) -> str:
    return f"cast(date_trunc('month', {day}) as date)"


def months_table(model: Model) -> Table | None:
    """One row per month, from the first in which anything is dated (at most ten years back) to that of the as-of day."""
    last = as_of_date(model)
    starts = _months_before(last)
    dated = [(entity, time_of(model, entity)) for entity in model.entity_names if not model.has_identity(entity)]
    earliest = moment(starts[0])
    asks = [
        f"select min(cast({quote(at)} as timestamp)) as since from {quote(entity)} where cast({quote(at)} as timestamp) >= {earliest}"
        for entity, at in dated
        if at
    ]
    if not asks:
        return None
    rows = ",\n        ".join(_month_row(start, last) for start in starts)
    sql = f"""with listed as (
    select month, day, ends
    from (values
        {rows}
    ) as v(month, day, ends)
), dated as (
    {(chr(10) + "    union all ").join(asks)}
), earliest as (
    select min(since) as since from dated
)
select listed.month as month, listed.day as day, listed.ends as ends
from listed
cross join earliest
where listed.ends > earliest.since"""
    return Table(MONTHS, "one month up to as-of: its first day, its last, and the instant after it", "07_metrics", keys=("month",), sql=sql)


def _month_row(start: dt.date, last: dt.date) -> str:
    day = min(end_of_month(start), last)
    return f"(cast('{start}' as date), cast('{day}' as date), {moment(end_of(day))})"


def end_of_month(start: dt.date) -> dt.date:
    """The last day of the month that begins on this day."""
    return (start + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _months_before(day: dt.date) -> list[dt.date]:
    number = day.year * 12 + day.month - 1
    first = max(number - LONGEST + 1, 12)
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(first, number + 1)]
