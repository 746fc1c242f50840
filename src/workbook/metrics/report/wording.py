"""How numbers, outside figures and caveats are said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workbook.metrics.compile.movements import KINDS
from workbook.metrics.compile.resolve import measure_of, metrics_of
from workbook.metrics.compile.time_spine import NotComputableError
from workbook.metrics.compile.units import SHARE
from workbook.metrics.report.caveat_wording import TOLD, left_out_of
from workbook.metrics.results.confidence_range import Range
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.definitions import DefinitionChoice, choice_of, rests_on_choice
from workbook.metrics.results.metric_check import MetricCheck
from workbook.metrics.results.metric_result import ControlTotalCheck, MetricResult, Value
from workbook.model import Model
from workbook.model.caveats import caveats_of
from workbook.model.literals import readable
from workbook.model.schema import Metric
from workbook.words import number
from workbook.words.wording import capital, humanize

UNTIED = "not tied to an outside figure"


def label_of(model: Model, name: str) -> str:
    """What a metric or movement is called on a page."""
    metric = metrics_of(model).metrics.get(name)
    return (metric.label if metric else "") or capital(humanize(name))


def format_metric_value(value: Value, kind: str, unit: str, *, sign: bool = False) -> str:
    """A value as a page writes it: dates, money with its currency, shares in percent, counts whole.

    With `sign` it is a difference: of shares in percentage points, with + where it is more.
    """
    if value is None:
        return "–"
    if isinstance(value, dt.date):
        return number.date(value)
    if unit == SHARE:
        text = number.number(value * 100, 1, "points") if sign else number.percent(value)
    elif len(unit) == 3 and unit.isalpha() and unit.isupper():
        text = number.money(value, unit)
    elif kind in ("count", "whole"):
        text = number.number(value, 0, unit)
    else:
        text = number.number(value, 2 if kind in ("ratio", "money") else None, unit)
    return f"+{text}" if sign and value > 0 else text


def value_of(outcome: MetricResult) -> str:
    """The value of an outcome with its range, or `refused`."""
    if outcome.refused:
        return "refused"
    value = format_metric_value(outcome.value, outcome.kind, outcome.unit)
    return (
        f"{value} ({range_said(outcome.range, outcome.kind, outcome.unit)})"
        if outcome.range
        else value
    )


def range_said(found: Range, kind: str, unit: str) -> str:
    """Where a value lies, and how few events tell so."""
    if found.low is None or found.high is None:
        return f"no range can be given, from {found.events}"
    return (
        f"between {format_metric_value(found.low, kind, unit)} and"
        f" {format_metric_value(found.high, kind, unit)}, from {found.events}"
    )


def supplied_of(model: Model, outcome: MetricResult) -> str:
    """Who gave the outside figure, and when, and whether they own the number, too; '' without
    one.
    """
    control = outcome.control
    if control is None:
        return ""
    by = f" by {control.supplied_by}" if control.supplied_by else ""
    on = f" on {number.date(control.supplied)}" if control.supplied else ""
    owner = model.owner_of("metrics", "metrics", outcome.name)
    same = (
        f"; {owner} owns the number, too"
        if owner and control.supplied_by in (owner, model.project.departments.get(owner))
        else ""
    )
    return f"supplied{by}{on}{same}" if by or on else "nobody says who supplied it, or when"


def control_of(outcome: MetricResult) -> str:
    """Whether it meets its outside figure, in words."""
    control = outcome.control
    if outcome.refused or control is None:
        return UNTIED if control is None else f"cannot be compared with {control.where_from}"
    stated = format_metric_value(control.expected, outcome.kind, outcome.unit)
    if control.found is None:
        return (
            f"cannot be compared with {control.where_from} ({stated}): no value for"
            f" {control.period}"
        )
    if control.met and not control.difference:
        return f"agrees with {_where(control)}: {stated}"
    by = format_metric_value(control.difference, outcome.kind, outcome.unit, sign=True)
    if control.met:
        return f"agrees with {_where(control)} ({stated}) within what was agreed: {by}"
    return f"misses {_where(control)} ({stated}) by {by}{_part(control)}"


def _where(control: ControlTotalCheck) -> str:
    """Where an outside figure is from, and of which period it is, unless the words for it say
    so.
    """
    year, _, month = control.period.strip().partition("-")
    spoken = (
        f"{number.MONTHS[int(month) - 1]} {year}"
        if month.isdigit() and 1 <= int(month) <= len(number.MONTHS)
        else control.period.strip()
    )
    return (
        f"{control.where_from} for {spoken}"
        if spoken and spoken.casefold() not in control.where_from.casefold()
        else control.where_from
    )


def _part(control: ControlTotalCheck) -> str:
    share = (
        abs(control.difference or Decimal(0)) / abs(control.expected) if control.expected else None
    )
    return f", {number.percent(share)}" if share is not None and share >= Decimal("0.0005") else ""


def caveat_of(
    model: Model,
    outcome: MetricResult,
    made: Mapping[str, MetricResult],
    proofs: Iterable[MetricCheck],
    dashboards: Iterable[DashboardComparison] = (),
) -> str:
    """What a reader must know before using a number, in one or two sentences; '' where there is
    nothing.
    """
    if outcome.refused or outcome.absent:
        return _sentence(outcome.refused or outcome.absent)
    mine = [proof for proof in proofs if proof.metric == outcome.name]
    parts = [
        describe_mismatch(outcome, proof)
        for proof in mine
        if proof.verdict == "fail" and proof.kind != "control"
    ]
    if outcome.range:
        parts.append(f"{_sentence(range_said(outcome.range, outcome.kind, outcome.unit))}")
    parts += [_sentence(left_out_of(model, proof)) for proof in mine if proof.kind in TOLD]
    parts += [_sentence(said.rstrip(".")) for said in caveats_of(model, outcome.name)]
    parts += rivals_of(model, outcome.name, made)
    parts += [
        f"{shown_of(model, each)} shows {theirs_of(outcome, each)}."
        for each in dashboards
        if each.metric == outcome.name and each.difference
    ]
    return " ".join(parts)


def rivals_of(model: Model, name: str, made: Mapping[str, MetricResult]) -> list[str]:
    """What to know of a number that has rivals, or that is made of one: is a choice open, what
    was chosen.
    """
    said_so, own = [], choice_of(model, name)
    if own and own.open:
        others = " and ".join(named_of(model, made, each) for each in own.names if each != name)
        said_so.append(
            f"Not chosen yet: {others} {'claims' if len(own.names) == 2 else 'claim'} the same"
            " name."
        )
    elif own:
        said_so.append(
            f"{capital(chosen_by(own))}."
            if own.base == name
            else f"Rejected for {named_of(model, made, own.base)}."
        )
    for part, choice in rests_on_choice(model, name):
        if choice.open:
            said_so.append(
                f"It rests on {label_of(model, part)}, which is not chosen yet among"
                f" {len(choice.names)} figures."
            )
        elif part != choice.base:
            said_so.append(
                f"It rests on {label_of(model, part)}, which was rejected for"
                f" {label_of(model, choice.base)}."
            )
    return said_so


def chosen_by(choice: DefinitionChoice) -> str:
    """`chosen by finance on 31 December 2024`."""
    day = f" on {number.date(choice.day, long=True)}" if choice.day else ""
    return f"chosen by {choice.owner or 'nobody who is named'}{day}"


def named_of(model: Model, made: Mapping[str, MetricResult], name: str) -> str:
    """A number with its value: `Label (value)`."""
    return f"{label_of(model, name)} ({value_of(made[name])})"


def shown_of(model: Model, each: DashboardComparison) -> str:
    """What a dashboard is called: where it stands, with a capital."""
    return shown_name(model, each.name)


def shown_name(model: Model, name: str) -> str:
    """What the dashboard of this name is called."""
    where = metrics_of(model).dashboards[name].where_from or name.replace("_", " ")
    return where[:1].upper() + where[1:]


def theirs_of(outcome: MetricResult, each: DashboardComparison) -> str:
    """The number that a dashboard shows, in the words of ours."""
    return format_metric_value(round_money(each.value, outcome.kind), outcome.kind, outcome.unit)


def difference_of(outcome: MetricResult, difference: Decimal | None) -> str:
    """A difference from a number, in the number's words."""
    return format_metric_value(
        round_money(difference, outcome.kind), outcome.kind, outcome.unit, sign=True
    )


def differs_of(model: Model, outcome: MetricResult, each: DashboardComparison) -> str:
    """Both numbers and the causes between them, the greatest first, in one sentence."""
    moving = sorted(
        (cause for cause in each.causes if cause.difference),
        key=lambda cause: (-abs(cause.difference), cause.name),
    )
    parts = [
        f"{cause.name} {difference_of(outcome, cause.difference)} ({cause.count:,})"
        for cause in moving
    ]
    why = f": {', '.join(parts)}" if parts else ""
    label = label_of(model, outcome.name)
    return (
        f"{shown_of(model, each)} shows {theirs_of(outcome, each)} for {label}, which is"
        f" {value_of(outcome)} here{why}."
    )


def orphans_of(label: str, outcome: MetricResult, proof: MetricCheck) -> str:
    """Rows that belong to no segment of a dimension, with what they come to."""
    amount = (
        f" ({format_metric_value(round_money(proof.amount, outcome.kind), outcome.kind, outcome.unit)})"
        if proof.amount and outcome.kind == "money"
        else ""
    )
    belong, reach = ("belongs", "it reaches") if proof.rows == 1 else ("belong", "they reach")
    return (
        f"{number.plural(proof.rows, 'row')} of {label}{amount} {belong} to no segment by"
        f" {proof.about.replace('_', ' ')}: {reach} no counterpart, or several."
    )


def round_money(value: Decimal | None, kind: str) -> Decimal | None:
    """An amount of money rounded to what is paid; anything else as it is."""
    return (
        value
        if value is None or kind != "money"
        else value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    )


def means_of(model: Model, name: str) -> str:
    """What a number means: its own words, those of the rule that it counts, or how it is
    computed.
    """
    part = metrics_of(model)
    metric = part.metrics[name]
    rule = part.rules.get(metric.filter.strip())
    return (
        metric.means
        or (rule.means if rule else "")
        or f"Computed as {_recipe(model, metric)}; what it means is not written down."
    )


def _recipe(model: Model, metric: Metric) -> str:
    if metric.type == "ratio":
        return (
            f"{label_of(model, metric.numerator)} divided by {label_of(model, metric.denominator)}"
        )
    if metric.type == "derived":
        return metric.expr
    movement, dot, kind = metric.measure.partition(".")
    if dot and movement in metrics_of(model).movements:
        return f"the part “{kind}” of what moved {metrics_of(model).movements[movement].of}"
    try:
        entity, measure = measure_of(model, metric.measure)
    except NotComputableError:
        return f"measure {metric.measure}"
    what = f"{measure.agg.replace('_', ' ')} of {readable(model, measure.expr) or entity}"
    where = f" where {readable(model, metric.filter)}" if metric.filter else ""
    window = (
        f", over {metric.window}"
        if metric.window
        else (
            f", since the {metric.grain_to_date.replace('_', ' ')} began"
            if metric.grain_to_date
            else ""
        )
    )
    return what + where + window


def moving_of(model: Model, name: str) -> str:
    """What a movement moves, by the name of the number that shows it."""
    part = metrics_of(model)
    level = part.movements[name].of
    shown = [
        metric
        for metric, each in part.metrics.items()
        if each.type == "simple" and each.measure == level and not each.filter
    ]
    return label_of(model, shown[0]) if shown else level.replace("_", " ")


def ladder_of(model: Model, name: str, last: Mapping[str, Any], unit: str, called: str = "") -> str:
    """The latest period of a movement in words, from opening to closing."""
    by = metrics_of(model).movements[name].by.replace("_", " ")
    amounts = {
        kind: format_metric_value(
            round_money(last[kind], "money"), "money", unit, sign=kind in KINDS
        )
        for kind in (*KINDS, "opening", "closing")
    }
    parts = [
        f"{kind} {amounts[kind]} ({last[f'{kind}_count']})"
        for kind in KINDS
        if last[f"{kind}_count"]
    ]
    rates = round_money(last["revaluation"], "money")
    before = (
        f" Exchange rates alone had changed {format_metric_value(rates, 'money', unit, sign=True)}"
        " before that."
        if rates
        else ""
    )
    return (
        f"The latest{f', {called}' if called else ''}: opening {amounts['opening']},"
        f" {', '.join(parts) or 'nothing moved'}, closing {amounts['closing']}. In brackets, how"
        f" many. Every change of one {by} in one period has exactly one name, and is valued at the"
        f" rates of the period's end.{before}"
    )


def describe_mismatch(outcome: MetricResult, proof: MetricCheck) -> str:
    """What does not add up, in one sentence."""
    if proof.kind == "key":
        return (
            f"{proof.about} has {number.plural(proof.rows, 'row')} more than different ids, so"
            " joins to it would count rows twice."
        )
    if proof.kind == "rows":
        return (
            f"{number.plural(proof.rows, 'row')} of {proof.about}"
            f" {'is' if proof.rows == 1 else 'are'} counted twice."
        )
    by = format_metric_value(proof.difference, outcome.kind, outcome.unit, sign=True)
    if proof.kind == "segments":
        return f"The segments by {proof.about} differ from the total by {by}."
    if proof.kind == "months":
        return f"The {proof.about}s differ from the total by {by}."
    if proof.kind == "periods":
        return f"The segments by {proof.about} differ from it by {by}."
    return f"{proof.about} differs from what it must be by {by}."


def _sentence(text: str) -> str:
    return (
        text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
        if text
        else ""
    )
