"""Whether both sides of a division count the same stretch of time: in its value, and in each of
its periods.

A number has one of three natures. A flow counts what happened: since ever in its value, within
a period in its periods. What is asked at an end (a level, a state, a window) is the same in
both. What moved belongs to the period of its movement, in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from sqlglot import exp

from workbook.metrics.compile.as_of_clock import NotComputableError
from workbook.metrics.compile.movements import KINDS
from workbook.metrics.compile.period_to_date import accrues
from workbook.metrics.compile.ratios_and_formulas import Input, expand_expression, leaves_of, moves
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import kind_of, resolved, unit_of_metric
from workbook.model import Model
from workbook.words import error_of

Nature = Literal["flow", "end", "window", "moved"]
Leaves = dict[str, Nature]  # the metrics of one side that are no rates, and the nature of each


def nature(model: Model, name: str) -> Nature:
    """How a metric that is no ratio and no formula lies in time."""
    metric = metrics_of(model).metrics[name]
    if moves(model, name):
        kind = metric.measure.partition(".")[2]
        return "moved" if kind.removesuffix("_count") in KINDS else "end"
    found = resolved(model, name)
    if found.kind == "cumulative":
        return "window" if found.window or found.grain_to_date else "end"
    return "flow" if found.kind == "flow" else "end"


def movement_periods(model: Model, inputs: Mapping[str, Input]) -> set[str]:
    """The periods of the movements among the inputs."""
    names = [moves(model, item.metric) for item in inputs.values()]
    return {metrics_of(model).movements[name].every for name in names if name}


def same_time(model: Model, name: str, grain: str = "") -> None:
    """That the sides of every division in a ratio or formula count over the same time.

    Without a grain it is asked of the value, in which a flow counts since ever; there only a window
    is something else. With a movement among its parts the value is that of the movement's period.

    Raises:
        NotComputableError: they do not, and the result would be no share of anything.
    """
    tree, inputs = expand_expression(model, name)
    if not grain and movement_periods(model, inputs):
        return
    for top, bottom in _divisions(model, tree, inputs):
        for left in top:
            for right in bottom:
                if _apart(model, (left, top[left]), (right, bottom[right]), whole=not grain):
                    raise _different_times(model, (left, top[left]), (right, bottom[right]))


def sound_over(model: Model, name: str) -> None:
    """That `over` of a ratio or formula is about a movement, and about no flow, which has
    periods of its own.

    Raises:
        NotComputableError: it is not.
    """
    inputs, over = expand_expression(model, name)[1].values(), metrics_of(model).metrics[name].over
    if over and not any(item.over for item in inputs):
        raise error_of(NotComputableError, "metrics.over_without_movement", over=over)
    flows = [
        item.metric
        for item in inputs
        if not moves(model, item.metric) and nature(model, item.metric) == "flow"
    ]
    if flows and (found := [item.over for item in inputs if item.over]):
        raise error_of(
            NotComputableError, "metrics.flow_beside_movement", metric=flows[0], over=found[0]
        )


def _apart(
    model: Model, top: tuple[str, Nature], bottom: tuple[str, Nature], *, whole: bool
) -> bool:
    """Whether one over the other counts two stretches of time.

    What happened in a period for each that there is at its end, such as revenue per customer, is a
    rate that is in use, so long as the two are not counts of the same things.
    """
    ends = ("window",) if whole else ("end", "window")
    if top[1] in ends and bottom[1] == "flow":
        return True
    return top[1] == "flow" and bottom[1] in ends and _alike(model, top[0], bottom[0])


def _alike(model: Model, left: str, right: str) -> bool:
    """Whether two numbers count the same kind of thing: money, amounts of one unit, or rows of
    one entity.
    """
    if {kind_of(model, left), kind_of(model, right)} == {"money"}:
        return True
    unit = unit_of_metric(model, left)
    if unit or unit_of_metric(model, right):
        return unit == unit_of_metric(model, right)
    return resolved(model, left).entity == resolved(model, right).entity


def _divisions(
    model: Model, tree: exp.Expression, inputs: Mapping[str, Input]
) -> Iterator[tuple[Leaves, Leaves]]:
    """The two sides of every division, without what is a rate already."""
    for node in tree.find_all(exp.Div):
        yield _leaves(model, node.left, inputs), _leaves(model, node.right, inputs)


def _leaves(model: Model, node: exp.Expression, inputs: Mapping[str, Input]) -> Leaves:
    """The numbers of an expression that are not cancelled by a division: a rate has no time of
    its own.
    """
    if isinstance(node, exp.Column):
        each = inputs[node.name]
        return {each.metric: nature(model, each.metric)}
    if isinstance(node, exp.Div):
        top, bottom = (_leaves(model, side, inputs) for side in (node.left, node.right))
        return {} if top and bottom else {**top, **bottom}
    found: Leaves = {}
    for child in node.iter_expressions():
        found |= _leaves(model, child, inputs)
    return found


def _different_times(
    model: Model, left: tuple[str, Nature], right: tuple[str, Nature]
) -> NotComputableError:
    return error_of(
        NotComputableError,
        "metrics.different_times",
        one=left[0],
        one_kind=left[1],
        one_window=_window(model, *left),
        other=right[0],
        other_kind=right[1],
        other_window=_window(model, *right),
        flow=left[0] if left[1] == "flow" else right[0],
    )


def _window(model: Model, name: str, kind: Nature) -> str:
    """The window over which a number counts; '' where it has none."""
    if kind != "window":
        return ""
    metric = metrics_of(model).metrics[name]
    return metric.window or f"this {metric.grain_to_date.replace('_', ' ')}"


def grows_within(model: Model, name: str, grain: str) -> bool:
    """Whether a part of a period holds less of a number than the whole: what happens, moves, or
    counts since it began.
    """
    for leave in leaves_of(model, name):
        if moves(model, leave) and nature(model, leave) == "moved":
            return not metrics_of(model).metrics[name].over
        if not moves(model, leave) and accrues(resolved(model, leave), grain):
            return True
    return False
