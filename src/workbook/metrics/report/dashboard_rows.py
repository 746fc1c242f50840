"""Rows of the page's figure on dashboards, with the causes of their differences."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report import wording
from workbook.metrics.report.findings import Evidence
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.metric_result import MetricResult
from workbook.words import number


def dashboard_rows(evidence: Evidence, most: int) -> list[dict[str, Any]]:
    """Per dashboard a row for both numbers, one per cause of their difference, and one for each
    of its newest months.
    """
    rows: list[dict[str, Any]] = []
    for each in evidence.dashboards:
        rows.append(_in_all(evidence, each))
        rows += [
            _cause(evidence, each, cause.name.capitalize(), cause.count, cause.ours, cause.theirs)
            for cause in each.causes
        ]
        rows += [
            _cause(evidence, each, number.date(month), None, ours, theirs)
            for month, ours, theirs in each.months[-most:]
        ]
    return rows


def _in_all(evidence: Evidence, each: DashboardComparison) -> dict[str, Any]:
    outcome = evidence.made.get(each.metric, MetricResult(each.metric))
    return {
        **_cause(evidence, each, "In all", None, None, None),
        "about": each.why_not or metrics_of(evidence.model).dashboards[each.name].because,
        "ours": wording.value_of(outcome),
        "theirs": wording.theirs_of(outcome, each),
        "tone": "strong",
        "difference": wording.difference_of(outcome, each.difference),
    }


def _cause(
    evidence: Evidence,
    each: DashboardComparison,
    name: str,
    count: int | None,
    ours: Decimal | None,
    theirs: Decimal | None,
) -> dict[str, Any]:
    outcome = evidence.made.get(each.metric, MetricResult(each.metric))

    def said(value: Decimal | None, sign: bool = False) -> str:
        return wording.format_metric_value(
            wording.round_money(value, outcome.kind), outcome.kind, outcome.unit, sign=sign
        )

    difference = None if ours is None or theirs is None else theirs - ours
    title = f"{wording.shown_of(evidence.model, each)}, against {evidence.label(each.metric)}"
    return {
        "title": title,
        "about": "",
        "cause": name,
        "count": count,
        "ours": said(ours),
        "theirs": said(theirs),
        "difference": said(difference, True),
        "tone": "",
    }
