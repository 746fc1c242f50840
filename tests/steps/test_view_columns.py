"""What a reader of a view sees: nothing counted is 0, money has its currency, a share its sign."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import SOURCES, as_yaml, write_project

from workbook import Workbook
from workbook.words import words_of

SEVEN = {
    "owner": "finance",
    "semantic_models": {
        "bills": {
            "of": "bill",
            "measures": {
                "billed": {"agg": "sum", "expr": "amount"},
                "bills": {"agg": "count"},
                "mean": {"agg": "average", "expr": "amount"},
            },
        },
    },
    "metrics": {
        "bills": {"measure": "bills"},
        "paid_bills": {"measure": "bills", "filter": "state = 'paid'"},
        "paid_share": {"type": "ratio", "numerator": "paid_bills", "denominator": "bills"},
        "revenue": {"measure": "billed"},
        "mean_bill": {"measure": "mean"},
    },
}
ELEVEN = {
    "owner": "sales",
    "views": {
        "desk": {
            "of": "client",
            "purpose": "calls",
            "fields": ["bills", "revenue", "paid_share", "mean_bill"],
        },
        "wall": {"of": "client", "fields": ["client.kind"]},
    },
}
TWELVE = {
    "owner": "sales",
    "purposes": {
        "calls": {"does": "Somebody calls.", "classes": ["public", "internal"], "basis": "contract"}
    },
}


def test_a_view_writes_its_numbers_as_what_they_are(tmp_path) -> None:
    data = {
        "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9",
        "shop.bills": (
            "b1 | k1 | 30.50 | EUR | paid | 2025-05-10 \n b2 | k1 | 60 | EUR | open | 2025-06-10 \n"
            " b3 | k1 | 9 | EUR | paid | 2025-06-11"
        ),
    }
    sources = SOURCES.replace(
        "amount: {type: money, currency: currency}", "amount: {type: money, currency: EUR}"
    ).replace("state: text", "state: {type: text, class: internal}")
    folder = write_project(
        tmp_path / "p",
        data,
        SEVEN,
        more={
            "03_sources": sources,
            "11_customer_360": as_yaml(ELEVEN),
            "12_ai_context": as_yaml(TWELVE),
        },
    )
    book = Workbook.open(folder)
    figure = book.customer_360.sample()
    rows: dict[str, dict[str, str]] = {}
    for part, row, field, text in figure.body.texts:
        assert part == "Desk"  # no purpose permits a field of the other view
        rows.setdefault(row, {})[field] = text
    book.close()
    assert words_of("customer_360").text("figures.sample.no_fields") in figure.body.html
    some = next(row for row in rows.values() if row["Bills (all time, from May 2025)"] != "0")
    none = next(row for row in rows.values() if row["Bills (all time, from May 2025)"] == "0")
    # 30.50 + 60 + 9 = 99.50; two of three are paid; 99.50 / 3 = 33.17
    assert list(some.values())[:2] == ["3", "€99.50"]
    assert (list(some.values())[2][:4], list(some.values())[3]) == ("66.7", "€33.17")
    assert list(none.values()) == ["0", "€0.00", "", ""]
    assert list(some)[1] == "Revenue (all time, from May 2025)"


def test_an_absence_of_what_was_never_on_record_is_not_measured(tmp_path) -> None:
    """k1 was seen in January, k2 yesterday, and of k3 nothing is known."""
    data = {
        "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9 \n k3 | | FR | small | 9",
        "shop.visits": "v1|k1|home|2025-01-05 10:00:00\nv2|k2|home|2025-06-29 10:00:00",
    }
    seven = {
        "rules": {
            "silent": {"of": "client", "all": [{"no": "visit", "within": "30 days"}]},
            "leaving": {"of": "client", "points": {"silent": 40}, "reach": 40},
        }
    }
    fields = ["client.country", "silent", "leaving_reasons"]
    eleven = {"views": {"desk": {"of": "client", "purpose": "calls", "fields": fields}}}
    folder = write_project(
        tmp_path / "p",
        data,
        seven,
        more={"11_customer_360": as_yaml(eleven), "12_ai_context": as_yaml(TWELVE)},
    )
    book = Workbook.open(folder)
    step = book.customer_360
    said = {name: step.text(f"figures.sample.{name}") for name in ("yes", "no", "not_measured")}
    unknown = words_of("metric_values").text("score.not_measured", reason="Silent")
    rows: dict[str, list[str]] = {}
    for _, row, _, text in step.sample().body.texts:
        rows.setdefault(row, []).append(text)
    book.close()
    assert sorted(tuple(cells[1:]) for cells in rows.values()) == sorted(
        [
            (said["yes"], "Silent (40)"),
            (said["no"], ""),
            (said["not_measured"], f"{unknown} (40)"),
        ]
    )
