"""Months before as_of are counted from the end of its day, as every length of time is."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.model import quoted_sql
from workbook.model.durations import duration

CONNECTION = duckdb.connect()
DAY = dt.timedelta(days=1)


def day_of(text: str, as_of: dt.date) -> dt.date:
    """The day that an expression over as_of names."""
    (value,) = CONNECTION.execute(f"select cast({quoted_sql(text, as_of)} as date)").fetchone()
    return value


@pytest.mark.parametrize(
    ("text", "as_of", "day"),
    [
        ("as_of - interval 12 month", "2025-02-28", "2024-02-29"),  # the end of February a year ago
        ("as_of - interval '1 year'", "2025-02-28", "2024-02-29"),
        ("(as_of) - interval '4' quarters", "2025-02-28", "2024-02-29"),
        ("cast(as_of as timestamp) - interval 1 year", "2025-02-28", "2024-02-29"),
        ("as_of - interval 12 month", "2024-02-29", "2023-02-28"),
        ("as_of - interval 1 month", "2025-06-30", "2025-05-31"),
        ("as_of - interval 1 month", "2025-07-31", "2025-06-30"),
        ("as_of - interval 1 month", "2025-03-15", "2025-02-15"),
        ("as_of + interval 1 month", "2025-06-30", "2025-07-31"),
        ("interval 1 month + as_of", "2025-02-28", "2025-03-31"),
        ("as_of - interval 1 year - interval 1 month", "2025-03-31", "2024-02-29"),
        ("as_of - interval 1 year + interval 12 months", "2025-02-28", "2025-02-28"),
        ("as_of - interval '1 year 1 month'", "2025-03-31", "2024-02-29"),
        ("as_of - interval -1 month", "2025-02-28", "2025-03-31"),
        ("as_of - interval 12 month - interval 1 day", "2025-02-28", "2024-02-28"),
        ("as_of - interval 30 day", "2025-03-30", "2025-02-28"),
        ("as_of - interval 2 week", "2025-03-14", "2025-02-28"),
    ],
)
def test_the_day_that_ends_so_long_before_the_end_of_as_of(text: str, as_of: str, day: str) -> None:
    assert day_of(text, dt.date.fromisoformat(as_of)) == dt.date.fromisoformat(day)


def test_a_column_of_that_name_is_no_as_of_day() -> None:
    sql = quoted_sql("as_of - interval 12 month", dt.date(2025, 2, 28), columns={"as_of": "as_of"})
    (value,) = CONNECTION.execute(
        f"select cast({sql} as date) from (select date '2025-02-28' as as_of)"
    ).fetchone()  # type: ignore[misc]
    assert value == dt.date(2024, 2, 28)


@settings(max_examples=200, deadline=None)
@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    st.integers(0, 60),
    st.sampled_from(["month", "quarter", "year", "week", "day"]),
)
def test_an_expression_goes_back_as_far_as_a_length_of_time(
    as_of: dt.date, count: int, unit: str
) -> None:
    end = dt.datetime.combine(as_of + DAY, dt.time())
    assert (
        day_of(f"as_of - interval {count} {unit}", as_of)
        == duration(f"{count} {unit}").before(end).date() - DAY
    )
