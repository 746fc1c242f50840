"""Every metric of the sample, in every month, equals what its truth computes: on two seeds,
recomputed from the truth's own tables.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sample_of_truth import Sample
from true_world import AS_OF

MODEL = Path(__file__).parents[2] / "templates" / "b2b_saas" / "model"
SEVEN = YAML(typ="safe").load(MODEL / "07_metrics.yml")
QUARTERS_AGO = {
    "expansion_this_quarter": 0,
    "expansion_1_quarter_ago": 1,
    "expansion_2_quarters_ago": 2,
}
METRICS = [name for name in SEVEN["metrics"] if name not in QUARTERS_AGO]
# systems hold no past of what they count
STILL = {
    "active_customers_in_sales",
    "qualified_accounts",
    "enterprise_customers",
    "trials",
    "activation",
}
NO_IDENTITY = {  # nothing in them asks whose a row is
    "actions",
    "open_tickets",
    "open_urgent_tickets",
    "emails_sent",
    "emails_clicked",
    "recent_tickets",
    "hours_to_first_response",
    "days_to_solve",
    "orders",
    "paid_revenue",
    "next_renewal",
    "lifetime_value",
    "revenue_this_year",
    "revenue_12_months",
    "mrr",
    "arr",
    "opening_mrr",
}
COUNTS = {  # of accounts or users: whoever stands apart may count twice, or on neither side
    "active_customers",
    "customers",
    "active_by_paid_period",
    "active_customers_in_sales",
    "qualified_accounts",
    "enterprise_customers",
    "churned_customers",
    "accounts_at_risk",
    "users_to_onboard",
    "active_users",
    "trials",
    "activated_trials",
    "engaged_users",
    "opening_customers",
    "new_customers",
    "lost_customers",
}


def told(true: object, ours: object) -> object:
    """A true number, rounded once to the places in which ours is told."""
    if not isinstance(true, Decimal) or ours is None:
        return true
    places = (
        Decimal(1).scaleb(ours.as_tuple().exponent) if isinstance(ours, Decimal) else Decimal(1)
    )
    return true.quantize(places, ROUND_HALF_UP)


def same(ours: dict, true: dict) -> bool:
    return ours == {period: told(value, ours.get(period)) for period, value in true.items()}


@pytest.mark.parametrize("metric", METRICS)
def test_under_true_identity_every_month_and_the_value_are_exactly_true(
    sample: Sample, metric: str
) -> None:
    ours = sample.known.value(metric)
    assert ours == told(sample.numbers.value(metric), ours)
    assert (f"m__{metric}__month" in sample.plan) == (metric not in STILL)
    if metric not in STILL:
        assert same(sample.known.months(metric), sample.numbers.months(metric))


@pytest.mark.parametrize(("metric", "ago"), QUARTERS_AGO.items())
def test_the_expansion_of_a_quarter_and_of_those_before_it_is_exactly_true(
    sample: Sample, metric: str, ago: int
) -> None:
    ends = [f"{end:%Y-%m}" for end in sample.world.months if end.month % 3 == 0]
    true = [
        sum(sample.numbers.moves.expansion_of_quarter(end).values(), Decimal(0)) for end in ends
    ]
    ours = sample.known.value(metric)
    assert ours == told(true[-1 - ago], ours) > 0
    quarters = sample.known.periods(metric, "quarter")
    told_of = {start: value for start, value in quarters.items() if start >= dt.date(2023, 7, 1)}
    assert len(told_of) == 8
    assert all(
        value == told(true[ends.index(f"{start.year}-{start.month + 2:02}") - ago], value)
        for start, value in told_of.items()
    )


@pytest.mark.parametrize(
    ("metric", "grain"), [("mrr", "quarter"), ("paid_revenue", "quarter"), ("paid_revenue", "year")]
)
def test_a_quarter_or_year_is_its_last_month_of_a_level_and_all_of_its_months_of_a_flow(
    sample: Sample, metric: str, grain: str
) -> None:
    true: dict[dt.date, Decimal] = {}
    for month, value in sorted(sample.numbers.months(metric).items()):
        year, number = int(month[:4]), int(month[5:])
        start = dt.date(year, 1 + (number - 1) // 3 * 3 if grain == "quarter" else 1, 1)
        true[start] = value if metric == "mrr" else true.get(start, Decimal(0)) + value
    assert len(true) > 2
    assert same(sample.known.periods(metric, grain), true)


def test_users_of_every_week_are_exactly_true(sample: Sample) -> None:
    ours = sample.known.periods("active_users", "week")
    assert len(ours) > 100
    for monday, value in ours.items():
        assert value == sample.numbers.people(min(monday + dt.timedelta(days=6), AS_OF)), monday


@pytest.mark.parametrize("metric", sorted(NO_IDENTITY))
def test_what_does_not_ask_for_identity_is_exactly_true_as_it_is(
    sample: Sample, metric: str
) -> None:
    ours = sample.value(metric)
    assert ours == told(sample.numbers.value(metric), ours)
    assert same(sample.months(metric), sample.numbers.months(metric))


@pytest.mark.parametrize("metric", sorted(COUNTS))
def test_counts_are_off_by_no_more_than_what_stands_apart(sample: Sample, metric: str) -> None:
    """Exact rules leave duplicates apart; `test_true_rules` shows that nobody else makes the
    difference.
    """
    entity = "P" if metric in ("users_to_onboard", "active_users", "engaged_users") else "A"
    too_many = sum(times for who, times in sample.apart.items() if who[0] == entity)
    assert abs(sample.value(metric) - sample.numbers.value(metric)) <= too_many
    if metric not in STILL:
        true = sample.numbers.months(metric)
        assert all(
            abs(value - true[month]) <= too_many for month, value in sample.months(metric).items()
        )


def test_every_metric_has_its_kind() -> None:
    """The others are made of those, so their difference is made of theirs."""
    made = set(METRICS) - NO_IDENTITY - COUNTS
    movements = {
        name
        for name, metric in SEVEN["metrics"].items()
        if str(metric.get("measure", "")).startswith("mrr_movement.")
    }
    assert {
        name for name in made if SEVEN["metrics"][name]["type"] not in ("ratio", "derived")
    } == movements - NO_IDENTITY - COUNTS


def test_the_answers_are_those_of_the_truths_tables(sample: Sample) -> None:
    """Two computations of the truth: that of its maker, and that of these tests."""
    answers, numbers = sample.answers, sample.numbers
    for metric, said in {
        "mrr": "mrr_at_month_end",
        "paid_revenue": "paid_revenue_by_month_of_issue",
    }.items():
        assert {
            month: told(value, Decimal("0.01")) for month, value in numbers.months(metric).items()
        } == {m: Decimal(v["in_EUR"]) for m, v in answers[said].items()}
    assert numbers.value("active_customers") == answers["active"]["paid_and_used"]
    assert (
        numbers.value("active_by_paid_period") == answers["active"]["paid_period_running_and_used"]
    )
    assert numbers.value("churned_customers") == len(answers["churned_on"])
    assert numbers.value("open_urgent_tickets") == answers["tickets"]["urgent_and_open"]
    assert numbers.value("open_tickets") == answers["tickets"]["open"]
    assert numbers.value("engaged_users") == answers["engaged_people"]
    assert (numbers.value("emails_sent"), numbers.value("emails_clicked")) == (
        answers["messages"]["sent"],
        answers["messages"]["clicked"],
    )
