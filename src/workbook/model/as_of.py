"""The as-of day: the last that counts, to its end on the business's clock."""

from __future__ import annotations

import datetime as dt

from workbook.model.model import Model

NO_DATE = dt.date(1970, 1, 1)  # where nothing in the data is dated
LAST = dt.date(9998, 12, 31)  # until `latest` is resolved every day counts


def as_of_day(model: Model) -> dt.date:
    """The day that every page is about."""
    day = model.project.as_of
    return day if isinstance(day, dt.date) else LAST


def end_of_day(day: dt.date) -> dt.datetime:
    """What the business's clock shows when a day is over: the first moment that no longer counts.

    >>> end_of_day(dt.date(2025, 6, 30))
    datetime.datetime(2025, 7, 1, 0, 0)
    """
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time())


def end_of_day_sql(day: dt.date) -> str:
    """The same as SQL.

    >>> end_of_day_sql(dt.date(2025, 6, 30))
    "cast('2025-07-01 00:00:00' as timestamp)"
    """
    return f"cast('{end_of_day(day)}' as timestamp)"
