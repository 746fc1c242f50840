"""Every segment of every metric under true identity: rows of the truth, split by what the
systems hold of their customer.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from sample_of_truth import Sample
from test_numbers import SEVEN, told
from test_true_golden import BY_HAND
from true_world import AS_OF, DAY, NEVER

JUNE = "2025-06"
NONE, NOT_LINKED = "(none)", "(not linked)"
BY = [
    (name, dimension)
    for name, metric in SEVEN["metrics"].items()
    for dimension in metric.get("by", ())
]


TODAY, THEN = (
    [pair for pair in BY if " " not in pair[1]],
    [pair for pair in BY if pair[1].endswith(" then")],
)


def total(pairs: Iterable[tuple[Any, Decimal]]) -> dict[Any, Decimal]:
    found: dict[Any, Decimal] = defaultdict(Decimal)
    for segment, value in pairs:
        found[segment] += value
    return dict(found)


def rows_of(sample: Sample) -> dict[str, Callable[[], Iterable[tuple[str, Decimal]]]]:
    """Per metric: the account of every row that it counts, and what the row adds."""
    world, numbers = sample.world, sample.numbers
    return {
        "customers": lambda: ((who, Decimal(1)) for who in numbers.rules.on("subscribed", AS_OF)),
        "churned_customers": lambda: (
            (who, Decimal(1)) for who in numbers.rules.on("churned", AS_OF)
        ),
        "mrr": lambda: numbers.moves.levels(JUNE, JUNE).items(),
        "lifetime_value": lambda: (
            (i["account"], numbers.worth(i)) for i in world.invoices if i["status"] == "paid"
        ),
        "paid_revenue": lambda: (
            (i["account"], numbers.worth(i)) for i in world.invoices if i["status"] == "paid"
        ),
    }


def same(ours: dict[str, object], true: dict[str, object]) -> bool:
    return ours == {segment: told(value, ours.get(segment)) for segment, value in true.items()}


@pytest.mark.parametrize(("metric", "dimension"), TODAY)
def test_every_segment_is_exactly_true(sample: Sample, metric: str, dimension: str) -> None:
    segment = BY_HAND[dimension](sample.world)
    true = total((segment.get(who, NONE), value) for who, value in rows_of(sample)[metric]())
    assert len(true) > 2
    assert same(sample.known.segments(metric, dimension), true)


def rows_of_months(sample: Sample) -> dict[str, Callable[[], Iterable[tuple[str, str, Decimal]]]]:
    """Per metric: the month and the account of every row that it counts, and what the row adds."""
    world, numbers = sample.world, sample.numbers
    ends = {f"{end:%Y-%m}": end for end in world.months}
    return {
        "customers": lambda: (
            (month, who, Decimal(1))
            for month, end in ends.items()
            for who in numbers.rules.on("subscribed", end)
        ),
        "churned_customers": lambda: (
            (month, who, Decimal(1))
            for month, end in ends.items()
            for who in numbers.rules.on("churned", end)
        ),
        "lifetime_value": lambda: (
            (month, i["account"], numbers.worth(i))
            for i in world.invoices
            if i["status"] == "paid"
            for month in ends
            if i["issued_on"][:7] <= month
        ),
        "mrr": lambda: (
            (month, who, level)
            for month in ends
            for who, level in numbers.moves.levels(month, month).items()
        ),
        "paid_revenue": lambda: (
            (i["issued_on"][:7], i["account"], numbers.worth(i))
            for i in world.invoices
            if i["status"] == "paid"
        ),
    }


@pytest.mark.parametrize(("metric", "dimension"), TODAY)
def test_every_segment_of_every_month_is_exactly_true(
    sample: Sample, metric: str, dimension: str
) -> None:
    """An account's segment is the one of today, also in an earlier month."""
    segment = BY_HAND[dimension](sample.world)
    true = total(
        ((month, segment.get(who, NONE)), value)
        for month, who, value in rows_of_months(sample)[metric]()
    )
    assert len(true) > 40
    assert same(sample.known.segments_of_months(metric, dimension), true)


def plan_on(sample: Sample, who: str, day: dt.date) -> str:
    """The plan of the newest subscription in force on a day; of two that began together the one
    that ends first, after which the other goes on.
    """
    in_force = [
        (s.start, -s.end.toordinal(), s.plan)
        for s in sample.world.subscriptions
        if s.account == who and s.runs_on(day)
    ]
    return max(in_force)[-1] if in_force else NONE


def rows_then(
    sample: Sample,
) -> dict[str, Callable[[], Iterable[tuple[str, str, dt.date, Decimal]]]]:
    """Per metric: the month and the account of every row that it counts, the day on which it
    asks what held then, what the row adds.
    """
    world, numbers = sample.world, sample.numbers
    ends = {f"{end:%Y-%m}": end for end in world.months}
    months = rows_of_months(sample)
    return {
        name: lambda name=name: (
            (month, who, ends[month], value) for month, who, value in months[name]()
        )
        for name in ("customers", "mrr")
    } | {
        "paid_revenue": lambda: (
            (
                i["issued_on"][:7],
                i["account"],
                dt.date.fromisoformat(i["issued_on"]),
                numbers.worth(i),
            )
            for i in world.invoices
            if i["status"] == "paid"
        )
    }


@pytest.mark.parametrize(("metric", "dimension"), THEN)
def test_every_segment_of_every_month_is_the_one_of_then(
    sample: Sample, metric: str, dimension: str
) -> None:
    """Customers and MRR by the plan at each month's end, revenue by that of the invoice's day;
    each is another split than by today's plan.
    """
    true = total(
        ((month, plan_on(sample, who, day)), value)
        for month, who, day, value in rows_then(sample)[metric]()
    )
    assert len(true) > 40
    assert same(sample.known.segments_of_months(metric, dimension), true)
    assert sample.known.segments_of_months(metric, dimension) != sample.known.segments_of_months(
        metric, dimension.removesuffix(" then")
    )
    whole = total(
        (plan, value)
        for (month, plan), value in true.items()
        if metric == "paid_revenue" or month == JUNE
    )
    assert same(sample.known.segments(metric, dimension), whole)


def test_country_is_told_of_every_paying_account_as_it_is_true(sample: Sample) -> None:
    country = {who: orgs[0]["country"] for who, orgs in sample.world.accounts.items()}
    for metric in ("customers", "paid_revenue"):
        assert same(
            sample.known.segments(metric, "account.country"),
            total((country[who], value) for who, value in rows_of(sample)[metric]()),
        )


def test_plan_at_churn_is_that_of_the_last_subscription(sample: Sample) -> None:
    """Of several that ended on that day, the dearest: as the truth's maker has it, and as these
    rows have it.
    """
    last: dict[str, tuple] = {}
    for s in sample.world.subscriptions:
        last[s.account] = max(last.get(s.account, ()), (s.end, s.mrr, s.key, s.plan))
    true = {who: best[-1] for who, best in last.items() if best[0] <= AS_OF}
    assert true == sample.answers["plan_at_churn"]
    assert sample.known.segments("churned_customers", "account.plan at churn") == Counter(
        true.values()
    )
    assert dict(sample.known.query('select id, value from "account__plan__at__churn"')) == true


def test_every_accounts_own_numbers(sample: Sample) -> None:
    """What other pages read of each account: its MRR, its next renewal, its users, their trend,
    its tickets, its points, its growth.
    """
    world, numbers, known = sample.world, sample.numbers, sample.known
    assert same(known.segments("mrr", "account.id"), numbers.moves.levels(JUNE, JUNE))
    renewals = [(s.account, s.renewal) for s in world.subscriptions if s.runs_on(AS_OF)]
    assert known.segments("next_renewal", "account.id") == {
        who: min((at for whose, at in renewals if whose == who and at != NEVER), default=None)
        for who, _ in renewals
    }
    now, before = (users(sample, AS_OF - days * DAY) for days in (0, 30))
    assert known.segments("active_users", "account.id") == now
    trend = {
        who: Decimal(now[who]) / before[who] if who in now and who in before else None
        for who in now | before
    }
    assert same(known.segments("usage_trend", "account.id"), trend)
    for metric, rule in (("open_tickets", "open_ticket"), ("recent_tickets", "recent_ticket")):
        held = numbers.rules.on(rule, AS_OF)
        assert known.segments(metric, "account.id") == Counter(
            t["account"] or NOT_LINKED for t in world.tickets if t["ticket_id"] in held
        )


def test_every_accounts_points_and_growth(sample: Sample) -> None:
    """The score of churn risk with its reasons, and the expansion of three quarters."""
    told_of = {
        who: (points, reasons)
        for who, points, reasons in sample.known.query(
            "select id, points, reasons from account__rule__churn_risk"
        )
        if points is not None
    }
    true = sample.numbers.rules.points(AS_OF)
    assert {who: points for who, (points, _) in told_of.items()} == true
    assert {points for points in true.values()} > {0, 20, 50, 70}
    assert all(
        sum(int(each.rpartition("(")[2][:-1]) for each in reasons.split("; ") if each) == points
        for points, reasons in told_of.values()
    )
    for ago, metric in enumerate(
        ("expansion_this_quarter", "expansion_1_quarter_ago", "expansion_2_quarters_ago")
    ):
        end = ("2025-06", "2025-03", "2024-12")[ago]
        ours = dict(sample.known.query(f'select id, value from "m__{metric}__per__account"'))
        assert same(ours, sample.numbers.moves.expansion_of_quarter(end))


def users(sample: Sample, last) -> dict[str, int]:
    people = {(u.account, u.person) for u in sample.world.used(last, 30)}
    return Counter(account for account, person in people if person[0] == "P")
