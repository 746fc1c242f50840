"""Lengths of time as a team writes them: `6 hours`, `30 days`, `12 months`.

A month, a quarter and a year are calendar months wherever a moment is moved: a year before the end
of 28 February 2025 is the end of 28 or 29 February 2024. Where only a number of days will do, it is
counted back from the end of the as-of day (`days_before`), so that it says the same.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from difflib import get_close_matches

from workbook.errors import WorkbookError
from workbook.words import error_of

UNITS = ("minute", "hour", "day", "week", "month", "quarter", "year")
_FIRST, _LAST = (dt.datetime.combine(day, dt.time()) for day in (dt.date.min, dt.date.max))
_LENGTH = re.compile(r"\s*([0-9]{1,5})\s*([a-z]+?)(s?)\s*", re.IGNORECASE)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_FIXED = {
    "minute": dt.timedelta(minutes=1),
    "hour": dt.timedelta(hours=1),
    "day": dt.timedelta(days=1),
    "week": dt.timedelta(weeks=1),
}


@dataclass(frozen=True)
class Duration:
    """A length of time: so many of one unit."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def word(self) -> str:
        """The length as part of a table's name: `30_days`."""
        return str(self).replace(" ", "_")

    @property
    def months(self) -> int:
        """Calendar months; 0 where it is a fixed length."""
        return self.count * _MONTHS.get(self.unit, 0)

    @property
    def fixed(self) -> dt.timedelta:
        """The fixed length; zero where it is one of calendar months."""
        return self.count * _FIXED.get(self.unit, dt.timedelta())

    @property
    def interval(self) -> str:
        """The length as SQL.

        >>> duration("1 quarter").interval, duration("2 weeks").interval
        ("interval '3' month", "interval '14' day")
        """
        if self.unit in _MONTHS:
            return f"interval '{self.months}' month"
        unit, count = ("day", self.count * 7) if self.unit == "week" else (self.unit, self.count)
        return f"interval '{count}' {unit}"

    def before(self, moment: dt.datetime) -> dt.datetime:
        """The moment that lies so long before; the last day of a shorter month.

        >>> duration("1 month").before(dt.datetime(2025, 3, 31))
        datetime.datetime(2025, 2, 28, 0, 0)
        """
        return self._moved(moment, -1)

    def after(self, moment: dt.datetime) -> dt.datetime:
        """The moment that lies so long after; the last day of a shorter month."""
        return self._moved(moment, 1)

    def days_before(self, end: dt.datetime) -> float:
        """How many days it is, counted back from a moment.

        >>> [duration(text).days_before(dt.datetime(2025, 7, 1)) for text in ("1 month", "6 hours")]
        [30.0, 0.25]
        """
        return (end - self.before(end)) / dt.timedelta(days=1)

    def _moved(self, moment: dt.datetime, sign: int) -> dt.datetime:
        try:
            months = moment.year * 12 + moment.month - 1 + sign * self.months
            year, month = months // 12, months % 12 + 1
            day = (
                min(moment.day, calendar.monthrange(year, month)[1]) if self.months else moment.day
            )
            return moment.replace(year=year, month=month, day=day) + sign * self.fixed
        except (ValueError, OverflowError, IndexError):  # beyond the years that can be written
            return _LAST if sign > 0 else _FIRST


def duration(text: str) -> Duration:
    """A length of time.

    Raises:
        WorkbookError: it is none.
    """
    found = _LENGTH.fullmatch(text)
    if not found or found[2].lower() not in UNITS:
        raise error_of(WorkbookError, "model.not_a_length", text=text, hint=nearest_length(text))
    return Duration(int(found[1]), found[2].lower())


def optional_duration(text: str) -> Duration | None:
    """A length of time, or None where none is written.

    Raises:
        WorkbookError: it is none.
    """
    return duration(text) if text.strip() else None


def nearest_length(text: str) -> str:
    """The length that was probably meant; '' where none is near.

    >>> nearest_length("2 dyas"), nearest_length("soon")
    ('2 days', '')
    """
    found = _LENGTH.fullmatch(text)
    known = [*UNITS, *(f"{unit}s" for unit in UNITS)]
    near = get_close_matches((found[2] + found[3]).lower(), known, 1) if found else []
    return str(Duration(int(found[1]), near[0].rstrip("s"))) if found and near else ""
