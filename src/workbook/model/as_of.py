"""The as-of day: the last that counts, to its end on the business's clock."""

from __future__ import annotations

import datetime as dt

from workbook.model.model import Model

LAST = dt.date(9998, 12, 31)  # until `latest` is resolved every day counts
# what `latest` is resolved to where nothing in the data is dated; it is shown nowhere
NO_DATE = dt.date(1970, 1, 1)
UNDATED = "no date in the data"


def as_of_day(model: Model) -> dt.date:
    """The day that every page is about."""
    day = model.project.as_of
    return day if isinstance(day, dt.date) else LAST


def is_undated(model: Model) -> bool:
    """Whether nothing in the data is dated, so that no day is known that the pages are about."""
    declared = model.texts["project"].values.get("as_of", "latest")
    return model.project.as_of == NO_DATE and str(declared) == "latest"


def own_day(model: Model) -> str:
    """What workbook.yml says, also where another day was asked for: a day, or `latest`."""
    text = model.texts["project"]
    declared = {**text.values, **text.replaced}.get("as_of")
    return str(declared or "latest")


def says_latest(model: Model) -> bool:
    """Whether the project is about the newest day in the data."""
    return own_day(model) == "latest"


def looks_back(model: Model) -> bool:
    """Whether a day is asked for that lies before the one of the project, so that later facts
    are no fault.
    """
    if says_latest(model):
        return False  # only the data can tell
    return as_of_day(model) < dt.date.fromisoformat(own_day(model))


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
