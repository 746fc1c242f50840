"""A statement with its numbers: as it reads today, and as it was signed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from workbook.metrics import SHARE, kind_of, unit_of_metric, value_table
from workbook.metrics.report import metric_wording
from workbook.model import Model
from workbook.review import Signoff, SignoffStatus, figure_of, metrics_in
from workbook.scenarios.context import Context
from workbook.words import number, words_of

_WORDS = words_of("review")
Values = Mapping[str, Decimal | None]  # of the metrics, by their names


def statement_values(context: Context) -> dict[str, Decimal | None]:
    """The value of every metric that a statement names or is about; None where it has none."""
    part, metrics = context.model.review, context.model.metrics
    asked = [
        statement for statements in part.statements.values() for statement in statements.values()
    ]
    names = {
        name
        for statement in asked
        for name in (*metrics_in(statement), figure_of(context.model, statement))
        if name in metrics.metrics
    }
    return {name: _value(context, name) for name in sorted(names)}


def _value(context: Context, metric: str) -> Decimal | None:
    if not context.has(value_table(metric)):
        return None
    column = context.frame(value_table(metric))["value"]
    value = column[0] if len(column) else None
    numeric = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return Decimal(str(value)) if numeric else None


def current_statement(model: Model, status: SignoffStatus, values: Values) -> str:
    """A statement with today's numbers in it."""
    says = status.statement.says
    for metric in metrics_in(status.statement):
        written = _written(model, metric, values.get(metric))
        says = says.replace("{" + metric + "}", written)
    return says


def signed_statement(model: Model, signed: Signoff) -> str:
    """The statement as it read when it was signed; where the line does not keep that, its
    wording of today with the number that was signed.
    """
    if signed.says:
        return signed.says
    statements = model.review.statements[signed.department]
    says = statements[signed.statement].says if statements else ""
    metric = next(iter(re.findall(r"\{(\w+)\}", says)), "")
    if metric and signed.figure is not None:
        says = says.replace("{" + metric + "}", _written(model, metric, signed.figure))
    return re.sub(r"\{\w+\}", _WORDS.text("gap.not_kept"), says)


def figure_text(model: Model, status: SignoffStatus, value: Decimal | None, values: Values) -> str:
    """A signed number as its metric is written: counts whole, money with its currency."""
    metric = figure_of(model, status.statement)
    if value is None or not metric:
        return "–" if value is None else number.number(value)
    kind = kind_of(model, metric) if values.get(metric) is not None else ""
    return metric_wording.format_metric_value(value, kind, unit_of_metric(model, metric))


def _written(model: Model, metric: str, value: Decimal | None) -> str:
    if value is None:
        return _WORDS.text("gap.not_calculated")
    if unit_of_metric(model, metric) == SHARE:
        return number.percent(value)
    return number.money(value)
