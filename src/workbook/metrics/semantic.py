"""From a metric's words to what must be computed: its measure, its semantic model, its entity; or a typed refusal."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.metrics.rules import attribute_of, end_time_of, time_of
from workbook.metrics.scope import NotComputable
from workbook.model import Model
from workbook.model.parts import Measure, Metric, Metrics

ADDITIVE = ("count", "sum")


@dataclass(frozen=True)
class Resolved:
    """A metric of type simple with everything that its SQL needs."""

    name: str
    metric: Metric
    measure: Measure
    entity: str
    at: str  # attribute of valid time (start), or ''
    until: str  # attribute of valid time (end), or ''
    money: str  # attribute whose currency must be converted, or ''
    currency_attribute: str  # attribute that holds each row's currency, or ''

    @property
    def adds_up(self) -> bool:
        """Whether values of segments may be added to the total."""
        return self.measure.agg in ADDITIVE


@dataclass(frozen=True)
class Refusal:
    """A metric that is not shown, and the reason; never a silently wrong answer."""

    name: str
    reason: str


def resolve(model: Model, name: str) -> Resolved:
    """The parts of a simple metric, or NotComputable with the reason."""
    part = _metrics(model)
    metric = part.metrics[name]
    if metric.type != "simple":
        raise NotComputable(f"metrics of type {metric.type} are not computed here")
    for semantic in part.semantic_models.values():
        if metric.measure in semantic.measures:
            break
    else:
        raise NotComputable(f"measure '{metric.measure}' is not one that this version computes")
    measure, entity = semantic.measures[metric.measure], semantic.of
    money = measure.expr if measure.expr in model.attributes(entity) and measure.agg != "count" else ""
    return Resolved(
        name=name,
        metric=metric,
        measure=measure,
        entity=entity,
        at=time_of(model, entity),
        until=end_time_of(model, entity),
        money=money,
        currency_attribute=_currency_attribute(model, entity, money),
    )


def _currency_attribute(model: Model, entity: str, money: str) -> str:
    places = model.attributes(entity).get(money, ())
    if len(places) != 1:
        return ""
    field = model.field(places[0].source, places[0].field)
    if field.type != "money" or not field.currency or field.currency not in model.fields(places[0].source):
        return ""
    return attribute_of(model, entity, places[0].source, field.currency)


def _metrics(model: Model) -> Metrics:
    if model.metrics is None:
        raise NotComputable("07_metrics is open")
    return model.metrics


def unit_of(model: Model, name: str) -> str:
    """What one unit of a metric is: a currency code, `%`, a word, or '' for a plain count."""
    part = _metrics(model)
    metric = part.metrics[name]
    if metric.unit:
        return metric.unit
    if metric.type == "ratio":
        top, bottom = unit_of(model, metric.numerator), unit_of(model, metric.denominator)
        return "%" if top == bottom else top
    if metric.type == "simple" and metric.measure:
        for semantic in part.semantic_models.values():
            if metric.measure in semantic.measures:
                measure = semantic.measures[metric.measure]
                return measure.unit or _money_unit(model, semantic.of, measure)
    if metric.type == "derived":
        units = {unit_of(model, other) for other in part.metrics if other != name and other in metric.expr.split()}
        return units.pop() if len(units) == 1 else ""
    return ""


def _money_unit(model: Model, entity: str, measure: Measure) -> str:
    part = _metrics(model)
    places = model.attributes(entity).get(measure.expr, ())
    if measure.agg in ("count", "count_distinct") or len(places) != 1:
        return ""
    field = model.field(places[0].source, places[0].field)
    if field.type != "money":
        return ""
    if part.currency:
        return part.currency.report_in
    return "" if field.currency in model.fields(places[0].source) else field.currency
