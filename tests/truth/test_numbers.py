"""Numbers of the sample equal those that its truth gives, on two seeds."""

from __future__ import annotations

from decimal import Decimal

from sample_of_truth import Sample


def test_mrr_at_every_month_end(sample: Sample) -> None:
    true = {month: Decimal(value["in_EUR"]) for month, value in sample.answers["mrr_at_month_end"].items()}
    ours = sample.months("mrr")
    assert {month: ours[month] for month in true} == true


def test_paid_revenue_by_month_of_issue(sample: Sample) -> None:
    true = {month: Decimal(value["in_EUR"]) for month, value in sample.answers["paid_revenue_by_month_of_issue"].items()}
    ours = sample.months("paid_revenue")
    assert {month: ours[month] for month in true} == true


def test_open_tickets(sample: Sample) -> None:
    assert sample.value("open_urgent_tickets") == sample.answers["tickets"]["urgent_and_open"]
