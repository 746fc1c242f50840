"""From a metric's words to what must be computed: its measure, its entity, its time; or a typed
refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbook.errors import WorkbookError
from workbook.metrics.compile.as_of_clock import NotComputableError
from workbook.metrics.compile.currency import has_rates, home
from workbook.metrics.compile.references import depends_on_time, names_time, rules_in
from workbook.metrics.compile.row_times import attribute_of, end_time_of, time_of
from workbook.model import Model, scalar_expression
from workbook.model.schema import Measure, Metrics
from workbook.words import error_of
from workbook.words.wording import within

Kind = Literal["flow", "level", "state", "still", "cumulative"]
ADDITIVE = ("count", "sum")


@dataclass(frozen=True)
class MetricRefusal:
    """A number that is not shown, and the reason; never a silently wrong answer.

    `reason`: a clause of a sentence. `part`: all of it, or which table. `advice`: what to do.
    `code`: that of the error.
    """

    name: str
    reason: str
    part: str = ""
    advice: str = ""
    code: str = ""


def refusal_of(name: str, error: WorkbookError, part: str) -> MetricRefusal:
    """What an error says about a number that cannot be computed."""
    reason = within((error.what or str(error)).rstrip("."))
    return MetricRefusal(name, reason, part, error.advice, error.code)


@dataclass(frozen=True)
class ResolvedMeasure:
    """A measure under a filter, with everything that its SQL needs.

    `kind`: a flow belongs to the month of its valid time; a level counts rows in force at a
    moment; a state is asked again at each moment because its filter depends on the date; what
    stands still has no time at all.
    """

    name: str
    entity: str
    measure: Measure
    filter: str = ""
    kind: Kind = "still"
    at: str = ""  # attribute of valid time (start), or ''
    until: str = ""  # attribute of valid time (end), or ''
    currency: str = ""  # column with each row's currency, or ''
    code: str = ""  # the one currency of all rows, or ''
    value: str = "decimal"  # count, money, whole, decimal, date, timestamp
    window: str = ""
    grain_to_date: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether values of segments may be added to the total."""
        return self.measure.agg in ADDITIVE

    @property
    def converts(self) -> bool:
        """Whether amounts must be brought to the reporting currency."""
        return bool((self.currency or self.code) and self.value == "money")


def metrics_of(model: Model) -> Metrics:
    """The decisions of 07_metrics.

    Raises:
        NotComputableError: the step is open.
    """
    if model.is_open("metrics"):
        raise error_of(NotComputableError, "metrics.step_open")
    return model.metrics


def resolve(model: Model, name: str) -> ResolvedMeasure:
    """The parts of a simple or cumulative metric.

    Raises:
        NotComputableError: with the reason why it cannot be computed.
    """
    metric = metrics_of(model).metrics[name]
    found = resolve_measure(model, name, metric.measure, metric.filter)
    if metric.type != "cumulative":
        return found
    if found.measure.over_time or not found.at:
        if found.measure.over_time:
            raise error_of(NotComputableError, "metrics.level_accumulated", measure=metric.measure)
        raise error_of(
            NotComputableError,
            "metrics.undated_accumulated",
            measure=metric.measure,
            entity=found.entity,
        )
    return ResolvedMeasure(
        **{
            **vars(found),
            "kind": "cumulative",
            "window": metric.window,
            "grain_to_date": metric.grain_to_date,
        }
    )


def resolve_measure(model: Model, name: str, title: str, text: str = "") -> ResolvedMeasure:
    """A measure of a semantic model under a filter, for the metric or movement `name`."""
    entity, measure = measure_of(model, title)
    at, until = time_of(model, entity), end_time_of(model, entity)
    timed = any(
        depends_on_time(model, rule) for rule in rules_in(model, entity, text)
    ) or names_time(model, entity, text)
    if measure.over_time and at and not until and not measure.latest_per:
        raise error_of(NotComputableError, "metrics.level_without_end", entity=entity)
    kind: Kind = "level" if measure.over_time else "state" if timed else "flow" if at else "still"
    currency, code = _currency(model, entity, measure)
    value = _value(model, entity, measure)
    if value == "money" and not has_rates(model) and code and home(model) not in ("", code):
        raise error_of(NotComputableError, "metrics.no_rates", code=code, home=home(model))
    return ResolvedMeasure(name, entity, measure, text, kind, at, until, currency, code, value)


def measure_of(model: Model, title: str) -> tuple[str, Measure]:
    """The entity of a measure, and the measure."""
    for semantic in metrics_of(model).semantic_models.values():
        if title in semantic.measures:
            return semantic.of, semantic.measures[title]
    raise error_of(
        NotComputableError,
        "metrics.unknown_measure",
        measure=title,
        known=[
            measure
            for semantic_model in metrics_of(model).semantic_models.values()
            for measure in semantic_model.measures
        ],
    )


def semantic_of(model: Model, entity: str) -> str:
    """The first semantic model of an entity."""
    parts = metrics_of(model).semantic_models
    return next((name for name, part in parts.items() if part.of == entity), "")


def _names(text: str) -> tuple[str, ...]:
    return scalar_expression(text)[1] if text else ()


def _money(model: Model, entity: str, measure: Measure) -> list[str]:
    """The entity's own money attributes in a measure's expression."""
    return [
        name
        for name in _names(measure.expr)
        if name in model.attributes(entity) and model.type_of(entity, name) == "money"
    ]


def _currency(model: Model, entity: str, measure: Measure) -> tuple[str, str]:
    """The column that holds each row's currency, and the currency that all rows share; at most
    one of them.
    """
    if measure.agg in ("count", "count_distinct"):
        return "", ""
    found: set[tuple[str, str]] = set()
    for name in _money(model, entity, measure):
        places = model.attributes(entity)[name]
        currencies = {
            (place.source, model.field(place.source, place.field).currency) for place in places
        }
        for source, currency in currencies:
            if not currency:
                continue
            if currency in model.fields(source):
                attribute = attribute_of(model, entity, source, currency)
                if not attribute:
                    raise error_of(
                        NotComputableError,
                        "metrics.currency_not_kept",
                        attribute=name,
                        entity=entity,
                    )
                found.add((model.column_of(entity, attribute), ""))
            else:
                found.add(("", currency.upper()))
    if len(found) > 1:
        raise error_of(NotComputableError, "metrics.mixed_currencies")
    return found.pop() if found else ("", "")


def _value(model: Model, entity: str, measure: Measure) -> str:
    """What kind of value the measure gives."""
    if measure.agg in ("count", "count_distinct"):
        return "count"
    names = _names(measure.expr)
    alone = names[0] if len(names) == 1 and measure.expr.strip() == names[0] else ""
    kind = model.type_of(entity, alone) if alone in model.attributes(entity) else ""
    if kind in ("date", "timestamp"):
        if measure.agg in ("min", "max"):
            return kind
        raise error_of(
            NotComputableError, "metrics.date_aggregated", aggregation=measure.agg, attribute=alone
        )
    if kind and kind not in ("money", "integer", "decimal"):
        raise error_of(
            NotComputableError,
            "metrics.kind_aggregated",
            aggregation=measure.agg,
            attribute=alone,
            kind=kind,
        )
    if _money(model, entity, measure):
        return "money"
    return "whole" if kind == "integer" and measure.agg != "average" else "decimal"
