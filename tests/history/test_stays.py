"""A stay is longer than expected by the calendar: a month from the first of February is 28
days, from the first of January 31.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from workbook.history.lifecycle_stats import STAYS, durations
from workbook.model.schema import State


def over(began: str, days: int, expected: str) -> int | None:
    """How many of one ended stay are longer than expected."""
    row = ("person", "p1", "trial", None, True, False, days, 1, dt.date.fromisoformat(began))
    stays = pl.DataFrame([row], schema=STAYS, orient="row")
    found: int | None = durations(stays, {"trial": State(starts="begun", expected=expected)})[0][
        "over"
    ]
    return found


@pytest.mark.parametrize(
    ("began", "days", "expected", "count"),
    [
        ("2025-01-01", 31, "1 month", 0),
        ("2025-01-01", 32, "1 month", 1),
        ("2025-02-01", 28, "1 month", 0),
        ("2025-02-01", 29, "1 month", 1),
        ("2025-01-31", 28, "1 month", 0),
        ("2024-01-01", 366, "1 year", 0),
        ("2025-01-01", 90, "1 quarter", 0),
        ("2025-01-01", 91, "1 quarter", 1),
        ("2025-01-01", 14, "2 weeks", 0),
        ("2025-01-01", 15, "14 days", 1),
        ("2025-01-01", 500, "", None),
    ],
)
def test_longer_than_expected(began: str, days: int, expected: str, count: int | None) -> None:
    assert over(began, days, expected) == count
