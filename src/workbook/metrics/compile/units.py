"""What one unit of a metric is, and so how its value is written."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from workbook.metrics.compile.as_of_clock import NotComputableError
from workbook.metrics.compile.currency import has_rates, home
from workbook.metrics.compile.movements import COUNTED, resolve_movement
from workbook.metrics.compile.ratios_and_formulas import expression_of, inputs_of
from workbook.metrics.compile.resolve import ResolvedMeasure, metrics_of, resolve
from workbook.model import Model
from workbook.words import error_of

SHARE = "ratio"  # a fraction, which a page writes as a percentage


def unit_of(model: Model, name: str, path: tuple[str, ...] = ()) -> str:
    """A currency code, `ratio` for a share, a word such as `hours`, or '' for a plain number.

    Raises:
        NotComputableError: the metric cannot be resolved.
    """
    metric = metrics_of(model).metrics[name]
    if metric.unit:
        return SHARE if metric.unit == "%" else metric.unit
    if metric.type in ("simple", "cumulative"):
        found = resolved(model, name)
        return found.measure.unit or _currency(model, found)
    if name in path:
        raise error_of(NotComputableError, "metrics.circle")
    inputs = inputs_of(model, name)
    units = {word: unit_of(model, item.metric, (*path, name)) for word, item in inputs.items()}
    if metric.type == "ratio":
        top, bottom = units["numerator"], units["denominator"]
        same = top == bottom and (top or _same_rows(model, metric.numerator, metric.denominator))
        return SHARE if same else top
    tree = expression_of(model, name)
    divided = any(list(node.right.find_all(exp.Column)) for node in tree.find_all(exp.Div))
    return "" if divided or len(set(units.values())) != 1 else next(iter(units.values()))


def unit_of_metric(model: Model, name: str) -> str:
    """The unit of a metric, or '' where it cannot be told."""
    try:
        return unit_of(model, name)
    except NotComputableError:
        return ""


def kind_of(model: Model, name: str) -> str:
    """count, money, whole, decimal, ratio, date or timestamp."""
    metric = metrics_of(model).metrics[name]
    if metric.type in ("simple", "cumulative"):
        return resolved(model, name).value
    inputs = {kind_of(model, item.metric) for item in inputs_of(model, name).values()}
    unit = unit_of(model, name)
    is_money = bool(inputs & {"money"}) and unit not in ("", SHARE)
    return "money" if is_money else "ratio"


def resolved(model: Model, name: str) -> ResolvedMeasure:
    """The measure behind a simple or cumulative metric; of a movement, the level that moves, or
    how many move.
    """
    metric = metrics_of(model).metrics[name]
    movement, _, kind = metric.measure.partition(".")
    if "." in metric.measure and movement in metrics_of(model).movements:
        part, found = resolve_movement(model, movement)
        if kind not in COUNTED:
            return found
        return replace(
            found,
            entity=part.by,
            measure=found.measure.model_copy(update={"unit": ""}),
            value="count",
            currency="",
            code="",
        )
    return resolve(model, name)


def _currency(model: Model, found: ResolvedMeasure) -> str:
    if found.value != "money":
        return ""
    if has_rates(model) or not (found.code or found.currency):
        return home(model)
    return found.code


def _same_rows(model: Model, first: str, second: str) -> bool:
    """Whether two counts are of rows of one entity, so that one over the other is a share."""
    parts = metrics_of(model).metrics
    if {parts[first].type, parts[second].type} != {"simple"}:
        return False
    return resolved(model, first).entity == resolved(model, second).entity


def adds_up(model: Model, name: str) -> bool:
    """Whether a metric's segments add up to its total."""
    return (
        metrics_of(model).metrics[name].type in ("simple", "cumulative")
        and resolved(model, name).adds_up
    )


def zero_of_nothing(model: Model, name: str) -> bool:
    """Whether a metric of no rows is 0: what is counted or added up is, an average, a ratio or
    a first day is not.
    """
    metric = metrics_of(model).metrics[name]
    if metric.type not in ("simple", "cumulative"):
        return False
    return resolved(model, name).measure.agg in ("count", "sum", "count_distinct")


def nature_of(model: Model, name: str) -> str:
    """How a number lies in time: flow, level, state, count (as it is today), cumulative,
    movement; or ratio, derived, made of others.
    """
    metric = metrics_of(model).metrics[name]
    if metric.type not in ("simple", "cumulative"):
        return metric.type
    moves = (
        "." in metric.measure and metric.measure.partition(".")[0] in metrics_of(model).movements
    )
    kind = resolved(model, name).kind
    return "movement" if moves else "count" if kind == "still" else kind


def movement_unit(model: Model, name: str) -> str:
    """What one unit of a movement is."""
    found = resolve_movement(model, name)[1]
    return found.measure.unit or _currency(model, found)
