"""Literals of the model's expressions that are compared with a personal column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from sqlglot import exp

from workbook.errors import WorkbookError
from workbook.model.derivation import Derivation, derivation_of
from workbook.model.derivation_steps import VALUE
from workbook.model.expressions import one_query, scalar_expression
from workbook.model.model import Model
from workbook.model.shadowed_names import expressions
from workbook.privacy import readable_sql, shown

_COMPARED = (exp.Binary, exp.In, exp.Between, exp.Like, exp.Case, exp.If)


def readable(model: Model, text: str) -> str:
    """An expression as a page or a message may print it."""
    return readable_sql(text, personal_literals(model))


@lru_cache(maxsize=8)
def personal_literals(model: Model) -> frozenset[str]:
    """Every text in an expression or a pasted query beside a column whose values no page shows."""
    found: set[str] = set()
    for _, _, of, text in expressions(model):
        if not text:
            continue
        try:
            tree = scalar_expression(text)[0]
        except WorkbookError:
            continue
        found |= set(_beside(tree, lambda column, of=of: _is_personal(model, of, column)))
    for dashboard in model.metrics.dashboards.values():
        try:
            tree = one_query(dashboard.sql)[0]
        except WorkbookError:
            continue
        hidden = _hidden_names(model)
        found |= set(_beside(tree, lambda column, hidden=hidden: column.name.casefold() in hidden))
    return frozenset(found - declared_values(model))


def declared_values(model: Model) -> frozenset[str]:
    """Every value that the model itself lists: a word that everybody may choose, and nobody's
    secret.
    """
    return frozenset(
        value
        for source in model.source_names
        for field in model.fields(source).values()
        for value in field.values
    )


def _beside(tree: exp.Expression, is_personal: Callable[[exp.Column], bool]) -> Iterator[str]:
    """The texts of the smallest comparisons that hold a personal column."""
    for node in tree.find_all(*_COMPARED):
        if isinstance(node, exp.Connector):
            continue
        if any(is_personal(column) for column in node.find_all(exp.Column)):
            yield from (literal.this for literal in node.find_all(exp.Literal) if literal.is_string)


def _is_personal(model: Model, of: str, column: exp.Column) -> bool:
    if of in model.source_names:
        field = model.fields(of).get(column.name)
        return bool(field and not shown(field.cls))
    derivation: Derivation = derivation_of(model)
    things = [
        read.thing
        for read in derivation.named(column.table or of, column.name)
        if read.how == VALUE
    ]
    return any(thing.kind != "rule" and not shown(derivation.class_of(thing)) for thing in things)


def _hidden_names(model: Model) -> frozenset[str]:
    """Names of personal fields and attributes: pasted SQL may call its tables as it likes."""
    fields = {
        name.casefold()
        for source in model.source_names
        for name, field in model.fields(source).items()
        if not shown(field.cls)
    }
    return frozenset(
        fields
        | {
            name.casefold()
            for entity in model.entity_names
            for name, refs in model.attributes(entity).items()
            if refs and not shown(model.class_of(f"{entity}.{name}"))
        }
    )
