"""Numbers are read by the values of their own column; one cell sets no mark for anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.number_style import read_numbers

A = Callable[..., ColumnValues]
WHOLE = tuple(str(n) for n in range(1, 301))


@pytest.mark.parametrize(
    ("values", "mark", "thousands", "decimals"),
    [
        (("1", "22"), "", "", 0),
        (("2024", "17"), "", "none", 0),
        (("1.5", "2.25", "3.5"), "point", "", 2),
        (("1348,59", "0,25", "17,40"), "comma", "none", 2),
        (("0,00",) * 9, "comma", "", 0),
        (("4,975.00", "25,816.00", "1,200.00", "12.50"), "point", "comma", 1),
        (("1.234,56", *("99,00",) * 9), "comma", "point", 2),
        (("1 234,50", "20,00", "5,10"), "comma", "space", 1),
        (("1'234.50", "2'000.25", "3'100.00"), "point", "apostrophe", 2),
        (("12", "12,5", "13,25", "14,75", *WHOLE), "comma", "", 2),
        (("1,234,567", "2,345,678", "900"), "", "comma", 0),
        (("12,34,567.50", "1,00,000.00", "9,500.25"), "point", "comma", 2),
        (("1.234,50", "12,-", "1.000,25"), "comma", "point", 2),
    ],
)
def test_marks(
    a_column: A, values: tuple[str, ...], mark: str, thousands: str, decimals: int
) -> None:
    found = read_numbers(a_column("n", *values))
    assert found is not None
    assert (found.mark, found.thousands, found.decimals, found.misfits) == (
        mark,
        thousands,
        decimals,
        0,
    )


def test_one_comma_among_whole_numbers_is_one_cell_that_does_not_fit(a_column: A) -> None:
    found = read_numbers(a_column("house", "108,110", *WHOLE))
    assert found is not None
    assert (found.whole, found.mark, found.thousands, found.misfits, found.sure) == (
        True,
        "",
        "",
        1,
        True,
    )


@pytest.mark.parametrize(
    ("usual", "way"),
    [
        ({}, ("point", "comma")),
        ({"mark": "comma"}, ("comma", "none")),
        ({"mark": "point"}, ("point", "comma")),
    ],
)
def test_three_digits_behind_a_comma_are_told_by_the_rest_of_the_file(
    a_column: A, usual: dict[str, str], way: tuple[str, str]
) -> None:
    found = read_numbers(a_column("n", "1,234", "12,500", "1,111", "900"), usual)
    assert found is not None
    assert (found.way, found.sure, found.either) == (way, False, True)


def test_three_digits_behind_a_point_are_thousands_where_the_file_writes_decimals_with_a_comma(
    a_column: A,
) -> None:
    column = a_column("n", "1.234", "12.500", "900")
    assert read_numbers(column).way == ("point", "none")  # type: ignore[union-attr]
    assert read_numbers(column, {"mark": "comma"}).way == ("comma", "point")
    assert not read_numbers(column).sure  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("values", "currency", "percent"),
    [
        (("€5.00", "€ 7.50"), "EUR", False),
        (("USD 5.00", "USD 7.50"), "USD", False),
        (("5%", "12.5%"), "", True),
        (("$1.50", "€2.50"), "", False),
        (("R$ 5,00", "R$ 7,50"), "BRL", False),
        (("Rs. 500", "Rs. 750"), "INR", False),
        (("12 kr", "7,50 kr"), "", False),
        (("(12.50)", "-3"), "", False),
    ],
)
def test_signs_and_parentheses(
    a_column: A, values: tuple[str, ...], currency: str, percent: bool
) -> None:
    found = read_numbers(a_column("n", *values))
    assert found is not None
    assert (found.currency, found.percent, found.misfits) == (currency, percent, 0)


@pytest.mark.parametrize(
    "values",
    [
        ("a", "b"),
        ("2024-01-31", "2024-02-01"),
        ("12 Main St", "4 Oak Ave"),
        ("10.0.0.1", "10.0.0.2"),
        ("A1", "B2"),
        ("Weg 12", "Weg 14"),
        ("BAY 12", "BAY 14"),
        ("R12", "R14"),
    ],
)
def test_what_is_no_number(a_column: A, values: tuple[str, ...]) -> None:
    column = a_column("n", *values)
    found = read_numbers(column)
    assert found is None or not column.enough(*found.shares)


def test_a_column_that_is_nearly_numbers_says_how_many_are_not(a_column: A) -> None:
    column = a_column("n", *WHOLE, *("soon",) * 40)
    found = read_numbers(column)
    assert found is not None
    assert (found.misfits, column.enough(*found.shares)) == (40, False)


_STYLES = {
    ("point", "comma"): "{:,.2f}".format,
    ("comma", "point"): lambda n: f"{n:,.2f}".translate(str.maketrans(",.", ".,")),
    ("comma", "space"): lambda n: f"{n:,.2f}".translate(str.maketrans(",.", " ,")),
    ("point", "none"): "{:.2f}".format,
    ("comma", "none"): lambda n: f"{n:.2f}".replace(".", ","),
}


@given(
    st.lists(st.integers(100_000, 999_999_999), min_size=3, max_size=40, unique=True),
    st.sampled_from(sorted(_STYLES)),
)
def test_however_amounts_are_written_the_way_is_found(
    cents: list[int], way: tuple[str, str]
) -> None:
    import polars as pl

    column = ColumnValues.of("n", "n", pl.Series([_STYLES[way](n / 100) for n in cents]))
    found = read_numbers(column)
    assert found is not None
    assert (found.way, found.misfits) == (way, 0)
