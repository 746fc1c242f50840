"""Whether a metric is reconciled with its control total, and who supplied that, in words."""

from __future__ import annotations

from decimal import Decimal

from workbook.metrics.report.metric_wording import format_metric_value
from workbook.metrics.results.definitions import choice_of, rests_on_choice
from workbook.metrics.results.metric_result import ControlTotalCheck, MetricResult
from workbook.model import Model
from workbook.words import number, words_of

CONTROL = words_of("control_totals")
_SHOWN_FROM = Decimal("0.0005")  # of the total; a smaller share would read 0.0 %


def status_of(model: Model, outcome: MetricResult) -> str:
    """The state of a metric: Reconciled, Not reconciled, Provisional or No control total, with
    what it is compared with.
    """
    if outcome.control is None and _is_undecided(model, outcome.name):
        return CONTROL.text("undecided")
    return control_of(outcome)


def standing_of(model: Model, outcome: MetricResult) -> str:
    """The same as one of the results of a check: pass (reconciled), fail (not reconciled), look
    (provisional), untested (nothing to compare with).
    """
    control = outcome.control
    if control is None:
        return "look" if _is_undecided(model, outcome.name) else "untested"
    if outcome.refused or control.later or control.found is None:
        return "look"
    return "pass" if control.met else "fail"


def _is_undecided(model: Model, name: str) -> bool:
    """Whether nobody chose its definition, or that of a metric that it is made of."""
    own = choice_of(model, name)
    return bool(own and own.open) or any(choice.open for _, choice in rests_on_choice(model, name))


def control_of(outcome: MetricResult) -> str:
    """Whether it agrees with its control total, in words."""
    control = outcome.control
    if control is None:
        return CONTROL.text("none")
    if outcome.refused:
        return CONTROL.text("not_calculated", source=control.where_from)
    stated = format_metric_value(control.expected, outcome.kind, outcome.unit)
    if control.later:
        return CONTROL.text("later", source=_source(control))
    if control.found is None:
        return CONTROL.text(
            "no_value", period=control.period, source=control.where_from, stated=stated
        )
    source, only = _source(control), only_period(control)
    if control.met and not control.difference:
        return CONTROL.text("reconciled", source=source, stated=stated, only=only)
    difference = format_metric_value(control.difference, outcome.kind, outcome.unit, sign=True)
    if control.met:
        return CONTROL.text(
            "tolerated", source=source, stated=stated, difference=difference, only=only
        )
    return CONTROL.text(
        "missed",
        source=source,
        stated=stated,
        difference=difference,
        share=_share(control),
    )


def supplied_of(model: Model, outcome: MetricResult) -> str:
    """Who supplied the control total, and when, and whether they also own the metric; '' without
    one.
    """
    control = outcome.control
    if control is None or control.later:
        return ""
    if not control.supplied_by and not control.supplied:
        return CONTROL.text("unsigned")
    owner = model.owner_of("metrics", "metrics", outcome.name)
    owns = control.supplied_by in (owner, model.project.departments.get(owner))
    return CONTROL.text(
        "supplied",
        by=control.supplied_by,
        on=control.supplied,
        owner=owner if owner and owns else "",
    )


def only_period(control: ControlTotalCheck) -> str:
    """The period of a control total where the value shown is of another; else ''."""
    return _period(control) if control.other_period else ""


def _period(control: ControlTotalCheck) -> str:
    period = control.period.strip()
    year, _, month = period.partition("-")
    if month.isdigit() and 1 <= int(month) <= len(number.MONTHS):
        return f"{number.MONTHS[int(month) - 1]} {year}"
    return period


def _source(control: ControlTotalCheck) -> str:
    """Where a control total is from, and of which period it is, unless the words for it say so."""
    period = _period(control)
    if not period or period.casefold() in control.where_from.casefold():
        return control.where_from
    return CONTROL.text("source", source=control.where_from, period=period)


def _share(control: ControlTotalCheck) -> str:
    """The difference as a share of the total; '' where it is too small to be read."""
    if not control.expected:
        return ""
    share = abs(control.difference or Decimal(0)) / abs(control.expected)
    return number.percent(share) if share >= _SHOWN_FROM else ""
