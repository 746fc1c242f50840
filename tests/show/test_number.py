"""Numbers and dates as a page writes them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.words import number
from workbook.show import ShowError
from workbook.show.axis import day_labels, ticks

THIN = "\u202f"


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("Infinity"), True, "1", None]
)
@pytest.mark.parametrize(
    "write",
    [number.integer, number.number, number.money, number.percent, number.compact, number.signed],
)
def test_what_is_no_finite_number_is_refused(write: Any, value: Any) -> None:
    with pytest.raises(ShowError):
        write(value)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number.integer(1713), "1,713"),
        (number.integer(-5), "−5"),
        (number.integer(0), "0"),
        (number.integer(Decimal("3.00")), "3"),
        (number.number(-0.0), "0"),
        (number.number(-0.04), "0.0"),
        (number.number(0.05), "0.1"),
        (number.number(2.675, 2), "2.68"),
        (number.number(30, unit="d"), f"30{THIN}d"),
        (number.money(7773434.77, "USD"), "$7,773,434.77"),
        (number.money(-22180, "EUR"), "−€22,180"),
        (number.money(1, "CHF"), f"1{THIN}CHF"),
        (number.money(Decimal("0.10"), "EUR"), "€0.10"),
        (number.percent(0.0744), f"7.4{THIN}%"),
        (number.percent(0), f"0{THIN}%"),
        (number.percent(1), f"100{THIN}%"),
        (number.percent(0.9999), f">99.9{THIN}%"),
        (number.percent(0.00001), f"<0.1{THIN}%"),
        (number.percent(0.9995), f">99.9{THIN}%"),
        (number.percent(0.0005), f"0.1{THIN}%"),
        (number.percent(-0.12), f"−12.0{THIN}%"),
        (number.signed(43.4), "+43.4"),
        (number.signed(-43.4), "−43.4"),
        (number.signed(0), "0"),
        (number.signed(0.01), "0.0"),
        (number.plural(1, "account"), "1 account"),
        (number.plural(1713, "account"), "1,713 accounts"),
        (number.plural(2, "entity"), "2 entities"),
        (number.plural(2, "key"), "2 keys"),
        (number.plural(2, "branch"), "2 branches"),
        (number.plural(2, "person"), "2 people"),
        (number.plural(1, "person"), "1 person"),
        (number.plural(2, "named person"), "2 named people"),
        (number.plural(2, "salesperson"), "2 salespeople"),
        (number.plural(2, "thing exists", "things exist"), "2 things exist"),
        (number.compact(2414300, "EUR"), "€2.41m"),
        (number.compact(999), "999"),
        (number.compact(-43400), "−43.4k"),
        (number.compact(999_999), "1.00m"),
        (number.date(dt.date(2026, 9, 4)), "4 Sep 2026"),
        (number.date("2026-09-04", long=True), "4 September 2026"),
        (number.date(dt.datetime(2026, 9, 4, 7, 5)), "4 Sep 2026 07:05"),
        (number.date(dt.datetime(2026, 9, 4)), "4 Sep 2026"),
        (number.date(dt.date(9999, 12, 31)), "open"),
    ],
)
def test_it_is_written(written: str, expected: str) -> None:
    assert expected == written


def test_decimals_in_a_whole_number_are_not_rounded_away() -> None:
    with pytest.raises(ShowError, match="whole ones"):
        number.integer(3.5)


def test_text_that_is_no_date_is_refused_without_being_repeated() -> None:
    with pytest.raises(ShowError) as error:
        number.date("jane@example.org")
    assert "jane" not in str(error.value)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18),
    st.integers(0, 6),
)
def test_no_negative_zero_and_no_ascii_minus(value: Decimal, decimals: int) -> None:
    text = number.number(value, decimals)
    assert "-" not in text
    assert not text.startswith("−") or any(digit in "123456789" for digit in text)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_ticks_hold_what_they_measure(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = ticks(low, high)
    assert float(found[0]) <= low or low == high
    assert float(found[-1]) >= high or low == high
    assert 2 <= len(found) <= 9
    assert sorted(set(found)) == found


def test_months_bear_their_year_where_it_begins() -> None:
    days = [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    assert [("Dec", "2025"), ("Jan", "2026"), ("Feb", "")] == day_labels(days)
    assert [("2025", ""), ("2026", "")] == day_labels([dt.date(2025, 1, 1), dt.date(2026, 1, 1)])
    assert [("4 Sep", "2026")] == day_labels([dt.date(2026, 9, 4)])
