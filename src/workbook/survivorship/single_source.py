"""Fields with a rule that one source alone holds: it chooses among the records of a customer."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.contested_attributes import Field, shared_attributes
from workbook.survivorship.winner import ERASED, choice_name


def single_source_fields(model: Model) -> tuple[Field, ...]:
    """The attributes with a rule of their own that no second source holds, in the order written."""
    decided = model.survivorship.fields
    shared = set(shared_attributes(model))
    named = [(entity, name) for entity, _, name in (field.partition(".") for field in decided)]
    return tuple(
        field for field in named if field not in shared and model.attributes(field[0]).get(field[1])
    )


def single_source_sql(model: Model, fields: Sequence[Field]) -> str:
    """One row per field: customers, how many have a value (filled), several, and differ.

    Several counts those of whom several records hold a value, differ those whose values differ.
    Where each customer is one record both are null: the rule has nothing to choose from.
    """
    return "\nunion all\n".join(_counted(model, entity, attribute) for entity, attribute in fields)


def _counted(model: Model, entity: str, attribute: str) -> str:
    head = f"select cast({text(f'{entity}.{attribute}')} as varchar) as field"
    every = f"(select count(*) from {quote(entity)}) as customers"
    if not model.has_identity(entity):
        none = "cast(null as bigint) as several, cast(null as bigint) as differ"
        return f"{head}, {every}, count({quote(attribute)}) as filled, {none} from {quote(entity)}"
    reported = [
        f"cast(coalesce(sum(case when {condition} then 1 else 0 end), 0) as bigint) as {name}"
        for name, condition in (("several", "candidates > 1"), ("differ", "contested"))
    ]
    choice = quote(choice_name(entity, attribute))
    held = f"from {choice} where rule <> '{ERASED}'"
    return f"{head}, {every}, count(*) as filled, {', '.join(reported)} {held}"
