"""Values inside JSON become fields by their path; a list of keys and values is told as what no
path reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from workbook.model import load_model
from workbook.sources.onboard.add import add_sources
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.nested_values import with_nested

from test_real_shapes import landed


def events() -> str:
    """Forty events as an analytics export writes them: every fourth a purchase of 12.50 or
    7.50, three of four from Germany.
    """
    lines = []
    for n in range(40):
        event = {
            "event_date": "20240301",
            "event_name": "purchase" if n % 4 == 0 else "page_view",
            "event_timestamp": str(1709251200000000 + n * 1_000_000),
            "user_pseudo_id": f"{1988548700 + n}.1700024161",
            "event_params": [{"key": "page", "value": {"string_value": f"/p/{n}"}}],
            "device": {
                "category": "mobile" if n % 2 else "desktop",
                "web_info": {"browser": "Safari" if n % 3 else "Firefox"},
                "vendor": "x",
            },
            "geo": {"country": "Germany" if n % 4 else "France"},
            "items": [],
        }
        if n % 4 == 0:
            event["ecommerce"] = {
                "purchase_revenue": 12.5 if n % 8 else 7.5,
                "transaction_id": f"T{n}",
            }
        lines.append(json.dumps(event))
    return "\n".join(lines) + "\n"


def test_what_most_objects_hold_becomes_a_field(
    a_project: Callable[..., Path], tmp_path: Path
) -> None:
    root = a_project(**{"bigquery__ga4_events.json": events()})
    report = add_sources(root, [root / "data"])
    model = load_model(root)
    source = model.sources.sources["bigquery.ga4_events"]  # type: ignore[union-attr]
    found = {
        name: (field.column, field.path, field.type)
        for name, field in source.fields.items()
        if field.path
    }
    assert found == {
        "event_params_page": ("event_params", "[key=page].value.string_value", "text"),
        "device_category": ("device", "category", "category"),
        "device_web_info_browser": ("device", "web_info.browser", "category"),
        "geo_country": ("geo", "country", "country"),
        "ecommerce_purchase_revenue": ("ecommerce", "purchase_revenue", "money"),
        "ecommerce_transaction_id": ("ecommerce", "transaction_id", "id"),
    }
    assert source.row_is == "one event"
    assert "event_timestamp" not in source.primary_key[:1]  # a moment tells no event from another
    assert any("event_params holds entries by key" in each for each in report.sentences)
    assert "40 records, 9 columns" in report.sentences[0]
    rows, bad = landed(model, "bigquery.ga4_events", tmp_path / "store")
    assert bad.is_empty()
    assert rows["event_params_page"].to_list()[39] == "/p/39"
    assert source.primary_key != ("event_params_page",)
    assert (rows["geo_country"] == "Germany").sum() == 30
    assert rows["ecommerce_purchase_revenue"].sum() == Decimal("100.00")  # 5 × 12.50 + 5 × 7.50
    assert rows["ecommerce_transaction_id"].drop_nulls().len() == 10


def test_amounts_inside_json_land_as_they_are(
    a_project: Callable[..., Path], tmp_path: Path
) -> None:
    paid = "\n".join(
        json.dumps({"id": f"T{n}", "payload": {"amount": n + 0.25, "test": n == 3}})
        for n in range(8)
    )
    root = a_project(**{"pay__charges.json": paid + "\n"})
    add_sources(root, [root / "data"])
    rows, _ = landed(load_model(root), "pay.charges", tmp_path / "store")
    # 0 + 1 + … + 7 = 28, and 8 × 0.25 = 2
    assert (rows["payload_amount"].sum(), rows["payload_test"].sum()) == (Decimal("30.00"), 1)


def test_names_that_stand_already_values_that_never_differ_and_lists_are_left(
    a_column: Callable[..., ColumnValues],
) -> None:
    cells = [
        json.dumps({"a": n, "same": 1, "list": [n], "rare" if n == 0 else "b c": n})
        for n in range(6)
    ]
    found = with_nested([a_column("meta", *cells), a_column("other", *"abcdef")])
    assert [each.name for each in found] == ["meta", "meta_a", "other"]
    taken = with_nested([a_column("meta", *cells), a_column("meta_a", *"abcdef")])
    assert [each.name for each in taken] == ["meta", "meta_a"]


def test_the_first_of_a_list_of_objects_is_read_by_its_place(
    a_column: Callable[..., Column],
) -> None:
    inside = [
        json.dumps({"emails": [{"value": f"a{n}@x.test"}, {"value": "b@x.test"}]}) for n in range(6)
    ]
    alone = [json.dumps([{"value": f"a{n}@x.test", "main": True}]) for n in range(6)]
    found = with_nested([a_column("profile", *inside), a_column("mails", *alone)])
    assert [(each.name, each.within, each.sample[0]) for each in found if each.within[0]] == [
        ("profile_emails_0_value", ("profile", "emails[0].value"), "a0@x.test"),
        ("mails_0_value", ("mails", "[0].value"), "a0@x.test"),
    ]
