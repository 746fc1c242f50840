"""Numbers and days by the locale of the project: the house's own hand for `en`, else CLDR's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from workbook.errors import ShowError
from workbook.words import number, use_locale, words_of

DAY = dt.date(2026, 9, 4)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_locale("en")


@pytest.mark.parametrize(
    ("locale", "money", "whole", "share", "day"),
    [
        ("en", "−€345,005.56", "1,234,567", "7.4\u202f%", "4 Sep 2026"),
        ("de", "−345.005,56\xa0€", "1.234.567", "7,4\xa0%", "04.09.2026"),
        ("en-US", "−€345,005.56", "1,234,567", "7.4%", "Sep 4, 2026"),
        ("en_IN", "−€3,45,005.56", "12,34,567", "7.4%", "4 Sept 2026"),
    ],
)
def test_a_locale_writes_numbers_and_days(
    locale: str, money: str, whole: str, share: str, day: str
) -> None:
    use_locale(locale)
    assert number.money(Decimal("-345005.56"), "EUR") == money
    assert number.integer(1234567) == whole
    assert number.percent(0.0744) == share
    assert number.date(DAY) == day


@pytest.mark.parametrize(
    ("value", "expected"), [(9, "9"), (2414300, "2.41M"), (24143000, "24.1M"), (241430000, "241M")]
)
def test_large_numbers_keep_three_figures(value: int, expected: str) -> None:
    use_locale("en_US")
    assert number.compact(value) == expected


def test_a_language_without_texts_reads_english() -> None:
    use_locale("de_CH")
    assert words_of("shared").text("severity.look") == "Warning"


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(ShowError, match="'Germany' is no locale"):
        use_locale("Germany")
