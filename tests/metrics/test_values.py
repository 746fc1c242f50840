"""The one table for BI: every number, month and segment once, the same as the tables that prove
it, with its caveats.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl

from workbook import metrics

SEVEN = {
    "owner": "finance",
    "currency": {"report_in": "EUR", "rates": "bank.rates.rate"},
    "semantic_models": {
        "bills": {
            "of": "bill",
            "measures": {
                "billed": {"agg": "sum", "expr": "amount"},
                "first_bill": {"agg": "min", "expr": "billed"},
            },
        },
        "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
    },
    "metrics": {
        "billed": {
            "measure": "billed",
            "by": ["client.country", "client.score"],
            "label": "Billed",
            "control_total": {"value": 20, "period": "2025-06", "where_from": "the ledger"},
        },
        "first_bill": {"measure": "first_bill"},
        "clients": {"measure": "clients"},
        "per_client": {"type": "ratio", "numerator": "billed", "denominator": "nobody"},
        "nobody": {"measure": "clients", "filter": "kind = 'nobody'"},
    },
}
DATA = {
    "shop.clients": "k1 | | DE | | 7 \n k2 | | FR | | 8",
    "shop.bills": (
        "b1 | k1 | 10 | EUR | paid | 2025-05-01 \n b2 | k9 | 7 | EUR | paid | 2025-06-01 \n b3 | k1"
        " | 100 | SEK | paid | 2025-06-01 \n b4 | k2 | 1 | EUR | paid |"
    ),
}


def values(company) -> tuple[object, pl.DataFrame]:
    made = company(DATA, SEVEN)
    made = company(DATA, SEVEN, extra=(metrics.values_table(made.model),))
    return made, made.frame(metrics.VALUES)


def of(frame: pl.DataFrame, metric: str, grain: str = "as_of") -> pl.DataFrame:
    return frame.filter((pl.col("metric") == metric) & (pl.col("grain") == grain))


def test_every_value_month_and_segment_stands_there_once(company) -> None:
    made, frame = values(company)
    assert made.duplicates(metrics.VALUES) == 0
    whole = of(frame, "billed").filter(pl.col("dimension").is_null())
    assert whole.select("period", "value", "unit", "rows_counted").row(0) == (
        dt.date(2025, 6, 30),
        Decimal("18"),
        "EUR",
        4,
    )
    split = of(frame, "billed").filter(pl.col("dimension") == "client.country")
    assert (
        dict(split.select("member", "value").rows())
        == made.segments("billed", "client.country")
        == {"DE": 10, "FR": 1, "(not linked)": 7}
    )
    months = of(frame, "billed", "month")
    assert {
        str(month)[:7] if month else "no date": value
        for month, value in months.select("period", "value").rows()
    } == made.months("billed")


def test_caveats_go_with_the_value(company) -> None:
    """100 SEK have no rate, the ledger says 20, and there is nothing to divide by."""
    _, frame = values(company)
    said = of(frame, "billed")["caveats"].unique().to_list()
    assert said == [
        "1 bill in SEK (100.00) is excluded: no exchange rate. 1 bill (1.00) without a date is in"
        " the total but in no month. The latest record of shop bills is of 1 June "
        "2025. Not reconciled with the ledger for June 2025 (€20):"
        " difference −€13, 65.0\u202f%."
    ]
    assert of(frame, "billed")["proven"].unique().to_list() == [False], (
        "an outside figure that is missed is no proof"
    )
    nothing = of(frame, "per_client").row(0, named=True)
    assert (nothing["value"], nothing["proven"], nothing["caveats"]) == (
        None,
        False,
        "A divisor is zero or an input is missing.",
    )
    assert of(frame, "clients")["proven"].to_list() == [True]


def test_a_date_is_a_date(company) -> None:
    _, frame = values(company)
    assert of(frame, "first_bill").select("value", "on_date").row(0) == (None, dt.date(2025, 5, 1))


def test_members_carry_the_strictest_class_of_their_dimensions(company) -> None:
    made, _ = values(company)
    classes = metrics.values_table(made.model).classes
    assert classes.pop("member") == "sensitive"
    assert set(classes.values()) == {"internal"}


def test_a_changed_decision_makes_another_table(company) -> None:
    """The table is made by code that reads the model: its recipe must know every decision."""
    one = metrics.values_table(company(DATA, SEVEN).model)
    other = metrics.values_table(
        company(
            DATA,
            {
                **SEVEN,
                "metrics": {
                    **SEVEN["metrics"],
                    "clients": {"measure": "clients", "label": "Clients of ours"},
                },
            },
        ).model
    )
    assert one.function.params["model"] != other.function.params["model"]
