"""A figure of the dossier on a telephone: nothing is wider than its place, and a card is no
taller than it needs to be.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from workbook.show import Column, Figure, table, theme

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install '.[test]'"
)
BROWSER = next(
    filter(
        None,
        map(
            shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        ),
    ),
    "",
)
pytestmark = pytest.mark.skipif(not BROWSER, reason="this machine has no Chromium to drive")
CSS = (Path(__file__).parents[2] / "templates" / "dossier" / "dossier.css").read_text()
WORDS = {
    "word": ["active customers"],
    "means": [
        "Customers whose subscription runs and of whom somebody used the product in the last thirty"
        " days."
    ],
    "is": ["metric hours_to_first_response_of_an_organization"],
    "not": ["users who signed up, accounts of a trial"],
}
NUMBER = {
    "metric": ["Active"],
    "means": ["Paid and in use."],
    "value": [122],
    "made": ["asked at a date"],
    "over": ["122 accounts"],
    "proven": ["pass"],
    "owner": ["finance"],
}


def drawn(page, *columns: Column, **values: list) -> dict[str, float]:
    """How wide and how tall the table is on the page, how wide its place, and how bold its
    words are.
    """
    figure = Figure("9.2", "Which words?", body=table(pl.DataFrame(values), list(columns)))
    page.set_content(
        f'<html lang="en"><style>{theme.css()}{CSS}</style><body class="book"><main'
        f' class="book-main">{figure.html()}</main></body></html>'
    )
    return page.evaluate(
        """() => {const at = document.querySelector('table'),
            strong = document.querySelector('.wb-t-strong')
        return {wide: at.scrollWidth, place: at.parentElement.clientWidth, tall: at.scrollHeight,
            bold: strong ? +getComputedStyle(strong).fontWeight : 0}}"""
    )


@pytest.fixture(scope="module")
def page():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 390, "height": 900})
        browser.close()


def test_four_columns_of_words_are_no_wider_than_their_place(page) -> None:
    found = drawn(page, *(Column(name) for name in WORDS), **WORDS)
    assert found["wide"] <= found["place"] < 390


def test_short_cells_of_a_card_share_a_line(page) -> None:
    columns = [
        Column("metric", detail="means"),
        Column("value", kind="int"),
        Column("made", "How it is made", detail="over"),
        Column("proven", "Adds up", "check"),
        Column("owner", "Owner"),
    ]
    found = drawn(page, *columns, **NUMBER)
    assert found["tall"] < 120, "name, meaning, and two lines of four cells"


def test_what_is_set_off_in_a_wide_table_is_not_the_boldest_line_of_a_card(page) -> None:
    columns = [
        Column("word", kind="mono"),
        Column("means", tone="tone"),
        Column("is"),
        Column("not"),
        Column("owner"),
    ]
    assert drawn(page, *columns, **WORDS, owner=["data"], tone=["strong"])["bold"] == 400
