"""The business's calendar: when a period begins, what it is called, and the same as SQL; its
week and its fiscal year as declared.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbook.model.model import Model

_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Calendar:
    """`fiscal_start`: the month in which the fiscal year begins; `sunday`: whether a week
    begins on Sunday instead of Monday.
    """

    fiscal_start: int = 1
    sunday: bool = False

    def start_of(self, day: dt.date, grain: str) -> dt.date:
        """The first day of the period in which a day lies.

        >>> Calendar().start_of(dt.date(2025, 6, 30), "quarter")
        datetime.date(2025, 4, 1)
        >>> Calendar(sunday=True).start_of(dt.date(2025, 6, 30), "week")
        datetime.date(2025, 6, 29)
        >>> Calendar(fiscal_start=4).start_of(dt.date(2025, 3, 31), "fiscal_year")
        datetime.date(2024, 4, 1)
        """
        if grain in ("day", "week"):
            return day - dt.timedelta(
                days=(day.weekday() + self.sunday) % 7 if grain == "week" else 0
            )
        length = _MONTHS[_plain(grain)]
        months = day.year * 12 + day.month - 1 - self._shift(grain)
        year, month = divmod(months // length * length + self._shift(grain), 12)
        return dt.date(year, month + 1, 1) if year else dt.date(1, 1, 1)

    def next_start(self, start: dt.date, grain: str) -> dt.date:
        """The first day of the period after the one that begins on this day."""
        return self.start_of(start + dt.timedelta(days=_LONGEST[_plain(grain)]), grain)

    def start_sql(self, moment: str, grain: str) -> str:
        """The first day of the period in which a moment (SQL) lies, as a date."""
        if grain == "week" and self.sunday:
            return (
                f"cast(date_trunc('week', {moment} + interval '1' day) - interval '1' day as date)"
            )
        if shift := self._shift(grain):
            months = f"interval '{shift}' month"
            return (
                f"cast(date_trunc('{_plain(grain)}', date_trunc('month', {moment}) - {months}) +"
                f" {months} as date)"
            )
        return f"cast(date_trunc('{_plain(grain)}', {moment}) as date)"

    def name_of(self, start: dt.date, grain: str) -> str:
        """What a fiscal period is called.

        >>> Calendar(fiscal_start=4).name_of(dt.date(2025, 7, 1), "fiscal_quarter")
        'Q2 FY 2025/26'
        >>> Calendar().name_of(dt.date(2025, 1, 1), "fiscal_year")
        'FY 2025'
        """
        first = self.start_of(start, "fiscal_year")
        year = f"FY {first.year}" + (
            f"/{(first.year + 1) % 100:02d}" if self.fiscal_start > 1 else ""
        )
        quarter = ((start.year - first.year) * 12 + start.month - first.month) // 3 + 1
        return f"Q{quarter} {year}" if grain == "fiscal_quarter" else year

    def _shift(self, grain: str) -> int:
        """Months by which fiscal periods begin after those of the calendar."""
        return (
            (self.fiscal_start - 1) % _MONTHS[_plain(grain)] if grain.startswith("fiscal_") else 0
        )


def calendar_of(model: Model) -> Calendar:
    """The calendar that workbook.yml declares."""
    return Calendar(model.project.fiscal_year_starts, model.project.week_starts == "sunday")


def _plain(grain: str) -> str:
    return grain.removeprefix("fiscal_")
