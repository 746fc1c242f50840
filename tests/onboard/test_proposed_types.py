"""What a column holds: what its values prove, and what its name suggests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import field_name
from workbook.sources.onboard.proposed_keys import Keys, keys_of
from workbook.sources.onboard.number_style import read_numbers
from workbook.sources.onboard.time_style import read_times
from workbook.sources.onboard.column_decision import Beside, Typed
from workbook.sources.onboard.column_types import typed

A = Callable[..., ColumnValues]


def beside(table: str, *columns: ColumnValues) -> Beside:
    """What columns of a table stand among, their times and numbers read."""
    times = {column.name: read_times(column) for column in columns}
    return Beside(table, columns, times, {column.name: read_numbers(column) for column in columns})


def alone(column: ColumnValues, table: str = "rows", *others: ColumnValues) -> Typed:
    """The type of a column, beside these others."""
    return typed(column, beside(table, column, *others))


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("email", ("a@x.example", "b@y.example"), Typed("email")),
        ("login", ("a@x.example", "b@y.example"), Typed("email")),
        ("customer_id", ("1", "2"), Typed("id")),
        ("seats", ("1", "2"), Typed("integer")),
        ("rate", ("1.5", "2"), Typed("decimal")),
        ("amount", ("1.50", "-2"), Typed("money", guess=("type",))),
        ("amount_cents", ("150", "2"), Typed("money", words={"unit": "cents"}, guess=("type",))),
        ("refund_usd", ("1.5", "2"), Typed("money", words={"currency": "USD"}, guess=("type",))),
        (
            "amount",
            ("1.505", "2"),
            Typed("money", words={"decimals": 3}, guess=("type", "decimal_mark")),
        ),
        ("total_count", ("1", "2"), Typed("integer")),
        ("zip", ("01234", "90210"), Typed("postal_code", guess=("type", "class"))),
        ("code", ("00684", "01551"), Typed("text")),
        ("is_active", ("true", "FALSE"), Typed("boolean")),
        ("churned", ("yes", "no"), Typed("boolean")),
        ("country", ("NO", "NO"), Typed("country", guess=("type",))),
        ("has_left", ("0", "1"), Typed("boolean", guess=("type",))),
        ("score", ("0", "1"), Typed("integer")),
        ("born", ("2024-01-31",), Typed("date", cls="personal", guess=("class",))),
        ("updated_at", ("2024-01-31 10:00:00",), Typed("timestamp")),
        ("phone", ("650-650-6176",), Typed("phone", guess=("type", "class"))),
        ("line", ("+33 3 53 015733", "+49 30 1234567"), Typed("phone", guess=("type", "class"))),
        ("first_name", ("Ann",), Typed("person_name", guess=("type", "class"))),
        ("display_name", ("Ann Lee",), Typed("full_name", guess=("type", "class"))),
        ("company", ("Lee Ltd",), Typed("company_name", guess=("type",))),
        ("product_name", ("Reports",), Typed("text")),
        ("billing_address", ("7 Oak Ave",), Typed("postal_address", guess=("type", "class"))),
        ("notes", ("called twice",), Typed("free_text", guess=("type", "class"))),
        ("website", ("https://www.x.example/", "y.example"), Typed("domain", guess=("type",))),
        ("device_id", ("d1",), Typed("device_id", guess=("type", "class"))),
        ("payload", ('{"a": 1}', '{"a": 2}'), Typed("json", guess=("class",))),
        ("ip", ("10.0.0.1",), Typed("ip")),
        ("gender", ("f", "m"), Typed("text", cls="sensitive", guess=("class",))),
        ("health_score", ("1", "2"), Typed("integer", cls="sensitive", guess=("class",))),
        ("date_of_birth", ("1980-01-31",), Typed("date", cls="personal", guess=("class",))),
        ("plan", ("team", "free"), Typed("text")),
    ],
)
def test_types(a_column: A, name: str, values: tuple[str, ...], expected: Typed) -> None:
    assert alone(a_column(name, *values)) == expected


@pytest.mark.parametrize(
    ("table", "others", "values", "expected"),
    [
        ("users", (), ("Ann Lee", "Bo Coy"), "full_name"),
        ("workspaces", (), ("Acme", "Initech"), "company_name"),
        # a customer with an e-mail may be a person: the stricter guess
        ("customers", ("email",), ("Ann Lee", "Bo Coy"), "full_name"),
        ("customers", ("email",), ("Acme Inc", "Initech GmbH"), "company_name"),
        ("plans", (), ("Team", "Free"), "text"),
    ],
)
def test_a_bare_name_is_whatever_its_table_is_about(
    a_column: A, table: str, others: tuple[str, ...], values: tuple[str, ...], expected: str
) -> None:
    others = [a_column(name, "x") for name in others]
    assert alone(a_column("name", *values), table, *others).type == expected


def test_an_amount_takes_the_currency_beside_it(a_column: A) -> None:
    currency = a_column("currency", "usd", "eur")
    assert (
        alone(a_column("amount", "1.50", "2.00"), "invoices", currency).words["currency"]
        == "currency"
    )


def test_a_few_values_that_do_not_fit_are_counted_and_no_reason_to_give_up(a_column: A) -> None:
    found = alone(a_column("employees", *(["12"] * 98), "many", "few"))
    assert (found.type, found.misfits) == ("integer", 2)
    text = alone(a_column("employees", *(["12"] * 90), *(["many"] * 10)))
    assert (text.type, text.because) == ("text", "10 of 100 values are no number")


def test_an_empty_column_is_typed_by_its_name(a_column: A) -> None:
    assert alone(a_column("phone", None, None)).type == "phone"
    assert alone(a_column("remark", None)).type == "text"


@pytest.mark.parametrize(
    ("header", "table", "expected"),
    [
        ("Company Name", "leads", "company_name"),
        ("id", "orders", "order_id"),
        ("ID", "order_lines", "order_line_id"),
        ("_row", "t", "row"),
        ("2024", "t", "field_2024"),
        ("Prénom", "t", "prenom"),
        ("客", "t", "field"),
        ("ok_1", "t", "ok_1"),
    ],
)
def test_a_header_becomes_a_name_that_a_field_may_bear(
    header: str, table: str, expected: str
) -> None:
    assert field_name(header, table, set()) == expected


KINDS = {"id": "id", "no": "id", "day": "date", "email": "email"}


def keys(a_column: A, table: str, **columns: tuple[str | None, ...]) -> Keys:
    made = [a_column(name, *values) for name, values in columns.items()]
    return keys_of(
        table, made, {column.name: typed(column, beside(table, *made)) for column in made}
    )


def test_the_key_is_measured_and_its_name_makes_it_sure(a_column: A) -> None:
    assert keys(a_column, "orders", order_id=("1", "2"), person_id=("1", "1")) == Keys(
        ("order_id",)
    )
    assert keys(a_column, "orders", person_id=("1", "2"), order_id=("7", "8")).primary == (
        "order_id",
    )
    assert keys(a_column, "orders", reference_id=("1", "2"), total=("1", "1")) == Keys(
        ("reference_id",)
    )
    assert keys(a_column, "orders", total=("1", "1"), reference_id=("1", "2")).guess == (
        "primary_key",
    )


def test_a_key_with_few_repeats_is_still_meant_as_the_key(a_column: A) -> None:
    ids = [str(n) for n in range(50)]
    assert keys(
        a_column, "events", event_id=(*ids, "7"), who=tuple("a" for _ in range(51))
    ) == Keys(("event_id",), guess=("primary_key",), repeats=1)
    assert (
        keys(a_column, "events", event_id=(*ids, None), who=tuple("a" for _ in range(51))).primary
        == ()
    )


def test_several_columns_together(a_column: A) -> None:
    found = keys(
        a_column,
        "snapshots",
        account_id=("1", "1", "2"),
        snapshot_date=("2024-01-01", "2024-02-01", "2024-01-01"),
    )
    assert found == Keys(
        ("account_id", "snapshot_date"), ("snapshot_date",), guess=("primary_key", "valid")
    )


@pytest.mark.parametrize(
    ("names", "valid", "recorded"),
    [
        (("started_on", "ended_on", "updated_at"), ("started_on", "ended_on"), "updated_at"),
        (("created_at", "closed_at"), ("created_at", "closed_at"), ""),
        (("occurred_at", "received_at"), ("occurred_at",), "received_at"),
        (("issued_on", "period_start", "period_end"), ("issued_on",), ""),
        (("created_at", "updated_at"), (), "updated_at"),
        (("created_at",), ("created_at",), ""),
    ],
)
def test_times_by_name(
    a_column: A, names: tuple[str, ...], valid: tuple[str, ...], recorded: str
) -> None:
    found = keys(
        a_column,
        "rows",
        row_id=("1", "2"),
        **{name: ("2024-01-01 10:00:00", "2024-01-02 10:00:00") for name in names},
    )
    assert (found.valid, found.recorded) == (valid, recorded)


def test_a_creation_date_says_nothing_of_a_persons_profile(a_column: A) -> None:
    found = keys(
        a_column,
        "people",
        person_id=("1", "2"),
        email=("a@x.example", "b@x.example"),
        created_at=("2024-01-01", "2024-01-02"),
    )
    assert found == Keys(("person_id",))
