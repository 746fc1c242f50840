"""Dashboards beside this model's metrics: the rows of the page's figure, and the causes of a
difference in words.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report.metric_evidence import MetricEvidence
from workbook.metrics.report.metric_wording import (
    WORDS,
    difference_of,
    entity_of,
    format_metric_value,
    prose_value,
    round_money,
    shown_of,
    value_of,
)
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.metric_result import MetricResult
from workbook.words import number
from workbook.words.wording import humanize, within

Row = dict[str, Any]
_CAUSES = {
    "only theirs": "only_theirs",
    "only ours": "only_ours",
    "counted more than once": "counted_more_than_once",
    "several records of one": "several_records_of_one",
    "not converted": "not_converted",
    "different amount": "different_amount",
    "nobody of ours": "nobody_of_ours",
    "same": "same",
}


def dashboard_rows(evidence: MetricEvidence, most: int) -> list[Row]:
    """Per dashboard a row with both values, one per cause of their difference, and one for each
    of its newest months.
    """
    rows: list[Row] = []
    for comparison in evidence.dashboards:
        rows.append(_total(evidence, comparison))
        rows += [
            _row(
                evidence,
                comparison,
                cause_label(cause.name),
                count=cause.count,
                ours=cause.ours,
                theirs=cause.theirs,
            )
            for cause in comparison.causes
        ]
        rows += [
            _row(evidence, comparison, number.date(month), ours=ours, theirs=theirs)
            for month, ours, theirs in comparison.months[-most:]
        ]
    return rows


def cause_label(cause: str) -> str:
    """What a cause of a difference is called on a page."""
    return WORDS.text(f"dashboard.causes.{_CAUSES[cause]}")


def differs_of(evidence: MetricEvidence, comparison: DashboardComparison) -> str:
    """What a dashboard shows and what this model calculates, in one sentence."""
    outcome = evidence.made[comparison.metric]
    theirs = round_money(comparison.value, outcome.kind)
    shown, ours = prose_value(theirs, outcome.kind, outcome.unit), value_of(outcome, prose=True)
    if shown == ours:  # rounded alike, and still not the same
        shown = format_metric_value(theirs, outcome.kind, outcome.unit)
        ours = value_of(outcome)
    return WORDS.text(
        "dashboard.differs",
        dashboard=shown_of(evidence.model, comparison),
        theirs=shown,
        metric=evidence.label(comparison.metric),
        ours=ours,
        period=evidence.periods.get(comparison.metric, ""),
    )


def causes_of(evidence: MetricEvidence, comparison: DashboardComparison) -> list[str]:
    """What each cause adds to a difference, the greatest first."""
    outcome, model = evidence.made[comparison.metric], evidence.model
    of = metrics_of(model).dashboards[comparison.name].of
    entity = humanize(of) if of else entity_of(model, comparison.metric)
    moving = sorted(
        (cause for cause in comparison.causes if cause.difference),
        key=lambda cause: (-abs(cause.difference), cause.name),
    )
    return [
        WORDS.text(
            "dashboard.cause",
            cause=within(cause_label(cause.name)),
            difference=difference_of(outcome, cause.difference, prose=True),
            count=cause.count,
            entity=entity,
        )
        for cause in moving
    ]


def _total(evidence: MetricEvidence, comparison: DashboardComparison) -> Row:
    outcome = _outcome(evidence, comparison)
    theirs = round_money(comparison.value, outcome.kind)
    because = metrics_of(evidence.model).dashboards[comparison.name].because
    return {
        **_row(evidence, comparison, WORDS.text("dashboard.total")),
        "about": comparison.why_not or because,
        "ours": value_of(outcome),
        "theirs": format_metric_value(theirs, outcome.kind, outcome.unit),
        "tone": "strong",
        "difference": difference_of(outcome, comparison.difference),
    }


def _row(
    evidence: MetricEvidence,
    comparison: DashboardComparison,
    label: str,
    *,
    count: int | None = None,
    ours: Decimal | None = None,
    theirs: Decimal | None = None,
) -> Row:
    outcome = _outcome(evidence, comparison)

    def written(value: Decimal | None, *, sign: bool = False) -> str:
        rounded = round_money(value, outcome.kind)
        return format_metric_value(rounded, outcome.kind, outcome.unit, sign=sign)

    difference = None if ours is None or theirs is None else theirs - ours
    return {
        "title": WORDS.text(
            "dashboard.title",
            dashboard=shown_of(evidence.model, comparison),
            metric=evidence.label(comparison.metric),
        ),
        "about": "",
        "cause": label,
        "count": count,
        "ours": written(ours),
        "theirs": written(theirs),
        "difference": written(difference, sign=True),
        "tone": "",
    }


def _outcome(evidence: MetricEvidence, comparison: DashboardComparison) -> MetricResult:
    return evidence.made.get(comparison.metric, MetricResult(comparison.metric))
