"""A statement with its numbers: as it reads today, and as it was signed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from workbook.checks import Verdict
from workbook.metrics import SHARE, kind_of, unit_of_metric, value_table
from workbook.metrics.report import metric_wording
from workbook.model import Model
from workbook.model.schema import Statement
from workbook.review import Signoff, SignoffStatus, figure_of, names_in
from workbook.scenarios.context import Context
from workbook.steps.check_verdicts import CheckVerdicts
from workbook.words import number, words_of

_WORDS = words_of("review")
# who decides what a statement is about: a step, and a group of its file
_DECIDED_IN = (
    ("metrics", "metrics"),
    ("metrics", "rules"),
    ("checks", "checks"),
    ("entities", "entities"),
    ("entities", "relationships"),
    ("survivorship", "fields"),
)
Values = Mapping[str, Decimal | None]  # of metrics and checks, by their names


def statement_verdicts(context: Context) -> dict[str, Verdict]:
    """The verdict of every check of the team's own that a statement names or is about."""
    statements = context.model.review.statements.values()
    every = [statement for each in statements for statement in each.values()]
    asked = {name for statement in every for name in checks_of(context.model, statement)}
    verdicts = CheckVerdicts(context).verdicts if asked else []
    return {each.check.name: each for each in verdicts if each.check.name in asked}


def checks_of(model: Model, statement: Statement) -> list[str]:
    """The checks of the team's own that a statement names or is about."""
    names = dict.fromkeys((*names_in(statement), *statement.about))
    return [name for name in names if name in model.checks.checks]


def checks_not_ok(model: Model, statement: Statement, verdicts: Mapping[str, Verdict]) -> str:
    """The checks of a statement that are not OK, each with its state; '' for none."""
    found = [verdicts[name] for name in checks_of(model, statement) if name in verdicts]
    states = words_of("shared").texts("check")
    return "; ".join(
        _WORDS.text("check", name=each.check.name, state=states[each.state])
        for each in found
        if each.state != "pass"
    )


def statement_values(
    context: Context, verdicts: Mapping[str, Verdict]
) -> dict[str, Decimal | None]:
    """The value of every metric that a statement names or is about, and the number of records
    that fail each check; None where it has none.
    """
    part, metrics = context.model.review, context.model.metrics
    asked = [
        statement for statements in part.statements.values() for statement in statements.values()
    ]
    names = {
        name
        for statement in asked
        for name in (*names_in(statement), figure_of(context.model, statement))
        if name in metrics.metrics
    }
    failing = {
        name: None if each.failing is None else Decimal(each.failing)
        for name, each in verdicts.items()
    }
    return {**failing, **{name: _value(context, name) for name in sorted(names)}}


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
    for metric in names_in(status.statement):
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
    if value is None or metric not in model.metrics.metrics:
        return "–" if value is None else number.number(value)
    kind = kind_of(model, metric) if values.get(metric) is not None else ""
    return metric_wording.format_metric_value(value, kind, unit_of_metric(model, metric))


def _written(model: Model, metric: str, value: Decimal | None) -> str:
    if value is None:
        return _WORDS.text("gap.not_calculated")
    if metric not in model.metrics.metrics:
        return number.number(value, 0)
    if unit_of_metric(model, metric) == SHARE:
        return number.percent(value)
    return number.money(value)


def owner_of(model: Model, statement: Statement) -> str:
    """Who decides what a statement is about: the first of it that has an owner's file."""
    for name in statement.about:
        for word, group in _DECIDED_IN:
            if name in getattr(getattr(model, word), group):
                return model.owner_of(word, group, name)
    return model.owner_of("review")
