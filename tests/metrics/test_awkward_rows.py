"""Rows and days that turn a right formula into a wrong number, each with its value worked out by
hand.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

CURRENCY = {"report_in": "EUR", "rates": "bank.rates.rate", "rate_on": "month_end"}
MODELS = {
    "bills": {
        "of": "bill",
        "measures": {
            "billed": {"agg": "sum", "expr": "amount"},
            "mean_bill": {"agg": "average", "expr": "amount"},
            "payers": {"agg": "count_distinct", "expr": "client"},
            "first": {"agg": "min", "expr": "billed"},
        },
    },
    "contracts": {
        "of": "contract",
        "measures": {
            "level": {"agg": "sum", "expr": "monthly", "over_time": "last"},
            "seats": {"agg": "average", "expr": "seats", "over_time": "last"},
        },
    },
    "visits": {"of": "visit", "measures": {"visits": {"agg": "count"}}},
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
}
DAYS = ("01-31", "02-01", "02-26", "02-27", "02-28", "03-01", "03-27", "03-28", "03-29", "03-30")


@pytest.mark.parametrize(
    ("day", "so_far", "before", "month", "month_before"),
    [
        # a month before 28, 29, 30 and 31 March is 28 February; the month since then begins on
        # 1 March
        ("2025-03-28", 8, 5, 3, 4),
        ("2025-03-29", 9, 5, 4, 4),
        ("2025-03-30", 10, 5, 5, 4),
        ("2025-03-31", 10, 5, 5, 4),
        ("2025-03-27", 7, 4, 3, 4),  # 27 February; since the 28th
        ("2025-02-28", 5, 1, 4, 1),  # 31 January, both being ends of months
    ],
)
def test_a_month_before_the_end_of_a_long_month_is_the_end_of_the_short_one(
    company, day, so_far, before, month, month_before
) -> None:
    rows = "\n".join(f"v{n} | k1 | p | 2025-{each} 12:00:00" for n, each in enumerate(DAYS))
    metrics = {
        "visits": {"type": "cumulative", "measure": "visits"},
        "lately": {"type": "cumulative", "measure": "visits", "window": "1 month"},
    }
    metrics |= {
        f"{name}_before": {
            "type": "derived",
            "expr": "ago",
            "inputs": {"ago": {"metric": name, "offset_window": "1 month"}},
        }
        for name in ("visits", "lately")
    }
    seven = {
        "owner": "finance",
        "semantic_models": MODELS,
        "metrics": {**metrics, "seen": {"measure": "clients", "filter": "visited"}},
        "rules": {
            "visited": {
                "of": "client",
                "means": "Came three times.",
                "all": [{"some": "visit", "within": "1 month", "at_least": month}],
            }
        },
    }
    made = company({"shop.clients": "k1 | | DE | |", "shop.visits": rows}, seven, as_of=day)
    found = [made.value(name) for name in ("visits", "visits_before", "lately", "lately_before")]
    assert found == [so_far, before, month, month_before]
    assert made.value("seen") == 1


def test_refunds_credit_notes_missing_amounts_and_odd_currencies(company) -> None:
    data = {
        "shop.clients": "k1 | | DE | | \n k2 | | | |",
        "shop.bills": (
            """b1 | k1 | 1234 | JPY | paid | 2025-05-02
            b2 | k1 | 100 | EUR | paid | 2025-06-02
            b3 | k1 | -50 | USD | paid | 2025-06-20
            b4 | k2 | -300 | EUR | paid | 2025-06-21
            b5 | k2 | | EUR | paid | 2025-06-21
            b6 | k2 | 10 | eur | paid | 2025-06-22
            b7 | k9 | 7 | USD | paid | 2025-04-22
            b8 | k1 | 5 | USD | void | 2025-07-01"""
        ),
        # none on the 30th of June or of April: the last before it
        "bank.rates": (
            """JPY | 2025-05-30 | 0.0061
            USD | 2025-06-27 | 0.9
            USD | 2025-04-29 | 0.5
            USD | 2025-07-01 | 0.1"""
        ),
    }
    seven = {
        "owner": "finance",
        "currency": CURRENCY,
        "semantic_models": MODELS,
        "metrics": {
            "revenue": {"measure": "billed", "by": ["client.country"]},
            "mean": {"measure": "mean_bill"},
            "payers": {"measure": "payers", "grains": ["quarter"]},
            "first": {"measure": "first"},
        },
    }
    made = company(data, seven)
    # 1234 × 0.0061 = 7.5274; 7 × 0.5 = 3.5; 100 − 50 × 0.9 − 300 + 10 = −235
    assert made.value("revenue") == Decimal("-223.97")
    assert made.months("revenue") == {
        "2025-04": Decimal("3.50"),
        "2025-05": Decimal("7.53"),
        "2025-06": Decimal("-235.00"),
    }
    assert made.segments("revenue", "client.country") == {
        "DE": Decimal("62.53"),
        "(none)": Decimal("-290.00"),
        "(not linked)": Decimal("3.50"),
    }
    assert made.value("mean") == Decimal("-37.33")  # −223.9726 over six that have an amount
    empty = {proof.metric: proof.rows for proof in made.proofs if proof.kind == "no amount"}
    assert empty == {"revenue": 1, "mean": 1}
    # one in May, both in June, both in the quarter; an unknown client is none
    assert made.months("payers") == {"2025-04": 0, "2025-05": 1, "2025-06": 2}
    assert made.periods("payers", "quarter") == {"2025-04-01": 2}
    assert str(made.value("first")) == "2025-04-22"


def test_the_first_day_of_a_month_alone(company) -> None:
    data = {
        "shop.clients": "k1 | | DE | |",
        "shop.visits": (
            """v1 | k1 | p | 2025-06-01 00:00:00
            v2 | k1 | p | 2025-06-01 23:59:59
            v3 | k1 | p | 2025-06-02 00:00:00
            v4 | k1 | p | 2025-05-31 23:59:59
            v5 | k1 | p | 2025-05-02 23:59:59
            v6 | k1 | p | 2025-05-03 00:00:00"""
        ),
        # c3 ends before it begins; c4 ended on the day before; c5 and c6 are of nobody known
        "shop.contracts": (
            """c1 | k1 | 10 | EUR | 1 | 2025-06-01 | | 2025-06-01
            c2 | k1 | 10 | EUR | 2 | 2025-05-01 | 2025-06-01 | 2025-05-01
            c3 | k1 | 30 | EUR | 4 | 2025-04-01 | 2025-03-01 | 2025-04-01
            c4 | k1 | 30 | EUR | | 2025-04-01 | 2025-05-31 | 2025-04-01
            c5 | | 70 | EUR | 3 | 2025-04-01 | 2025-06-01 | 2025-04-01
            c6 | | 80 | EUR | 3 | 2025-06-01 | | 2025-06-01"""
        ),
    }
    seven = {
        "owner": "finance",
        "semantic_models": MODELS,
        "movements": {
            "moved": {"of": "level", "by": "client", "kinds": ["new", "expansion", "churned"]}
        },
        "metrics": {
            "visits": {"measure": "visits"},
            "lately": {"type": "cumulative", "measure": "visits", "window": "30 days"},
            "level": {"measure": "level"},
            "seats": {"measure": "seats"},
            "opening": {"measure": "moved.opening"},
            "openings": {"measure": "moved.opening_count"},
            "grown": {"measure": "moved.expansion"},
            "growers": {"measure": "moved.expansion_count"},
            "closings": {"measure": "moved.closing_count"},
        },
    }
    made = company(data, seven, as_of="2025-06-01")
    assert made.months("visits") == {"2025-05": 3, "2025-06": 2}
    assert made.value("lately") == 4  # 3 May to 1 June: v1, v2, v4, v6
    assert made.months("level") == {
        "2025-04": Decimal(100),
        "2025-05": Decimal(80),
        "2025-06": Decimal(90),
    }
    assert made.months("seats")["2025-06"] == Decimal(2)  # one and three
    # c1 follows c2 at the same amount; what is of nobody known moves by 10, and is no client
    assert (made.value("opening"), made.value("grown")) == (Decimal(80), Decimal(10))
    assert [made.value(name) for name in ("openings", "growers", "closings")] == [1, 0, 1]


def test_a_condition_on_an_unknown_value_is_not_met_and_its_rule_is_no(company) -> None:
    from small_company import ENTITIES

    bills = "bill: {row_is: one bill, from: shop.bills"
    four = ENTITIES.replace(bills, f"{bills}, where: \"state <> 'void'\"")
    four = four.replace(
        "relationships:", "  tier: {row_is: one tier, from: shop.tiers}\nrelationships:"
    )
    data = {
        "shop.clients": "k1 | | DE | | 5 \n k2 | | | |",
        "shop.tiers": (
            "t1 | k1 | a | 2025-01-01 | true \n t2 | k2 | a | 2025-01-01 | false \n"
            " t3 | k2 | | 2025-01-01 |"
        ),
        "shop.bills": (
            """b1 | k1 | 1 | EUR | void | 2025-05-31
            b2 | k1 | 2 | EUR | | 2025-06-01
            b3 | k1 | 4 | EUR | paid | 2025-06-14
            b4 | k1 | 4 | EUR | paid | 2025-06-14"""
        ),
    }
    seven = {
        "owner": "finance",
        "semantic_models": {
            **MODELS,
            "tiers": {"of": "tier", "measures": {"tiers": {"agg": "count"}}},
        },
        "rules": {
            "warm": {"of": "tier", "means": "Warm.", "all": ["lively"]},
            "cold": {"of": "tier", "means": "Cold.", "none": ["lively"]},
        },
        "metrics": {
            "alive": {"measure": "tiers", "filter": "lively"},
            "dull": {"measure": "tiers", "filter": "not lively"},
            "warm_ones": {"measure": "tiers", "filter": "warm"},
            "cold_ones": {"measure": "tiers", "filter": "cold"},
            "revenue": {"measure": "billed"},
        },
    }
    made = company(data, seven, more={"04_entities": four})
    found = {name: made.value(name) for name in ("alive", "dull", "warm_ones", "cold_ones")}
    assert found == {"alive": 1, "dull": 1, "warm_ones": 1, "cold_ones": 2}
    # an entity with a condition counts what meets it: a bill whose state is unknown does not
    assert made.value("revenue") == Decimal(8)


def test_weeks_from_sunday_and_a_fiscal_year_from_april(company, monkeypatch) -> None:
    import small_company

    written = small_company.write_project

    def with_calendar(*args, **more):
        folder = written(*args, **more)
        file = folder / "workbook.yml"
        file.write_text(file.read_text() + "week_starts: sunday\nfiscal_year_starts: 4\n")
        return folder

    monkeypatch.setattr(small_company, "write_project", with_calendar)
    days = ("2025-03-31", "2025-04-01", "2025-06-14", "2025-06-15", "2024-04-01", "2024-06-15")
    days += ("2024-06-16", "2025-06-08", "2025-06-09")
    rows = "\n".join(f"b{n} | k1 | {2**n} | EUR | paid | {day}" for n, day in enumerate(days))
    seven = {
        "owner": "finance",
        "semantic_models": MODELS,
        "metrics": {
            "revenue": {"measure": "billed", "grains": ["week", "fiscal_year", "fiscal_quarter"]},
            "this_fiscal_year": {
                "type": "cumulative",
                "measure": "billed",
                "grain_to_date": "fiscal_year",
            },
            "this_week": {"type": "cumulative", "measure": "billed", "grain_to_date": "week"},
        },
    }
    made = company({"shop.clients": "k1 | | DE | |", "shop.bills": rows}, seven, as_of="2025-06-15")
    assert made.value("this_fiscal_year") == 2 + 4 + 8 + 128 + 256
    assert made.value("this_week") == 8  # a Sunday: the first day of its week
    weeks = made.periods("revenue", "week")
    assert (weeks["2025-06-15"], weeks["2025-06-08"]) == (8, 4 + 128 + 256)
    assert made.periods("revenue", "fiscal_year") == {"2024-04-01": 113, "2025-04-01": 398}
    before = {
        grain: made.frame(f"m__revenue__{grain}_before")["value"][0]
        for grain in ("week", "fiscal_year", "fiscal_quarter")
    }
    # the Sunday before; 1 April to 15 June 2024; 1 January to 15 March 2025
    assert before == {"week": 128, "fiscal_year": 16 + 32, "fiscal_quarter": 0}
