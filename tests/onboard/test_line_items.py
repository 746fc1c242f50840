"""Files whose rows are lines of something larger, as a shop exports its orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from workbook.model import load_model
from workbook.sources.onboard.add import add_sources
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.line_items import Lines, lines_of
from workbook.sources.onboard.column_decision import Typed

from test_real_shapes import landed

HEAD = (
    "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem"
    " price,Id,Billing Address1,Phone"
)


def orders(*, second: str = "EUR") -> str:
    """Twenty orders of 20.00 with a line of 15.00 and, every other one, a second line of 2 ×
    2.50 that repeats its name alone.
    """
    lines = [HEAD]
    for n in range(20):
        name, mail = f"#{1001 + n}", f"p{n}@shop.example"
        currency = second if n == 7 else "EUR"
        lines.append(
            f"{name},{mail},paid,{currency},20.00,2024-03-{n + 1:02d} 10:22:33 +0100,1,Oak"
            f" board,15.00,{6150000000 + n},Oak Lane 5,'+49 30 {100000 + n}"
        )
        if n % 2 == 0:
            lines.append(f"{name},{mail},,,,2024-03-{n + 1:02d} 10:22:33 +0100,2,Wax,2.50,,,")
    return "\n".join(lines) + "\n"


def test_lines_of_orders_are_told_and_counted_once(
    a_project: Callable[..., Path], tmp_path: Path
) -> None:
    root = a_project(shopify__orders_export_1=orders())
    report = add_sources(root, [root / "data"])
    model = load_model(root)
    assert not model.is_open("sources")
    source = model.sources.sources["shopify.orders"]
    assert (source.row_is, source.primary_key, source.file) == (
        "one line of an order",
        (),
        "shopify/orders_export_1.csv",
    )
    assert source.fields["name"].type == "id"
    assert "# each name once: write `where: order_id is not null` at the entity" in report.text
    said = next(each for each in report.sentences if "Rows are lines" in each)
    assert (
        "30 of them for 20 values of name. 6 fields (financial_status, currency, total, order_id,"
        " billing_address1, phone)" in said
    )
    rows, bad = landed(model, "shopify.orders", tmp_path / "store")
    assert bad.is_empty()
    # 20 orders × 20.00 whatever the number of lines; 20 × 15.00 + 10 × 2 × 2.50 in the lines
    assert rows["total"].sum() == Decimal("400.00")
    assert (rows["lineitem_price"] * rows["lineitem_quantity"]).sum() == Decimal("350.00")


def test_an_amount_of_rows_without_a_currency_is_in_the_only_one_of_the_file(
    a_project: Callable[..., Path],
) -> None:
    root = a_project(shopify__orders=orders())
    report = add_sources(root, [root / "data"])
    fields = load_model(root).sources.sources["shopify.orders"].fields  # type: ignore[union-attr]
    assert (fields["total"].currency, fields["lineitem_price"].currency) == ("currency", "EUR")
    assert "currency" in fields["lineitem_price"].guess
    assert any(
        "lineitem_price is read as EUR, the only currency, because currency is empty in 10" in each
        for each in report.sentences
    )


def test_of_two_currencies_none_is_taken_for_rows_without_one(
    a_project: Callable[..., Path],
) -> None:
    root = a_project(shopify__orders=orders(second="USD"))
    report = add_sources(root, [root / "data"])
    assert (
        load_model(root).sources.sources["shopify.orders"].fields["lineitem_price"].currency
        == "currency"
    )  # type: ignore[union-attr]
    assert any(
        "lineitem_price has no currency in 10 rows, where currency is empty" in each
        for each in report.sentences
    )


def test_a_guarded_phone_and_a_numbered_address_are_what_they_say(
    a_project: Callable[..., Path], tmp_path: Path
) -> None:
    root = a_project(shopify__orders=orders())
    add_sources(root, [root / "data"])
    model = load_model(root)
    kinds = {
        name: field.type for name, field in model.sources.sources["shopify.orders"].fields.items()
    }  # type: ignore[union-attr]
    assert (kinds["phone"], kinds["billing_address1"]) == ("phone", "postal_address")
    rows, _ = landed(model, "shopify.orders", tmp_path / "store")
    assert rows["phone"].drop_nulls().to_list()[:1] == ["+49 30 100000"]


def test_rows_in_any_order_are_no_lines(a_column: Callable[..., ColumnValues]) -> None:
    scattered = [a_column("order", *"abcabcabc")]
    scattered += [a_column(name, *["x"] * 3, *[None] * 6) for name in ("total", "state", "paid")]
    types = {each.name: Typed("text") for each in scattered}
    assert lines_of(scattered, types) is None
    together = [a_column("order", *"aaabbbccc")]
    together += [a_column(name, *["x", None, None] * 3) for name in ("total", "state", "paid")]
    assert lines_of(together, types) == Lines("order", ("total", "state", "paid"), 3, "total")
