"""Where a table begins and ends among the rows of a sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbook.sources.onboard.table_bounds import footer_of, header_at, number_of, usual_fill

HEAD = ["No", "Name", "City", "Amount"]
BODY = [[f"{n:03d}", f"Firm {n}", "Ulm", f"{n}.50"] for n in range(1, 7)]  # amounts add up to 24.00
TITLE = ["Invoices of June", None, None, None]
BY = ["Exported by", "K. Maier", "2025-07-01", None]
TEXTS = [["Ann", "Ulm"], ["Bob", "Bonn"], ["Cem", "Rom"]]


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([HEAD, *BODY], 0),
        ([TITLE, BY, [], HEAD, *BODY], 3),
        ([[], [], HEAD, *BODY], 2),
        ([["", "Customer", "", ""], HEAD, *BODY], 1),  # a row of groups above the header
        ([["a", "b", "b", "a2"], *BODY], 0),  # two columns may share a header
        ([["Name", "City"], *TEXTS], 0),
        (
            [["Name", "City"], [], *TEXTS],
            0,
        ),  # an empty row under the header, and nothing tells more
        ([["Report", "June"], [], ["Name", "Mail"], *([name, "x@y.example"] for name in "abc")], 2),
        (
            [
                ["made", "2025-07-01"],
                [],
                ["Name", "Mail"],
                *([name, "x@y.example"] for name in "abc"),
            ],
            2,
        ),
        (
            [["Name", "City", None, None], ["Ann", "Ulm", "red", "a"], ["Bob", "Rom", "red", "b"]],
            None,
        ),  # a record is no header
        (BODY, None),
        ([["ann@x.example", "7"], ["Bob", "Ulm"], ["Cem", "Rom"]], None),
        ([["Account", "2023", "2024"], ["Lee", "1", "2"], ["May", "3", "4"]], None),
        ([["only"], ["x"], ["y"]], 0),
        ([["Please read this"]], None),
        ([], None),
    ],
)
def test_the_header_is_the_first_row_of_labels_that_covers_the_table(
    rows: list, at: int | None
) -> None:
    assert header_at(rows) == at


@pytest.mark.parametrize(
    ("below", "skipped", "totals"),
    [
        ([], 0, False),
        ([["Total", None, None, "24.00"]], 1, True),
        ([["Total", None, None, "99.00"]], 1, True),  # its word and its gaps are enough
        ([[], ["Summe:", None, None, "24,00 €"]], 1, True),
        ([[None, None, None, "24.00"]], 1, True),  # no word, but the sum of its column
        ([[None, None, None, "23.00"]], 0, False),  # a record that knows an amount only
        ([["Total (6 invoices)", "x", "y", "24"]], 1, True),
        ([["Total Energies", "x", "y", "7.50"]], 0, False),
        ([["007", "Total", "Ulm", "7.50"]], 0, False),  # a firm of that name
        ([[], ["Confidential", None, None, None]], 1, False),
        ([["Confidential", None, None, None]], 0, False),  # nothing sets it apart from a record
        ([["Total", None, None, "24"], [], ["as of 1 July", None, None, None]], 3, True),
        ([["007", None, None, None]], 0, False),
        (
            [["", "", "", ""], ["Gesamtsumme", "", "", "24"]],
            2,
            True,
        ),  # a line of delimiters above it
        ([["", "", "", ""], ["", "", "", ""]], 2, False),
        ([["Durchschnitt", None, None, "4"], ["Anzahl", None, None, "6"]], 2, True),
    ],
)
def test_totals_and_notes_below_the_last_record(below: list, skipped: int, totals: bool) -> None:
    found = footer_of([*BODY, *below], lambda place: [])
    assert (found.rows, found.totals) == (skipped, totals)


def test_a_sum_is_that_of_the_whole_column() -> None:
    above = {3: ["100.00", None, "n/a", "6.00"]}
    assert (
        footer_of([*BODY, [None, None, None, "130.00"]], lambda place: above.get(place, [])).rows
        == 1
    )
    assert (
        footer_of([*BODY, [None, None, None, "24.00"]], lambda place: above.get(place, [])).rows
        == 0
    )


def test_a_table_of_two_columns_ends_with_a_total_that_adds_up() -> None:
    months = [["May", "10"], ["June", "20"], ["July", "5"]]
    assert footer_of([*months, ["Total", "35"]], lambda place: []).rows == 1
    assert footer_of([*months, ["Total", "36"]], lambda place: []).rows == 0


def test_one_record_cut_off_at_the_end_is_no_footer() -> None:
    assert footer_of([*BODY, ["007", "Fi"]], lambda place: [], {6}).rows == 0
    assert footer_of([*BODY, ["made by"], ["the office"]], lambda place: [], {6, 7}).rows == 2


def test_numbers_in_either_spelling() -> None:
    assert [
        number_of(text) for text in ("1.234,50 €", "$1,234.50", "EUR 7", "1.234", "x7", "", None)
    ] == [
        Decimal("1234.50"),
        Decimal("1234.50"),
        Decimal(7),
        Decimal("1.234"),
        None,
        None,
        None,
    ]
    assert usual_fill([["a", None], ["a", "b"], [], ["a", "b"]]) == 2
