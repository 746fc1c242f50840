"""Delimited text as spreadsheets save it lands right, or is refused with a remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from onboard.test_workbook_sources import landed

from workbook.errors import DataError
from workbook.model import load_model
from workbook.sources.onboard.add import add_sources

Project = Callable[..., Path]
HEAD = "Nr.;Name;Umsatz;Datum"
ROWS = [f"{n:05d};Firma {n} GmbH;{n}.234,5{n % 10};{n:02d}.06.2025" for n in range(1, 21)]
FIRST = ("00001", "Firma 1 GmbH", Decimal("1234.510000"), dt.date(2025, 6, 1))


def lines(*more: str, end: str = "\r\n", body: list[str] | None = None) -> str:
    """The lines of a file, with these behind its records."""
    return end.join([HEAD, *(body or ROWS), *more]) + end


EXPORTS = {
    "plain": lines().encode("utf-8-sig"),
    "in Windows' code page": lines().replace("Firma", "Füma").encode("windows-1252"),
    "in two bytes a character": lines().encode("utf-16"),
    "as Unicode text": lines().replace(";", "\t").encode("utf-16"),
    "with a delimiter at the end": lines().replace("\r\n", ";\r\n").encode(),
    "with breaks in cells": (
        lines(
            body=[row.replace(" GmbH", '\n"').replace("Firma", '"Firma') for row in ROWS]
        ).encode()
    ),
    "with apostrophes": lines(body=["'" + row for row in ROWS]).encode(),
    "with texts as formulas": lines(body=[f'"=""{row[:5]}"""{row[5:]}' for row in ROWS]).encode(),
    "with bare formulas": lines(body=[f'="{row[:5]}"{row[5:]}' for row in ROWS]).encode(),
    "with typographic quotes": lines(body=[f"=“{row[:5]}”{row[5:]}" for row in ROWS]).encode(),
    "with the delimiter named": ("sep=;\r\n" + lines()).encode(),
    "with titles as wide as the table": (
        ("Umsatz;;;\r\nStand 01.07.2025;;;\r\n;;;\r\n" + lines()).encode()
    ),
    "with an empty line above the title": ("\r\nUmsatz;;;\r\n" + lines()).encode(),
    "with all of it": ("sep=;\r\nUmsatz;;;\r\n\r\n" + lines(";;;", "Summe;;214.690,90;")).encode(),
    "with a sum alone": lines(";;214.690,90;").encode(),
    "with lines of delimiters": lines(";;;", ";;;").encode(),
}


@pytest.mark.parametrize("kind", list(EXPORTS))
def test_an_export_lands_as_it_was_meant(kind: str, a_project: Project, tmp_path: Path) -> None:
    root = a_project()
    (root / "data" / "umsatz.csv").write_bytes(EXPORTS[kind])
    add_sources(root, [root / "data"])
    model = load_model(root)
    rows, bad = landed(model, "files.umsatz", tmp_path / "store")
    assert (rows.height, bad.height) == (20, 0)
    number, name, amount, day = (rows[each][0] for each in ("nr", "name", "umsatz", "datum"))
    assert (number, amount, day) == (FIRST[0], FIRST[2], FIRST[3])
    assert name.split()[:2] == (["Füma", "1"] if "Windows" in kind else ["Firma", "1"])
    # 1.234,51 … 20.234,50: 1000 × (1 + … + 20), 20 × 234.50, and 0.01 × 2 × (0 + … + 9)
    assert rows["umsatz"].sum() == Decimal("214690.90")


def test_titles_and_sums_are_told_as_guesses(a_project: Project) -> None:
    root = a_project()
    (root / "data" / "umsatz.csv").write_bytes(EXPORTS["with all of it"])
    report = add_sources(root, [root / "data"])
    source = load_model(root).sources.sources["files.umsatz"]
    assert (source.skip_before, source.skip_after) == (3, 2)
    assert {"skip_before", "skip_after"} <= set(source.guess)
    said = "\n".join(report.sentences)
    assert (
        "The header is in line 4; what stands above it is not read (`skip_before: 3`, a guess)."
        in said
    )
    assert (
        "The last 2 lines hold totals and no record, and are not read (`skip_after: 2`, a guess)."
        in said
    )


def test_records_that_are_longer_than_their_header_are_refused_with_a_remedy(
    a_project: Project,
) -> None:
    root = a_project()
    (root / "data" / "umsatz.csv").write_text(
        HEAD + "\n" + "".join(f"{row};\n" for row in ROWS), "utf-8"
    )
    with pytest.raises(
        DataError,
        check=lambda error: error.code == "sources.longer_than_header",
    ):
        add_sources(root, [root / "data" / "umsatz.csv"])


def test_signs_of_failed_formulas_are_empty_and_counted(a_project: Project, tmp_path: Path) -> None:
    body = [
        *ROWS[:17],
        "#REF!;Firma 18;#DIV/0!;18.06.2025",
        "00019;#NV;#WERT!;19.06.2025",
        "00020;Firma 20;20.234,50;########",
    ]
    root = a_project()
    (root / "data" / "umsatz.csv").write_text(lines(body=body), "utf-8")
    report = add_sources(root, [root / "data"])
    told = (
        "Formulas that failed or were not calculated are left empty and counted: "
        "nr (1), name (1), umsatz (2), datum (1)."
    )
    assert any(told in each for each in report.sentences)
    rows, bad = landed(load_model(root), "files.umsatz", tmp_path / "store")
    assert bad.height == 5
    assert rows.select("nr", "name", "umsatz", "datum").tail(3).rows() == [
        (None, "Firma 18", None, dt.date(2025, 6, 18)),
        ("00019", None, None, dt.date(2025, 6, 19)),
        ("00020", "Firma 20", Decimal("20234.500000"), None),
    ]


def test_empty_and_total_rows_inside_a_table_are_told(a_project: Project) -> None:
    body = [*ROWS[:10], "Zwischensumme;;1,00;", ";;;", *ROWS[10:]]
    root = a_project()
    (root / "data" / "umsatz.csv").write_text(lines(body=body), "utf-8")
    said = "\n".join(add_sources(root, [root / "data"]).sentences)
    assert "1 records hold nothing" in said
    assert "1 records look like totals of others" in said


def test_ids_that_a_spreadsheet_spoiled_are_no_ids(a_project: Project, tmp_path: Path) -> None:
    root = a_project()
    (root / "data" / "umsatz.csv").write_text(
        lines(body=["1,23457E+16" + row[5:] for row in ROWS]), "utf-8"
    )
    report = add_sources(root, [root / "data"])
    assert any(
        "nr: 20 of 20 cells are long numbers that a spreadsheet cut" in each
        for each in report.sentences
    )
    rows, bad = landed(load_model(root), "files.umsatz", tmp_path / "store")
    assert (rows["nr"].null_count(), bad.height) == (20, 20)


def test_an_apostrophe_of_a_text_stays(a_project: Project, tmp_path: Path) -> None:
    root = a_project(crm__people="id,band\n1,'90s music\n2,'n sync\n3,='x\n")
    add_sources(root, ["."])
    rows, _ = landed(load_model(root), "crm.people", tmp_path / "store")
    assert rows["band"].to_list() == ["'90s music", "'n sync", "='x"]


def test_deliveries_with_titles_of_two_heights_stay_apart(a_project: Project) -> None:
    body = "id,name,total\n" + "".join(f"r{n},Firm {n},{n}.50\n" for n in range(9))
    root = a_project(
        **{"erp/sales-2025-05.csv": "Sales\n\n" + body, "erp/sales-2025-06.csv": "Sales\n\n" + body}
    )
    assert add_sources(root, ["."]).sources == ("erp.sales",)
    root = a_project(**{"hr/pay-2025-05.csv": "Pay\n\n" + body, "hr/pay-2025-06.csv": body})
    assert add_sources(root, ["hr"]).sources == ("hr.pay_2025_05", "hr.pay_2025_06")
