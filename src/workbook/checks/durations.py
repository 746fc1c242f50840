"""Lengths of time as a team writes them (`6 hours`, `3 days`) and as a page says them."""

from __future__ import annotations

import re

from workbook.errors import WorkbookError

_SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000, "year": 31536000}


def seconds_in(text: str) -> int:
    """Seconds in `6 hours`; a month is 30 days, a year 365.

    Raises:
        WorkbookError: it is no length of time.
    """
    found = re.fullmatch(r"\s*(\d+)\s*(minute|hour|day|week|month|year)s?\s*", text)
    if not found:
        raise WorkbookError(f"'{text}' is no length of time. Write it like '6 hours' or '3 days'.")
    return int(found[1]) * _SECONDS[found[2]]


def in_words(seconds: float) -> str:
    """An age in the largest unit that it fills twice: hours, then days.

    >>> in_words(7 * 3600), in_words(3 * 86400)
    ('7 hours', '3 days')
    """
    size, word = (86400, "day") if seconds >= 2 * 86400 else (3600, "hour")
    count = int(seconds // size)
    return f"{count:,} {word}{'' if count == 1 else 's'}"
