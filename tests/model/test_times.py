"""The business's clock against the one of Python, and its calendar against its own SQL."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.errors import PlanError
from workbook.engine import lint
from workbook.metrics import GRAINS
from workbook.model.calendar import Calendar
from workbook.model.zones import instant, known_zones, nearest_zone, wall

ZONES = (
    "Europe/Berlin",
    "America/Chicago",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Atlantic/Azores",
    "America/Havana",
    "Pacific/Apia",
)
MOMENTS = st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2037, 12, 31))


@pytest.fixture(scope="module")
def clock() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection


def told(clock: duckdb.DuckDBPyConnection, sql: str, moment: dt.datetime) -> dt.datetime:
    [(value,)] = clock.execute(
        f"select {sql} from (values (cast(? as timestamp))) as v(x)", [moment]
    ).fetchall()
    return value


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@settings(max_examples=200, deadline=None)
@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_the_wall_shows_what_python_says(
    clock: duckdb.DuckDBPyConnection, moment: dt.datetime, zone: str
) -> None:
    assert told(clock, wall("x", zone), moment) == local(moment, zone)


@settings(max_examples=200, deadline=None)
@given(moment=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_local_time_is_its_first_instant(
    clock: duckdb.DuckDBPyConnection, moment: dt.datetime, zone: str
) -> None:
    expected = moment.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(dt.UTC).replace(tzinfo=None)
    assert told(clock, instant("x", zone), moment) == expected


@pytest.mark.parametrize(
    ("zone", "shown", "utc"),
    [
        # never shown: as if the clocks had not moved
        ("Europe/Berlin", "2025-03-30 02:30:00", "2025-03-30 01:30:00"),
        ("Europe/Berlin", "2025-10-26 02:30:00", "2025-10-26 00:30:00"),  # shown twice
        # twice, half an hour apart
        ("Australia/Lord_Howe", "2025-04-06 01:45:00", "2025-04-05 14:45:00"),
        # a midnight that comes twice
        ("Atlantic/Azores", "2025-10-26 00:00:00", "2025-10-26 00:00:00"),
        ("America/Havana", "2025-11-02 00:00:00", "2025-11-02 04:00:00"),
        ("Asia/Kolkata", "2025-06-30 00:00:00", "2025-06-29 18:30:00"),
    ],
)
def test_where_the_clocks_move(
    clock: duckdb.DuckDBPyConnection, zone: str, shown: str, utc: str
) -> None:
    assert told(
        clock, instant("x", zone), dt.datetime.fromisoformat(shown)
    ) == dt.datetime.fromisoformat(utc)


def test_nothing_is_written_without_a_zone() -> None:
    assert (wall("x", ""), instant("x", "")) == ("x", "x")


def test_a_zone_is_portable_between_utc_and_itself_only() -> None:
    lint(
        f"select {wall('a.x', 'Europe/Berlin')} as y, {instant('a.x', 'Europe/Berlin')} as z"
        " from a",
        "a",
    )
    for sql in (
        "a.x at time zone 'Europe/Berlin'",
        "(a.x at time zone 'Europe/Berlin') at time zone 'Asia/Tokyo'",
        "(a.x at time zone 'UTC') at time zone a.zone",
    ):
        with pytest.raises(PlanError, match="time zone"):
            lint(f"select {sql} as y from a", "a")


def test_a_zone_is_found_by_its_city() -> None:
    assert (
        nearest_zone("Chicgo") == "America/Chicago"
        and nearest_zone("CEST") == ""
        and "UTC" in known_zones()
    )


@settings(max_examples=200, deadline=None)
@given(
    day=st.dates(dt.date(1980, 1, 1), dt.date(2060, 12, 31)),
    grain=st.sampled_from(GRAINS),
    start=st.integers(1, 12),
    sunday=st.booleans(),
)
def test_a_day_lies_in_its_period_and_sql_says_the_same(
    clock: duckdb.DuckDBPyConnection, day: dt.date, grain: str, start: int, sunday: bool
) -> None:
    calendar = Calendar(start, sunday)
    first = calendar.start_of(day, grain)
    assert first <= day < calendar.next_start(first, grain)
    assert calendar.start_of(first, grain) == first
    assert (
        told(clock, calendar.start_sql("x", grain), dt.datetime.combine(day, dt.time(23, 59, 59)))
        == first
    )
