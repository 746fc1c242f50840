"""A reason that names a person is shown without the name, on pages and on a terminal; every
other word of it stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from two_systems import FILES, PARTS, write_project

from workbook import Workbook
from workbook.scenarios.masked_reasons import readable_reason

EXCEPTIONS = (
    "id,at,by,field,record,use_source,use_value,until,because\n"
    "e1,2025-06-03T10:00:00Z,sales,client.name,crm.clients:2,,Bo"
    " Coy,2025-12-31,{}\ne2,2025-06-03T10:00:00Z,sales,client.plan,crm.clients:2,,"
    "gold,2025-12-31,{}\n"
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Two systems whose clients are SECRETANN, SECRETBOB and others."""
    folder = write_project(tmp_path / "shop", FILES, **PARTS)
    (folder / "decisions" / "exceptions.csv").write_text(
        EXCEPTIONS.format(*["Secretbob (bob@x.example) asked on 2025-06-03"] * 2)
    )
    opened = Workbook.open(folder, as_of="2025-06-30")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("reason", "readable"),
    [
        ("renamed; billing follows in December", "renamed; billing follows in December"),
        ("as Secretbob says, until 2025-12-31", "as … says, until 2025-12-31"),
        ("(SECRETANN)", "(…)"),
        ("secretann, spelt like a word", "secretann, spelt like a word"),
        ("call +49 1577 7773142 or 030/1234567-8", "call … or …"),
        ("345,005.56 EUR in 1,200 invoices of 2024", "345,005.56 EUR in 1,200 invoices of 2024"),
        ("", ""),
    ],
)
def test_values_of_people_are_left_out_and_nothing_else(
    book: Workbook, reason: str, readable: str
) -> None:
    assert readable_reason(book.context, reason) == readable


def test_a_mailbox_is_a_token(book: Workbook) -> None:
    said = readable_reason(book.context, "wrote as nobody@else.example twice")
    assert said.startswith("wrote as email·")
    assert said.endswith(" twice")


def test_pages_and_explanations_say_the_reason_without_the_person(book: Workbook) -> None:
    said = book.survivorship.explain("crm.clients:2") + str(
        book.survivorship.exceptions()._repr_mimebundle_()
    )
    assert said.count("asked on 2025-06-03") >= 2
    rows = book.survivorship.exceptions().as_dict()["rows"]
    assert [row[-1] for row in rows][0] == "…"  # why a person's name is another is about them
    assert "asked on 2025-06-03" in rows[1][-1]
    assert "secretbob" not in said.lower()
    assert "bob@" not in said
