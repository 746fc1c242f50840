"""What the metrics page concludes about control totals, definitions, dashboards, metrics that are
not calculated, and owners.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.finding import Finding
from workbook.metrics.compile.as_of_clock import by_calendar, by_fiscal
from workbook.metrics.compile.dashboard_times import cut_in_utc
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.report import dashboard_rows, definition_wording
from workbook.metrics.report.check_findings import check_findings
from workbook.metrics.report.control_wording import control_of
from workbook.metrics.report.metric_evidence import MetricEvidence, is_month, part_of
from workbook.metrics.report.metric_wording import shown_name
from workbook.metrics.results.definitions import DefinitionChoice, resting_on
from workbook.metrics.results.metric_result import UNDECIDED, ControlTotalCheck
from workbook.model.times import zone_of
from workbook.words import finding, number


def conclude(evidence: MetricEvidence) -> list[Finding]:
    """Every finding of the page; a step without a metric is open."""
    if evidence.model.is_open("metrics") or not evidence.model.metrics.metrics:
        return [finding(evidence.model, "metrics.open", owner="")]
    parts = (
        _controls,
        _without_value,
        check_findings,
        _calendar,
        _choices,
        _disagreements,
        _dashboards,
        _dashboard_times,
        _refused,
        _unowned,
    )
    return [concluded for part in parts for concluded in part(evidence)]


def _controls(evidence: MetricEvidence) -> Iterator[Finding]:
    """A total that a metric misses is judged by its check on page 08, with its severity and what
    was accepted; here it is named.
    """
    for name, outcome in evidence.made.items():
        if control := outcome.control:
            if not control.met and not control.later:
                yield _not_met(evidence, name, control)
            if not (control.supplied_by and control.supplied):
                yield _unsigned(evidence, name, control)


def _not_met(evidence: MetricEvidence, name: str, control: ControlTotalCheck) -> Finding:
    return finding(
        evidence.model,
        "metrics.control_total_not_comparable"
        if control.found is None
        else "metrics.control_total_missed",
        1,
        (name,),
        owner=control.owner or evidence.owner(name),
        metric=evidence.label(name),
        control=control_of(evidence.made[name]),
    )


def _unsigned(evidence: MetricEvidence, name: str, control: ControlTotalCheck) -> Finding:
    return finding(
        evidence.model,
        "metrics.control_total_unsigned",
        1,
        (name,),
        owner=control.owner or evidence.owner(name),
        metric=evidence.label(name),
        source=control.where_from,
        supplier=control.supplied_by,
        day=control.supplied,
    )


def _without_value(evidence: MetricEvidence) -> Iterator[Finding]:
    """Metrics that have no value at all."""
    for name, outcome in evidence.made.items():
        if outcome.absent and outcome.absent != UNDECIDED:
            yield finding(
                evidence.model,
                "metrics.no_value",
                1,
                (name,),
                owner=evidence.owner(name),
                metric=evidence.label(name),
                reason=outcome.absent,
            )


def _calendar(evidence: MetricEvidence) -> Iterator[Finding]:
    """Metrics by the calendar's quarter or year, of a business whose fiscal ones begin in another
    month; metrics by the fiscal ones, of a project that does not say when they begin.
    """
    names = by_calendar(evidence.model)
    if names:
        yield finding(
            evidence.model,
            "metrics.calendar_period",
            len(names),
            names,
            metrics=[evidence.label(name) for name in names],
            month=number.MONTHS[evidence.model.project.fiscal_year_starts - 1],
        )
    fiscal = by_fiscal(evidence.model)
    if fiscal and "fiscal_year_starts" not in evidence.model.project.model_fields_set:
        yield finding(
            evidence.model,
            "metrics.fiscal_year_unsaid",
            len(fiscal),
            fiscal,
            metrics=[evidence.label(name) for name in fiscal],
        )


def _choices(evidence: MetricEvidence) -> Iterator[Finding]:
    """A choice among definitions of one name: open, with all their values and who decides; or
    taken, with what the others would give.
    """
    for choice in evidence.choices:
        yield _open(evidence, choice) if choice.open else _chosen(evidence, choice)


def _open(evidence: MetricEvidence, choice: DefinitionChoice) -> Finding:
    return finding(
        evidence.model,
        "metrics.competing",
        len(choice.names),
        choice.names,
        owner=choice.owner,
        name=definition_wording.word_of(evidence.model, choice),
        definitions=[evidence.named(name) for name in choice.names],
        dependants=[evidence.named(name) for name in resting_on(evidence.model, choice)],
        decides=choice.owner,
    )


def _chosen(evidence: MetricEvidence, choice: DefinitionChoice) -> Finding:
    return finding(
        evidence.model,
        "metrics.chosen",
        len(choice.names),
        choice.names,
        owner=choice.owner,
        metric=evidence.named(choice.base),
        chosen=definition_wording.chosen_by(choice),
        reason=choice.because.rstrip("."),
        rejected=[
            definition_wording.rejected_with_reason(choice, name, evidence.named(name))
            for name in choice.names[1:]
        ],
    )


def _disagreements(evidence: MetricEvidence) -> Iterator[Finding]:
    """Things that only one of two definitions counts, by direction; a warning until one of them
    is chosen, for whoever chooses.
    """
    decides = {name: choice.owner for choice in evidence.choices for name in choice.names}
    undecided = {name for choice in evidence.choices if choice.open for name in choice.names}
    for pair in evidence.disagreements:
        yield finding(
            evidence.model,
            "metrics.disagree",
            pair.apart,
            (pair.name, pair.other),
            severity="look" if pair.name in undecided else "note",
            owner=decides.get(pair.name) or evidence.owner(pair.name),
            overlap=definition_wording.overlap_of(evidence.model, pair),
        )


def _dashboards(evidence: MetricEvidence) -> Iterator[Finding]:
    """A dashboard that shows another value than this model, with its causes."""
    for comparison in evidence.dashboards:
        if comparison.difference:
            yield finding(
                evidence.model,
                "metrics.dashboard_differs",
                1,
                (comparison.metric, comparison.name),
                owner=evidence.model.owner_of("metrics", "dashboards", comparison.name),
                differs=dashboard_rows.differs_of(evidence, comparison),
                causes=dashboard_rows.causes_of(evidence, comparison),
            )


def _dashboard_times(evidence: MetricEvidence) -> Iterator[Finding]:
    """Dashboards whose SQL cuts instants into days of UTC, while ours are days of the business's
    zone.
    """
    model = evidence.model
    for name, dashboard in metrics_of(model).dashboards.items():
        if columns := cut_in_utc(model, name):
            yield finding(
                model,
                "metrics.dashboard_utc",
                len(columns),
                (dashboard.competes_with, name),
                owner=model.owner_of("metrics", "dashboards", name),
                dashboard=shown_name(model, name),
                columns=columns,
                metric=evidence.label(dashboard.competes_with),
                zone=str(zone_of(model)),
            )


def _refused(evidence: MetricEvidence) -> Iterator[Finding]:
    """Refused values, splits, rules and movements; a metric without months, in all or by a
    dimension, is no finding.
    """
    for refusal in evidence.refused():
        if not is_month(refusal.part):
            yield finding(
                evidence.model,
                "metrics.refused",
                1,
                (refusal.name,),
                owner=evidence.owner(refusal.name),
                metric=evidence.label(refusal.name),
                part=part_of(refusal.part) if refusal.part else "",
                reason=refusal.reason.rstrip("."),
                remedy=refusal.advice,
            )


def _unowned(evidence: MetricEvidence) -> Iterator[Finding]:
    names = [name for name in metrics_of(evidence.model).metrics if not evidence.owner(name)]
    if names:
        yield finding(
            evidence.model,
            "metrics.no_owner",
            len(names),
            names,
            owner="",
            metrics=[evidence.label(name) for name in names],
        )
