"""Fields are classed by their headers in other languages, though no value is known; exports are
called by what they hold.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.sources.onboard.add import add_sources
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.files import found_files
from workbook.privacy import guess

from test_proposed_types import alone

A = Callable[..., ColumnValues]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Vorname", "person_name"),
        ("Nachname", "person_name"),
        ("Prénom", "person_name"),
        ("Apellidos", "person_name"),
        ("Cognome", "person_name"),
        ("Voornaam", "person_name"),
        ("Imię", "person_name"),
        ("Förnamn", "person_name"),
        ("Straße", "postal_address"),
        ("Address2", "postal_address"),
        ("Bemerkung", "free_text"),
        ("Firma", "company_name"),
    ],
)
def test_a_header_says_what_unknown_values_are(a_column: A, header: str, kind: str) -> None:
    found = alone(a_column(header, "Xzqw", "Qwrtz", "Plmok"), "people")
    assert found.type == kind


def test_a_bare_name_beside_a_first_name_is_the_last_name(a_column: A) -> None:
    nom = a_column("Nom", "Xzqw", "Qwrtz")
    assert alone(nom, "clients", a_column("Prénom", "Zz", "Yy")).type == "person_name"
    assert alone(nom, "societes", a_column("Ville", "Lyon", "Nice")).type != "person_name"
    full = a_column("Name", "Zz Xzqw", "Yy Qwrtz")
    both = (a_column("First Name", "Zz", "Yy"), a_column("Last Name", "Xzqw", "Qwrtz"))
    assert alone(full, "members", *both).type == "full_name"


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("Geburtsdatum", "birth"),
        ("Téléphone", "phone"),
        ("PLZ", None),
        ("billing_address2", "address"),
        ("sha256", None),
    ],
)
def test_a_class_is_guessed_by_the_same_words(header: str, word: str | None) -> None:
    found = guess(header)
    assert (found.word if found else None) == word


def test_a_place_on_the_map_is_personal_though_few_differ(a_column: A) -> None:
    points = ["POINT(13.4 52.5)", "POINT(9.9 53.5)"] * 20
    assert alone(a_column("geo_point", *points)).cls == "personal"


def test_exports_are_called_by_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "shopify").mkdir()
    for name in ("customers_export", "shopify_orders", "orders_export_1", "export"):
        (tmp_path / "shopify" / f"{name}.csv").touch()
    names = [each.source for each in found_files([tmp_path], tmp_path)]
    assert names == ["shopify.customers", "shopify.export", "shopify.orders", "shopify.orders"]


def test_deliveries_of_an_export_are_one_source(a_project: Callable[..., Path]) -> None:
    root = a_project(
        shop__orders_export_1="id,total\nA-1,1.50\n", shop__orders_export_2="id,total\nA-2,2.50\n"
    )
    report = add_sources(root, [root / "data"])
    assert report.sources == ("shop.orders",)
    assert "file: shop/orders_export_*.csv" in report.text.replace('"', "")


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("USt-IdNr.", ("DE123456789", "DE987654321", "ATU12345678"), "tax_id"),
        ("N° TVA", ("FR12345678901", "FR98765432109", "BE0123456789"), "tax_id"),
        ("P. IVA", ("12345678901", "98765432109", "10987654321"), "tax_id"),
        ("BTW-nummer", ("NL123456789B01", "NL987654321B02", "NL555555555B03"), "tax_id"),
        ("VAT ID", ("GB 123 4567 89", "GB987654321", "IE1234567T"), "tax_id"),
        ("VAT", ("19.00", "38.00", "7.60"), "decimal"),
        ("VAT", ("19,00", "1.938,00", "7,60"), "decimal"),
        ("VAT", ("19", "38", "7"), "integer"),
        ("MwSt", ("19", "38", "7"), "integer"),
    ],
)
def test_a_number_of_a_tax_is_none_of_its_amounts(
    a_column: A, header: str, values: tuple[str, ...], kind: str
) -> None:
    assert alone(a_column(header, *values), "invoices").type == kind


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([f"cus_{n:03}x" for n in range(30)] * 2, "id"),
        ([f"cus_{n:03}x" for n in range(5)], "id"),
        ([f"tier_{n:03}" for n in range(5)] * 20, "category"),
        ([f"{'ab'[n % 2]}_{n:03}" for n in range(30)], "text"),
    ],
)
def test_values_of_one_prefix_are_ids_unless_they_are_few(
    a_column: A, values: list[str], kind: str
) -> None:
    assert alone(a_column("cust", *values), "rows").type == kind


def test_files_of_a_folder_that_are_not_read_are_said_once(a_project: Callable[..., Path]) -> None:
    rows = "id,a\n1,x\n2,y\n"
    files = {"crm__a": rows, "crm__b.txt": rows, "crm__c.csv.gz": rows, "crm__readme.txt": "x"}
    project = a_project(**files, **{"crm__.d.txt": rows})
    told = [line for line in add_sources(project, ["crm"]).sentences if ".txt" in line]
    other = [line for line in add_sources(project, ["crm/b.txt"]).sentences if ".txt" in line]
    assert (len(told), other) == (1, [])
    assert "b.txt" in told[0]
    assert not any(name in told[0] for name in ("readme.txt", ".d.txt"))
