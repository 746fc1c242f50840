"""Periods as a team writes them: `2025`, `2025-Q2`, `2025-06`, `2025-06-30`, `FY 2024/25`, `Q1
FY 2024/25`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from workbook.model.calendar import Calendar
from workbook.words import error_texts

_PLAIN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?")
_FISCAL = re.compile(r"(?:Q([1-4])\s*)?FY\s*(\d{4})(?:/(\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A period of a grain, from its first to its last day; a day is the end of its month."""

    grain: str
    first: dt.date
    last: dt.date

    @property
    def months(self) -> tuple[dt.date, dt.date]:
        """The first days of its first and its last month."""
        return self.first.replace(day=1), self.last.replace(day=1)


def has_ended(period: Period, day: dt.date) -> bool:
    """Whether a period is over at the end of a day: before, a number of it is one to date, and is
    not compared with one of the whole.
    """
    return day >= period.last


def period_of(text: str, of: Calendar) -> Period | None:
    """The period that a text names; None where it names none.

    >>> period_of("2025-Q2", Calendar()).months
    (datetime.date(2025, 4, 1), datetime.date(2025, 6, 1))
    >>> period_of("Q1 FY 2024/25", Calendar(fiscal_start=4)).last
    datetime.date(2024, 6, 30)
    """
    text = text.strip()
    if found := _FISCAL.fullmatch(text):
        return _fiscal(found, of)
    found = _PLAIN.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= 9000 or (found[3] and not 1 <= int(found[3]) <= 12):
        return None
    year = int(found[1])
    if found[4]:
        last = calendar.monthrange(year, int(found[3]))[1]
        day = dt.date(year, int(found[3]), last)
        return Period("day", day, day) if int(found[4]) == last else None
    grain = "quarter" if found[2] else "month" if found[3] else "year"
    month = int(found[2]) * 3 - 2 if found[2] else int(found[3] or 1)
    return _whole(grain, dt.date(year, month, 1), of)


def _fiscal(found: re.Match[str], of: Calendar) -> Period | None:
    """A fiscal period by the name that pages give it: `FY 2024/25`, and `FY 2024` where that is
    a calendar year.
    """
    year = int(found[2])
    if not 1 <= year <= 9000 or (found[3] or "") != (
        f"{(year + 1) % 100:02d}" if of.fiscal_start > 1 else ""
    ):
        return None
    months = of.fiscal_start - 1 + (int(found[1]) - 1) * 3 if found[1] else of.fiscal_start - 1
    start = dt.date(year + months // 12, months % 12 + 1, 1)
    return _whole("fiscal_quarter" if found[1] else "fiscal_year", start, of)


def _whole(grain: str, first: dt.date, of: Calendar) -> Period:
    return Period(grain, first, of.next_start(first, grain) - dt.timedelta(days=1))


def fiscal_example(of: Calendar) -> str:
    """A fiscal quarter as the project writes it."""
    return of.name_of(of.start_of(dt.date(2025, 6, 30), "fiscal_quarter"), "fiscal_quarter")


def period_advice(of: Calendar) -> str:
    """How a period is written, with the project's own names of fiscal ones."""
    return error_texts("model.not_a_period", text="", quarter=fiscal_example(of))[1]
