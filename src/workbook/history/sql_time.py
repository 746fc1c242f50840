"""Moments as SQL: the open ends of time, and the instant up to which the project knows anything."""

from __future__ import annotations

import datetime as dt

from workbook.model import Model
from workbook.model.as_of import as_of_day, end_of_day_sql
from workbook.model.times import NEVER, midnight_sql

__all__ = ["NEVER", "OPEN", "START", "STEP", "bounded", "end_of", "now", "wall_now"]

STEP = "06_history"
OPEN = "cast('9999-12-31 00:00:00' as timestamp)"  # an end that has not come
START = "cast('1900-01-01 00:00:00' as timestamp)"  # a beginning that nobody knows
_DAY = dt.timedelta(days=1)


def end_of(model: Model, day: dt.date) -> str:
    """The first instant that no longer counts: a day of the business counts to its end."""
    return midnight_sql(model, day + _DAY)


def now(model: Model) -> str:
    """The end of the as-of day."""
    return end_of(model, as_of_day(model))


def wall_now(model: Model) -> str:
    """The end of the as-of day on the wall clock of the business."""
    return end_of_day_sql(as_of_day(model))


def bounded(value: str) -> str:
    """A time as a timestamp within the ends of time: year 9999 is open, what lies before 1900
    began before anyone knows.
    """
    return (
        f"case when {value} >= {NEVER} then {OPEN} when {value} < {START} then {START} else"
        f" {value} end"
    )
