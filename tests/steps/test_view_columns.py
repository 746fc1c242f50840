"""What a reader of a view sees: nothing counted is 0, money has its currency, a share its sign."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import SOURCES, as_yaml, write_project

from workbook import Workbook

SEVEN = {
    "owner": "finance",
    "semantic_models": {
        "bills": {"of": "bill", "measures": {"billed": {"agg": "sum", "expr": "amount"}, "bills": {"agg": "count"}, "mean": {"agg": "average", "expr": "amount"}}},
    },
    "metrics": {
        "bills": {"measure": "bills"},
        "paid_bills": {"measure": "bills", "filter": "state = 'paid'"},
        "paid_share": {"type": "ratio", "numerator": "paid_bills", "denominator": "bills"},
        "revenue": {"measure": "billed"},
        "mean_bill": {"measure": "mean"},
    },
}  # fmt: skip
ELEVEN = {"owner": "sales", "views": {"desk": {"of": "client", "fields": ["bills", "revenue", "paid_share", "mean_bill"]}}}


def test_a_view_writes_its_numbers_as_what_they_are(tmp_path) -> None:
    data = {
        "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9",
        "shop.bills": "b1 | k1 | 30.50 | EUR | paid | 2025-05-10 \n b2 | k1 | 60 | EUR | open | 2025-06-10 \n b3 | k1 | 9 | EUR | paid | 2025-06-11",
    }
    sources = SOURCES.replace("amount: {type: money, currency: currency}", "amount: {type: money, currency: EUR}")
    folder = write_project(tmp_path / "p", data, SEVEN, more={"03_sources": sources, "11_customer_360": as_yaml(ELEVEN)})
    book = Workbook.open(folder)
    figure = book.customer_360.sample()
    rows = [dict(zip([each["name"] for each in figure.body.columns], row, strict=True)) for row in figure.body.texts]
    heads = {each["name"]: each["label"] for each in figure.body.columns}
    book.close()
    some = next(row for row in rows if row["bills"] != "0")
    none = next(row for row in rows if row["bills"] == "0")
    # 30.50 + 60 + 9 = 99.50; two of three are paid; 99.50 / 3 = 33.17
    assert (some["bills"], some["revenue"], some["mean_bill"]) == ("3", "€99.50", "€33.17")
    assert some["paid_share"].startswith("66.7") and some["paid_share"].endswith("%")
    assert (none["revenue"], none["paid_share"], none["mean_bill"]) == ("€0", "", "")
    assert heads["revenue"] == "Revenue (all time, since May 2025)"
