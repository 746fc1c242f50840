"""Moments as SQL: the open ends of time, and the instant up to which the project knows anything."""

from __future__ import annotations

import datetime as dt

from workbook.model import Model

STEP = "06_history"
OPEN = "cast('9999-12-31 00:00:00' as timestamp)"  # an end that has not come
START = "cast('1900-01-01 00:00:00' as timestamp)"  # a beginning that nobody knows
NEVER = "cast('9999-01-01 00:00:00' as timestamp)"  # sources write such dates for "no end"
_DAY = dt.timedelta(days=1)


def instant(day: dt.date) -> str:
    """Midnight at the start of a day."""
    return f"cast('{day} 00:00:00' as timestamp)"


def as_of(model: Model) -> dt.date:
    """The day that every page is about; the last one where `latest` is not resolved yet."""
    day = model.project.as_of
    return day if isinstance(day, dt.date) else dt.date(9998, 12, 31)


def end_of(day: dt.date) -> str:
    """The first instant that no longer counts: a day counts to its end."""
    return instant(day + _DAY)


def now(model: Model) -> str:
    """The end of the as-of day."""
    return end_of(as_of(model))


def bounded(value: str) -> str:
    """A time as a timestamp within the ends of time: year 9999 is open, what lies before 1900 began before anyone knows."""
    return f"case when {value} >= {NEVER} then {OPEN} when {value} < {START} then {START} else {value} end"
