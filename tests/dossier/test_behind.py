"""The tables behind a page: their SQL is shown, the values of people in it are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import Book, run

from workbook.dossier.page_provenance import tables_behind
from workbook.model.csv_ledger import cells_of
from workbook.privacy import readable_sql

SQL = [
    ("mail = 'ann@example.org'", "mail = '…'"),
    ("phone = '+49 (30) 123-4567'", "phone = '…'"),
    ("name = 'Ann O''Hara'", "name = '…'"),
    ("plan = 'team'", "plan = 'team'"),
    (
        "day < '2025-06-30' and at < '2025-06-30 12:00:00'",
        "day < '2025-06-30' and at < '2025-06-30 12:00:00'",
    ),
    ("like '%@%'", "like '%@%'"),
    ("x = ''", "x = ''"),
]


@pytest.mark.parametrize(("sql", "expected"), SQL)
def test_literals_of_people_are_hidden(sql: str, expected: str) -> None:
    assert expected == readable_sql(sql, {"Ann O'Hara"})


def test_every_cell_of_the_ledgers_is_hidden(tmp_path: Path) -> None:
    (tmp_path / "exceptions.csv").write_text('id,use_value\ne1,"Ann, the boss"\ne2,\n')
    assert {"e1", "e2", "Ann, the boss"} == cells_of(tmp_path)
    assert frozenset() == cells_of(tmp_path / "absent")


def test_a_page_has_the_tables_of_its_step(project: Path) -> None:
    book = Book(project)
    built = book.build()
    assert ["customer"] == [
        table.name for table in tables_behind("02_grain", book.plan, built, frozenset())
    ]
    assert () == tables_behind("05_survivorship", book.plan, built, frozenset())


@pytest.mark.usefixtures("pages_here")
def test_the_dossier_shows_the_sql_without_the_address_in_it(project: Path) -> None:
    html = (run(project).path / "dossier.html").read_text()
    assert "select &#39;…&#39; as id" in html
    assert "one row is one customer" in html
    assert "erik@example.org" not in html
