"""A length of time means the same wherever it is written: calendar months, as DuckDB counts
them.
"""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import WorkbookError
from workbook.model.durations import UNITS, Duration, duration, optional_duration

END = dt.datetime(2025, 7, 1)
CONNECTION = duckdb.connect()


@pytest.mark.parametrize(
    ("text", "interval", "before"),
    [
        ("30 minutes", "interval '30' minute", "2025-06-30 23:30:00"),
        ("6 hours", "interval '6' hour", "2025-06-30 18:00:00"),
        ("1 day", "interval '1' day", "2025-06-30 00:00:00"),
        ("2 weeks", "interval '14' day", "2025-06-17 00:00:00"),
        ("1 month", "interval '1' month", "2025-06-01 00:00:00"),
        ("1 quarter", "interval '3' month", "2025-04-01 00:00:00"),
        ("2 years", "interval '24' month", "2023-07-01 00:00:00"),
    ],
)
def test_each_unit(text: str, interval: str, before: str) -> None:
    length = duration(text)
    assert (length.interval, str(length.before(END)), str(length)) == (interval, before, text)


@pytest.mark.parametrize("text", [" 30 days ", "30  days", "30days", "30 day", "30 DAYS"])
def test_one_meaning_however_it_is_spaced(text: str) -> None:
    assert duration(text) == Duration(30, "day")
    assert duration(text).word == "30_days"


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2 dyas",
        "6 mnths",
        "-1 day",
        "1.5 hours",
        "days",
        "3",
        "1 fortnight",
        "1 day 2 hours",
        "99999999 days",
    ],
)
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        duration(text)
    assert refused.value.code == "model.not_a_length" and f"'{text}'" in refused.value.what


def test_nothing_is_no_length() -> None:
    assert optional_duration(" ") is None
    assert optional_duration("1 day") == Duration(1, "day")


def test_days_are_counted_back_from_the_moment() -> None:
    assert duration("1 month").days_before(END) == 30
    assert duration("1 month").days_before(dt.datetime(2025, 8, 1)) == 31
    assert duration("1 year").days_before(dt.datetime(2024, 7, 1)) == 366
    assert duration("6 hours").days_before(END) == 0.25


def test_beyond_the_years_it_is_the_first_or_the_last_day() -> None:
    for text in ("99999 years", "9999 quarters", "99999 months"):
        assert duration(text).before(END) == dt.datetime(1, 1, 1)
        assert duration(text).after(dt.datetime(9999, 1, 1)) == dt.datetime(9999, 12, 31)


@settings(max_examples=200)
@given(
    st.integers(0, 400),
    st.sampled_from(UNITS),
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2100, 1, 1)).map(
        lambda at: at.replace(microsecond=0)
    ),
)
def test_it_moves_a_moment_as_the_database_does(count: int, unit: str, at: dt.datetime) -> None:
    length = Duration(count, unit)
    asked = (
        f"select cast('{at}' as timestamp) - {length.interval}, cast('{at}' as timestamp) +"
        f" {length.interval}"
    )
    assert CONNECTION.execute(asked).fetchone() == (length.before(at), length.after(at))
