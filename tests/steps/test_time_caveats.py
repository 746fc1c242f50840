"""What a change over time contains, how far sources reach, and which period a control total
confirms stand beside the value.
"""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import company

from workbook import metrics
from workbook.metrics.report.period_wording import period_told
from workbook.model.dependencies import dependencies_of
from workbook.scenarios.context import Context
from workbook.steps.metrics import Metrics
from workbook.steps.metrics_series import Series

__all__ = ["company"]

SEVEN = {
    "owner": "finance",
    "currency": {"report_in": "EUR", "rates": "bank.rates.rate", "rate_on": "month_end"},
    "semantic_models": {
        "contracts": {
            "of": "contract",
            "measures": {"level": {"agg": "sum", "expr": "monthly", "over_time": "last"}},
        },
        "bills": {"of": "bill", "measures": {"billed": {"agg": "sum", "expr": "amount"}}},
        "visits": {"of": "visit", "measures": {"visits": {"agg": "count"}}},
    },
    "movements": {"moved": {"of": "level", "by": "client", "kinds": ["new", "churned"]}},
    "metrics": {
        "mrr": {"measure": "level", "grains": ["quarter"]},
        "arr": {"type": "derived", "expr": "mrr * 12"},
        "opening": {"measure": "moved.opening"},
        "lost": {"measure": "moved.churned_count"},
        "kept": {"type": "derived", "expr": "opening + gone"},
        "gone": {"measure": "moved.churned"},
        "nrr": {"type": "ratio", "numerator": "kept", "denominator": "opening"},
        "nrr_12": {
            "type": "ratio",
            "numerator": "kept",
            "denominator": "opening",
            "over": "12 months",
        },
        "revenue": {
            "measure": "billed",
            "grains": ["week", "year"],
            "control_total": {"value": 30, "period": "2025-06", "where_from": "the ledger"},
        },
        "visits": {
            "measure": "visits",
            "control_total": {"value": 2, "where_from": "the log"},
        },
        "weekly": {
            "type": "cumulative",
            "measure": "visits",
            "window": "7 days",
            "grains": ["week"],
        },
    },
}
DATA = {
    "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9",
    # 31 May: 100 USD at 0.9 + 100 EUR = 190; 30 June: 100 USD at 0.8 + 100 + 5 = 185
    "shop.contracts": (
        """c1 | k1 | 100 | USD | 1 | 2024-01-01 | | 2024-01-01
        c2 | k2 | 100 | EUR | 1 | 2024-01-01 | | 2024-01-01
        c3 | k3 | 5 | EUR | 1 | 2025-06-10 | | 2025-07-20"""
    ),
    "shop.bills": (
        """b1 | k1 | 70 | EUR | paid | 2024-03-10
        b2 | k1 | 10 | EUR | paid | 2025-06-02
        b3 | k1 | 20 | EUR | paid | 2025-06-13"""
    ),
    "shop.visits": "v1 | k1 | home | 2025-06-29 10:00:00 \n v2 | k1 | home | 2025-06-30 10:00:00",
    "bank.rates": (
        """USD | 2024-01-31 | 0.5
        USD | 2024-06-30 | 1
        USD | 2025-05-31 | 0.9
        USD | 2025-06-30 | 0.8"""
    ),
}


def step(made) -> Metrics:
    return Metrics(Context(made.model, made.plan, made.engine, lambda model: made.plan))


def lines(figure) -> dict[str, dict[str, str]]:
    names = [column["name"] for column in figure.body.columns]
    return {
        row["metric"]: row
        for row in (dict(zip(names, texts, strict=True)) for texts in figure.body.texts)
    }


@pytest.fixture
def made(company):
    return company(DATA, SEVEN)


def by_month(made) -> dict[str, dict[str, str]]:
    page = step(made)
    return lines(Series(page, page.evidence, page.reader).figure(["mrr", "nrr", "revenue"]))


def _amounts(made, kind: str) -> dict[str, Decimal | None]:
    return {proof.metric: proof.amount for proof in made.proofs if proof.kind == kind}


def test_a_movement_says_how_much_of_the_change_are_rates(made) -> None:
    # the opening at June's rates is 180; May closed at 190
    month, year = Decimal(-10), Decimal(-20)  # June 2024: 100 USD at 1, now at 0.8
    assert _amounts(made, "held rates") == {
        "opening": month,
        "kept": month,
        "gone": month,
        "nrr": month,
        "nrr_12": year,
    }


def test_the_change_of_a_balance_says_its_part_of_rates(made) -> None:
    rows = by_month(made)
    assert (rows["MRR"]["last"], rows["MRR"]["change"]) == ("€185", "−€5")
    assert "−€10" in rows["MRR"]["change_of"]
    # the movement is by month, so of a quarter its part is not measured
    assert rows["MRR by quarter"]["change_of"] and "€" not in rows["MRR by quarter"]["change_of"]
    assert not rows["NRR"]["change_of"]  # both its sides are at one rate
    assert not rows["Revenue"]["change_of"]  # euros alone


def test_a_first_period_says_that_its_data_begin_within_it(made) -> None:
    rows = by_month(made)
    assert "10 March 2024" in rows["Revenue by year"]["first_of"]
    assert rows["MRR"]["first_of"] == "January 2024"


def test_a_part_of_a_week_is_marked_and_its_window_named(made) -> None:
    week = by_month(made)["Weekly by week"]
    assert week["before_of"].startswith("7 days to 29 June 2025")
    assert "1 of 7 days" in week["last_of"]


def test_a_part_of_which_there_was_no_data_before_has_no_change(company) -> None:
    # from Friday 13 June: the week before, up to Wednesday, lies before the first record
    data = {
        **DATA,
        "shop.bills": "b1 | k1 | 5 | EUR | paid | 2025-06-13\n"
        "b2 | k1 | 7 | EUR | paid | 2025-06-17",
    }
    made = company(data, SEVEN, as_of="2025-06-18")
    row = by_month(made)["Revenue by week"]
    assert (row["last"], row["before"], row["change"]) == ("€7", "–", "–")


def test_a_source_that_ends_before_the_period_is_named_beside_every_value_that_reads_it(
    company,
) -> None:
    made = company(DATA, SEVEN)
    found = {
        (proof.metric, proof.about): proof.rows
        for proof in made.proofs
        if proof.kind == "source ended"
    }
    # bills end on the 13th; contracts were written after the as-of day, visits on it
    assert found == {("revenue", "shop.bills"): 17}
    evidence = step(made).evidence
    assert "13 June 2025" in evidence.caveat("revenue")
    shown = company(DATA, SEVEN, extra=(metrics.values_table(made.model),))
    exported = shown.frame(metrics.VALUES).filter(metric="revenue")
    assert all("13 June 2025" in text for text in exported["caveats"])
    assert any(
        "−€10" in text for text in shown.frame(metrics.VALUES).filter(metric="nrr")["caveats"]
    )


def test_a_control_total_confirms_its_own_period_only(made) -> None:
    controls = {name: outcome.control for name, outcome in made.outcomes.items() if outcome.control}
    assert all(control.met for control in controls.values())
    assert controls["revenue"].other_period  # 30 of June, 100 in all
    assert not controls["visits"].other_period
    rows = lines(step(made).every_number())
    assert "June 2025" in rows["Revenue"]["measured"]
    assert "2025" not in rows["Visits"]["measured"]


def test_checks_that_test_nothing_are_not_counted(made) -> None:
    counted = sum(proof.kind in metrics.ADDING_UP for proof in made.proofs)
    assert counted < len(made.proofs)
    assert f"{counted} checks" in step(made).headline().lede


def test_at_an_earlier_day_values_say_what_later_days_hold(company) -> None:
    seven = {
        **SEVEN,
        "semantic_models": {
            **SEVEN["semantic_models"],
            "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
        },
        "metrics": {
            **SEVEN["metrics"],
            "clients": {"measure": "clients"},
            "small": {"measure": "level", "filter": "seats > 1"},
        },
    }
    data = {
        **DATA,
        "shop.contracts": DATA["shop.contracts"].replace("2024-01-01\n", "2025-06-20\n", 1),
    }
    made = company(data, seven, as_of="2025-05-31")
    found = {(proof.metric, proof.kind): proof.rows for proof in made.proofs}
    assert (found["mrr", "written later"], found["clients", "no past"]) == (1, 0)
    # no row meets the filter today; c1 was written over since, and may have met it then
    assert (made.value("small"), found["small", "written later"]) == (Decimal(0), 1)
    assert ("mrr", "no past") not in found and ("revenue", "no past") not in found
    # the ledger of June is not compared, and not judged
    control = made.outcomes["revenue"].control
    assert control.later and not control.met
    assert ("revenue", "control") not in found and ("visits", "control") in found
    page = step(made)
    told = [finding for finding in page.conclude() if finding.code.startswith("metrics.control")]
    assert not [
        f for f in told if f.about == ("revenue",) and f.code != "metrics.control_total_unsigned"
    ]
    now = company(data, seven, as_of="2025-07-31")
    assert not [proof for proof in now.proofs if proof.kind == "no past"]


def test_a_line_names_what_its_filter_reads_as_it_is_today(company) -> None:
    """A level of contracts without an end leaves out of May what ended in June."""
    rules = {
        "open": {"of": "contract", "means": "Open.", "all": ["ends is null"]},
        "running": {
            "of": "contract",
            "means": "Runs.",
            "all": ["starts <= as_of"],
            "any": ["ends is null", "ends > as_of"],
        },
    }
    metric_parts = {
        "open_level": {"measure": "level", "filter": "open"},
        "running_level": {"measure": "level", "filter": "running"},
        "settled": {"measure": "billed", "filter": "state = 'paid'"},
        "settled_by_client": {"type": "ratio", "numerator": "settled", "denominator": "visits"},
    }
    seven = {**SEVEN, "rules": rules, "metrics": {**SEVEN["metrics"], **metric_parts}}
    made = company(
        {**DATA, "shop.contracts": "c1 | k1 | 7 | EUR | 1 | 2025-05-01 | 2025-06-10 | 2025-06-10"},
        seven,
    )
    assert made.months("open_level")["2025-05"] == 0
    assert made.months("running_level")["2025-05"] == Decimal(7)
    read = {name: metrics.todays_values(made.model, name) for name in metric_parts}
    assert read == {
        "open_level": ("ends",),
        "running_level": (),
        "settled": ("state",),
        "settled_by_client": (),
    }


def test_a_period_after_the_last_record_is_not_measured_and_not_nothing(company) -> None:
    made = company(
        {
            **DATA,
            "shop.bills": (
                "b1 | k1 | 9 | EUR | paid | 2025-04-10\nb2 | k1 | 5 | EUR | paid | 2025-03-10"
            ),
        },
        SEVEN,
    )
    assert metrics.last_record(made.model, made, "revenue") == dt.date(2025, 4, 10)
    assert metrics.last_record(made.model, made, "visits") is None
    row = by_month(made)["Revenue"]
    assert (row["last"], row["before"], row["change"]) == ("–", "–", "–")
    # April is not over for the data: its nine are told by its line alone
    assert "€0" not in period_told(made.model, made, "revenue")


def test_what_moves_is_read_though_no_metric_bears_its_name(made) -> None:
    below = dependencies_of(made.model, ["nrr"])
    assert ("contracts", "level") in below.measures
    assert {"shop.contracts.monthly", "bank.rates.rate"} <= below.fields
