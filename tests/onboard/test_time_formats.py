"""Days and times are read by the values of their own column: every format in it, several if
need be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.time_style import DAY_FIRST, MONTH_FIRST, Times, in_order, read_times

from test_proposed_types import alone

A = Callable[..., ColumnValues]


def formats(times: Times | None) -> tuple[str, ...]:
    return times.formats if times else ()


@pytest.mark.parametrize(
    ("name", "values", "kind", "expected"),
    [
        ("d", ("2024-01-31", "2024-02-01"), "date", ("ISO",)),
        ("d", ("2024-01-31 10:00", "2024-02-01"), "timestamp", ("ISO",)),
        ("d", ("2025-04-29T13:48:00.000+0000",), "timestamp", ("ISO",)),
        ("d", ("2024-06-01 10:00:00 UTC",), "timestamp", ("ISO",)),
        ("d", ("31/12/2024", "01/01/2025"), "date", ("DD/MM/YYYY",)),
        ("d", ("1/4/2025", "8/9/2024", "6/15/2025"), "date", ("MM/DD/YYYY",)),
        ("d", ("31.01.2024", "1.2.2024"), "date", ("DD.MM.YYYY",)),
        ("d", ("2024/01/31",), "date", ("YYYY/MM/DD",)),
        ("d", ("10/12/24", "31/12/24"), "date", ("DD/MM/YY",)),
        (
            "d",
            ("12/27/2024, 2:31 AM", "6/15/2025, 12:03 PM"),
            "timestamp",
            ("MM/DD/YYYY, HH12:MI AM",),
        ),
        ("d", ("16-10-2024 03:00", "16-10-2024 15:30"), "timestamp", ("DD-MM-YYYY HH:MI",)),
        ("d", ("Jan 5, 2024", "Feb 6, 2024"), "date", ("MON DD, YYYY",)),
        ("d", ("5 March 2024", "6 April 2024"), "date", ("DD MON YYYY",)),
        ("d", ("05-Jan-24", "17-Aug-23"), "date", ("DD-MON-YY",)),
        ("created_at", ("1717813260", "1731549380"), "timestamp", ("UNIX",)),
        ("last seen", ("1717813260123", "1731549380456"), "timestamp", ("UNIX_MS",)),
        ("event_timestamp", ("1704067200123456", "1731549380456789"), "timestamp", ("UNIX_US",)),
        ("seen_at", ("1704067200123456789", "1731549380456789012"), "timestamp", ("UNIX_NS",)),
        ("day", ("20240131", "20240201"), "date", ("YYYYMMDD",)),
        ("dob", ("01311980", "12251999"), "date", ("MMDDYYYY",)),
        ("event date", ("45321", "45322"), "date", ("EXCEL",)),
    ],
)
def test_formats(
    a_column: A, name: str, values: tuple[str, ...], kind: str, expected: tuple[str, ...]
) -> None:
    found = read_times(a_column(name, *values))
    assert found is not None
    assert (found.kind, found.formats, found.misfits) == (kind, expected, 0)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("number", ("1717813260", "1731549380")),  # no word of its name tells of a time
        ("house", ("45321", "45322")),
        ("code", ("20240131", "20240201")),  # two values may be chance
        ("when", ("soon", "later")),
        ("ratio", ("1/2", "3/4")),
        ("version", ("1.2.3", "1.2.4")),
        ("phone", ("555-01-0200", "555-01-0201")),
    ],
)
def test_what_is_no_time(a_column: A, name: str, values: tuple[str, ...]) -> None:
    assert read_times(a_column(name, *values)) is None


def test_a_day_that_is_in_no_calendar_fits_no_format(a_column: A) -> None:
    column = a_column("d", "31/02/2024", "30/02/2024", "31/04/2024", "31/06/2024")
    found = read_times(column)
    assert found is None or not column.enough(*found.shares)


def test_several_formats_of_one_column_come_most_frequent_first(a_column: A) -> None:
    found = read_times(
        a_column(
            "d",
            *(f"2024-01-{day:02d}" for day in range(10, 20)),
            "05/31/2024",
            "06/30/2024",
            "07/29/2024",
        )
    )
    assert formats(found) == ("ISO", "MM/DD/YYYY")
    assert found is not None
    assert found.misfits == 0


def test_bad_values_are_counted_by_rows(a_column: A) -> None:
    column = a_column(
        "d", *(f"2024-01-{1 + n % 28:02d}" for n in range(97)), "soon", "soon", "later"
    )
    found = read_times(column)
    assert found is not None
    assert (found.misfits, column.enough(*found.shares)) == (3, True)


def test_day_and_month_that_no_value_tells_apart_are_left_open(a_column: A) -> None:
    column = a_column("d", "01/02/2024", "03/04/2024", "11/12/2024")
    found = read_times(column)
    assert found is not None
    assert (found.open, found.sure) == (True, False)
    assert in_order(column, found, MONTH_FIRST).formats == ("MM/DD/YYYY",)
    assert in_order(column, found, DAY_FIRST).formats == ("DD/MM/YYYY",)


def test_one_value_does_not_decide_the_order_of_day_and_month(a_column: A) -> None:
    values = [f"{1 + n % 12:02d}/{1 + n % 11:02d}/{2000 + n % 20}" for n in range(200)]
    assert read_times(a_column("d", *values, "13/05/2024")).open  # type: ignore[union-attr]
    three = read_times(a_column("d", *values, "13/05/2024", "14/05/2024", "15/06/2024"))
    assert three is not None
    assert (three.open, three.formats) == (False, ("DD/MM/YYYY",))


@given(
    st.lists(
        st.dates(dt.date(2000, 1, 1), dt.date(2035, 12, 31)), min_size=4, max_size=30, unique=True
    ),
    st.sampled_from([DAY_FIRST, MONTH_FIRST]),
)
def test_the_order_in_which_days_were_written_always_fits(days: list[dt.date], order: str) -> None:
    import polars as pl

    code = "%d/%m/%Y" if order == DAY_FIRST else "%m/%d/%Y"
    column = ColumnValues.of("d", "d", pl.Series([day.strftime(code) for day in days]))
    found = read_times(column)
    assert found is not None
    assert order in found.orders
    assert column.enough(*in_order(column, found, order).shares)


def test_times_that_no_format_reads_are_told(a_column: A) -> None:
    for values in (
        ("20250101T101500Z", "20250301T101500Z"),
        ("Mon, 03 Feb 2025 10:15:00 +0000", "Tue, 04 Feb 2025 10:15:00 +0000"),
        ("2025-02-03 10:15:00 EST", "2025-07-05 10:15:00 EDT"),
        ("3. Februar 2025", "26. Mai 2025"),
    ):
        found = alone(a_column("stamp", *values))
        assert found.type in ("text", "category"), values
        assert found.told.startswith("looks like days or times"), values
    since = alone(a_column("stamp", "1738577700000", "1738664100000"))
    assert (since.type, "`format: UNIX_MS`" in since.told) == ("integer", True)
    assert alone(a_column("stamp", "alpha", "beta")).told == ""
    assert alone(a_column("views", "120", "1738577700000")).told == ""
