"""Conditions of the model in words, such as “user AI consent” is granted; one of another shape
stays SQL.
"""

from __future__ import annotations

from sqlglot import exp

from workbook.errors import WorkbookError
from workbook.model import Model, scalar_expression
from workbook.model.expressions import conjuncts
from workbook.model.personal_literals import readable
from workbook.model.schema import Audience, Purpose, View
from workbook.words import words_of

_WORDS = words_of("ai_context")
_COMPARED: dict[type[exp.Expression], str] = {
    exp.EQ: "is",
    exp.NEQ: "is_not",
    exp.GT: "above",
    exp.LT: "below",
    exp.GTE: "at_least",
    exp.LTE: "at_most",
}


def condition_text(model: Model, text: str) -> str:
    """A condition in words where all of it has a known shape, else as it is written; without
    the values of people in either.
    """
    shown = readable(model, text)
    try:
        return _worded(scalar_expression(shown)[0]) or shown
    except WorkbookError:
        return shown


def inclusion_texts(model: Model, use: View | Audience, purpose: Purpose | None) -> list[str]:
    """All that must hold for a record to be in a view or an audience, each once, in the order
    in which it is checked.
    """
    audience = use if isinstance(use, Audience) else None
    asked = conjuncts(use.only, audience.consent if audience else "")
    texts = [condition_text(model, item) for item in asked]
    if audience and audience.opt_out:
        opt_out = condition_text(model, audience.opt_out)
        texts.append(_WORDS.text("condition.not_opted_out", condition=opt_out))
    permission = conjuncts(purpose.only_if if purpose else "")
    texts += [condition_text(model, item) for item in permission if item not in asked]
    if audience and audience.channel:
        texts.append(_WORDS.text("condition.contact", channel=audience.channel))
    if purpose and purpose.freshness:
        texts.append(_WORDS.text("condition.freshness", limit=purpose.freshness))
    if purpose and purpose.smallest_group > 1:
        texts.append(_WORDS.text("condition.smallest_group", least=purpose.smallest_group))
    return texts


def _worded(tree: exp.Expression) -> str:
    """An expression in words; '' where it has no known shape."""
    if isinstance(tree, exp.Column):
        return _text("holds", tree)
    if isinstance(tree, exp.Paren):
        inner = _worded(tree.this)
        grouped = isinstance(tree.this, exp.Connector) and inner
        return _WORDS.text("condition.group", condition=inner) if grouped else inner
    if isinstance(tree, (exp.And, exp.Or)):
        first, second = _worded(tree.left), _worded(tree.right)
        name = "both" if isinstance(tree, exp.And) else "either"
        both = first and second
        return _WORDS.text(f"condition.{name}", first=first, second=second) if both else ""
    return _null_test(tree) or _comparison(tree)


def _null_test(tree: exp.Expression) -> str:
    """Whether a field has a value."""
    negated = isinstance(tree, exp.Not)
    test = tree.this if negated else tree
    if not isinstance(test, exp.Is) or not isinstance(test.expression, exp.Null):
        return ""
    return _text("known" if negated else "unknown", test.this)


def _comparison(tree: exp.Expression) -> str:
    """A field beside one literal, or a list of them."""
    if isinstance(tree, exp.In):
        values = tree.expressions
        if not values or not all(isinstance(value, exp.Literal) for value in values):
            return ""
        return _text("one_of", tree.this, values=[value.this for value in values])
    name = _COMPARED.get(type(tree))
    if name is None or not isinstance(tree.expression, exp.Literal):
        return ""
    return _text(name, tree.this, value=tree.expression.this)


def _text(name: str, field: exp.Expression, **values: object) -> str:
    """The text of a shape; '' where what is compared is no field."""
    if not isinstance(field, exp.Column):
        return ""
    written = f"{field.table}.{field.name}" if field.table else field.name
    return _WORDS.text(f"condition.{name}", field=written, **values)
