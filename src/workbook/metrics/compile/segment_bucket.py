"""The segment that a row is counted in: the value of a dimension as a word, and the table of a
metric's segments by name.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.metrics.compile.as_of_clock import (
    NotComputableError,
)
from workbook.metrics.compile.expression_scope import Scope
from workbook.metrics.compile.metric_rows import (
    NO_VALUE,
    NOT_LINKED,
    SEVERAL,
)
from workbook.metrics.compile.references import rules_in
from workbook.metrics.compile.resolve import ResolvedMeasure
from workbook.metrics.compile.rules import rule_tables
from workbook.model import Dimension, Model, dimension_of
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.privacy import strictest
from workbook.words import error_of


def segment_table(metric: str, dimension: str) -> str:
    """The name of the table that holds a metric by a dimension."""
    return f"m__{metric}__by__{dimension.replace('.', '__').replace(' ', '__')}"


def dimension_in(found: ResolvedMeasure, text: str) -> Dimension:
    """A dimension with its entity: that of the rows where none is named."""
    by = dimension_of(text)
    return by._replace(entity=by.entity or found.entity)


def class_of_dimension(model: Model, by: Dimension) -> str:
    """The privacy class of a dimension's values: the strictest of the fields that they are made
    from, also of a rule's, and of those of its past.
    """
    derivation = derivation_of(model)
    things = [read.thing for read in derivation.named(by.entity, by.attribute)]
    things += [Thing("past", by.name)] if by.of_the_past else []
    return strictest(derivation.class_of(thing) for thing in things) if things else "internal"


def bucket_sql(
    model: Model, scope: Scope, by: Dimension, moment: str = ""
) -> tuple[str, tuple[str, ...], list[Table]]:
    """SQL of the segment that a row belongs to, the joins and the rules that it needs; what
    held `then` is asked at the moment, or at the clock.
    """
    owner, attribute, event, then = by
    if model.is_list(owner, attribute):
        raise error_of(
            NotComputableError, "metrics.split_by_list", entity=owner, attribute=attribute
        )
    if event:
        at = scope.at_event(owner, attribute, event)
    else:
        at = (
            scope.then(owner, attribute, moment)
            if then
            else scope.value(attribute if owner == scope.entity else by.name)
        )
    at = scope.segment(owner, attribute, at)
    text = (
        f"case when {at.sql} then 'yes' when not {at.sql} then 'no' end"
        if _is_yes_or_no(model, by)
        else f"cast({at.sql} as varchar)"
    )
    cases = [f"when {at.reaches[0]} > 1 then '{SEVERAL}'"] if event else []
    if owner != scope.entity:
        hop = quote(f"hop_{scope.link_to(owner)}")
        cases = [
            f"when {hop}.reached > 1 then '{SEVERAL}'",
            f"when {hop}.to_id is null then '{NOT_LINKED}'",
            *cases,
        ]
    named = f"coalesce({text}, '{NO_VALUE}')"
    rules = (
        []
        if by.of_the_past
        else rule_tables(model, rules_in(model, owner, f'"{attribute}"'), scope.clock)
    )
    return f"case {' '.join(cases)} else {named} end" if cases else named, at.joins, rules


def _is_yes_or_no(model: Model, by: Dimension) -> bool:
    """Whether a dimension is a rule or a boolean; of one that the past knows the source of its
    past values says it.
    """
    if by.of_the_past:
        kept = (
            model.history.history.get(by.name) if not model.is_open("history") and by.then else None
        )
        return kept is not None and model.field(kept.from_, kept.value).type == "boolean"
    return (
        by.attribute in model.rules_of(by.entity)
        or model.type_of(by.entity, by.attribute) == "boolean"
    )
