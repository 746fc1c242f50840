"""Amounts in smaller units are read as such, or it is said that they could be."""

from __future__ import annotations

from collections.abc import Callable

from workbook.sources.onboard.id_columns import with_salesforce
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.column_decision import Typed

from test_proposed_types import alone

A = Callable[..., ColumnValues]


def test_a_total_of_cents_is_an_amount_and_a_total_of_orders_is_none(a_column: A) -> None:
    assert alone(a_column("total_cents", "4900", "150")).words == {"unit": "cents"}
    assert alone(a_column("total_orders", "4900", "150")).type == "integer"


def test_other_names_of_the_smallest_unit_are_guessed(a_column: A) -> None:
    for name in ("amount_minor", "total_pence", "unit_amount"):
        found = alone(a_column(name, "4900", "19900", "150"))
        assert (found.type, found.words.get("unit"), "unit" in found.guess) == (
            "money",
            "cents",
            True,
        ), name
    assert "unit" not in alone(a_column("unit_amount", "1", "2", "5")).words
    assert "unit" not in alone(a_column("unit_amount", "49.00", "199.50")).words


def test_whole_amounts_with_a_currency_are_told_as_perhaps_cents(a_column: A) -> None:
    amount, code = (
        a_column("amount", "4900", "19900", "150"),
        a_column("currency", "EUR", "USD", "JPY"),
    )
    found = alone(amount, "invoices", code)
    assert (found.type, "unit" in found.words) == ("money", False)
    assert found.told == "holds whole numbers only: where 4900 means 49.00, write `unit: cents`"
    marked = alone(amount, "invoices", code, a_column("tax", "9.31", "37.81", "0.29"))
    assert marked.told == ""


def test_stripe_writes_cents_and_a_currency_in_small_letters(a_column: A) -> None:
    found = alone(
        a_column("amount", "4900", "19900", "150"),
        "charges",
        a_column("currency", "eur", "usd", "jpy"),
    )
    assert (found.words["unit"], found.words["currency"], "unit" in found.guess) == (
        "cents",
        "currency",
        True,
    )


def test_millionths_are_no_money_and_said(a_column: A) -> None:
    found = alone(a_column("revenue_micros", "9990000", "4500000"))
    assert (found.type, found.told.partition(",")[0]) == (
        "integer",
        "counts millionths of an amount",
    )


def test_an_empty_amount_is_typed_by_its_name(a_column: A) -> None:
    assert alone(a_column("Lineitem compare at price", None, None)).type == "money"
    assert alone(a_column("Tax 2 Name", None, None)).type == "text"


def test_empty_ids_beside_those_of_salesforce_are_theirs(a_column: A) -> None:
    empty, own = a_column("ParentId", None, None), a_column("Legacy_Id__c", None, None)
    named = a_column("OwnerId", "005Hs00000A1b2CIAR", "005Hs00000A1b3CIAR")
    types = {
        "ParentId": Typed("id"),
        "Legacy_Id__c": Typed("id"),
        "OwnerId": Typed("salesforce_id"),
    }
    found = with_salesforce(types, [empty, own, named])
    assert {name: kind.type for name, kind in found.items()} == {
        "ParentId": "salesforce_id",
        "Legacy_Id__c": "id",
        "OwnerId": "salesforce_id",
    }
    assert with_salesforce({"ParentId": Typed("id")}, [empty])["ParentId"] == Typed("id")
