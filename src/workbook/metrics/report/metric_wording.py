"""How a metric is written: its name, its value in tables and in prose, and what it means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import NotComputableError
from workbook.metrics.compile.movements import resolve_movement
from workbook.metrics.compile.resolve import measure_of, metrics_of
from workbook.metrics.compile.units import SHARE, resolved
from workbook.metrics.results.confidence_range import Range
from workbook.metrics.results.dashboard_diff import DashboardComparison
from workbook.metrics.results.metric_result import MetricResult, Value
from workbook.model import Model
from workbook.model.personal_literals import readable
from workbook.model.schema import Metric
from workbook.words import number, words_of
from workbook.words.wording import capital, humanize

WORDS = words_of("metric_values")
_ROUNDED_FROM = 1000  # money in prose has three digits from here on
_NAMES = re.compile(r"[A-Za-z_]\w*")


def label_of(model: Model, name: str) -> str:
    """What a metric or movement is called on a page."""
    metric = metrics_of(model).metrics.get(name)
    return (metric.label if metric else "") or capital(humanize(name))


def entity_of(model: Model, name: str) -> str:
    """What one counted row of a metric or movement is; `row` of a metric made of others."""
    try:
        if name in metrics_of(model).movements:
            return humanize(resolve_movement(model, name)[1].entity)
        return humanize(resolved(model, name).entity)
    except WorkbookError:
        return "row"


def format_metric_value(value: Value, kind: str, unit: str, *, sign: bool = False) -> str:
    """A value as a table writes it: dates, money with its currency, shares in percent, counts
    whole.

    With `sign` it is a difference: of shares in percentage points, with + where it is more.
    """
    if value is None:
        return "–"
    if isinstance(value, dt.date):
        return number.date(value)
    if unit == SHARE:
        text = number.number(value * 100, 1, "points") if sign else number.percent(value)
    elif is_currency(unit):
        text = number.money(value, unit)
    elif kind in ("count", "whole"):
        text = number.number(value, 0, unit)
    else:
        text = number.number(value, 2 if kind in ("ratio", "money") else None, unit)
    return f"+{text}" if sign and value > 0 else text


def is_currency(unit: str) -> bool:
    """Whether a unit is the code of a currency."""
    return len(unit) == 3 and unit.isalpha() and unit.isupper()


def prose_value(value: Value, kind: str, unit: str, *, sign: bool = False) -> str:
    """A value as a sentence writes it: money of a thousand and more with three digits, all else
    as in a table.

    >>> prose_value(Decimal("345005.56"), "money", "EUR"), prose_value(122, "count", "")
    ('€345k', '122')
    """
    if isinstance(value, (int, Decimal)) and is_currency(unit) and abs(value) >= _ROUNDED_FROM:
        text = number.compact(value, unit)
        return f"+{text}" if sign and value > 0 else text
    return format_metric_value(value, kind, unit, sign=sign)


def value_of(outcome: MetricResult, *, prose: bool = False) -> str:
    """The value of an outcome with its range, or that it is not calculated."""
    if outcome.refused:
        return WORDS.text("value.refused")
    write = prose_value if prose else format_metric_value
    value = write(outcome.value, outcome.kind, outcome.unit)
    if not outcome.range:
        return value
    written = range_said(outcome.range, outcome.kind, outcome.unit)
    return WORDS.text("value.ranged", value=value, range=written)


def range_said(found: Range, kind: str, unit: str) -> str:
    """The confidence interval of a value, and on how few events it is based."""
    if found.low is None or found.high is None:
        return WORDS.text("value.no_range", events=found.events)
    low, high = (format_metric_value(end, kind, unit) for end in (found.low, found.high))
    return WORDS.text("value.range", low=low, high=high, events=found.events)


def named_of(model: Model, made: Mapping[str, MetricResult], name: str, period: str = "") -> str:
    """A metric with its value and, where it is given, its period: `Label (value, period)`."""
    value = value_of(made[name], prose=True)
    return WORDS.text("value.named", label=label_of(model, name), value=value, period=period)


def shown_of(model: Model, comparison: DashboardComparison) -> str:
    """What a dashboard is called: where it is found, with a capital."""
    return shown_name(model, comparison.name)


def shown_name(model: Model, name: str) -> str:
    """What the dashboard of this name is called."""
    return capital(metrics_of(model).dashboards[name].where_from or humanize(name))


def difference_of(outcome: MetricResult, difference: Decimal | None, *, prose: bool = False) -> str:
    """A difference from a metric, in the unit of the metric."""
    write = prose_value if prose else format_metric_value
    return write(round_money(difference, outcome.kind), outcome.kind, outcome.unit, sign=True)


def round_money(value: Decimal | None, kind: str) -> Decimal | None:
    """An amount of money rounded to what is paid; anything else as it is."""
    return (
        value
        if value is None or kind != "money"
        else value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    )


def means_of(model: Model, name: str) -> str:
    """What a metric means: its own words, those of the rule that it counts, or how it is
    calculated.
    """
    part = metrics_of(model)
    metric = part.metrics[name]
    rule = part.rules.get(metric.filter.strip())
    return (
        metric.means
        or (rule.means if rule else "")
        or WORDS.text("means.unwritten", recipe=_recipe(model, metric))
    )


def _recipe(model: Model, metric: Metric) -> str:
    known = metrics_of(model)
    if metric.type == "ratio":
        labels = {
            end: label_of(model, getattr(metric, end)) for end in ("numerator", "denominator")
        }
        return WORDS.text("means.ratio", **labels)
    if metric.type == "derived":
        return _formula(model, metric.expr)
    movement, dot, kind = metric.measure.partition(".")
    if dot and movement in known.movements:
        return WORDS.text("means.moved", kind=kind, of=known.movements[movement].of)
    try:
        entity, measure = measure_of(model, metric.measure)
    except NotComputableError:
        return WORDS.text("means.unknown", measure=metric.measure)
    return WORDS.text(
        "means.measure",
        agg=measure.agg,
        what=readable(model, measure.expr) or humanize(entity),
        condition=readable(model, metric.filter) if metric.filter else "",
        window=metric.window,
        since=metric.grain_to_date,
    )


def _formula(model: Model, expression: str) -> str:
    """An expression of metrics with their labels."""
    known = metrics_of(model).metrics
    return _NAMES.sub(
        lambda found: label_of(model, found[0]) if found[0] in known else humanize(found[0]),
        expression,
    )
