"""Who bears a name: the one customer of whom it is a value, such as `Umbra Verlag`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.errors import WorkbookError
from workbook.model import Model
from workbook.nearest_name import did_you_mean
from workbook.privacy import shown
from workbook.scenarios.context import Context
from workbook.show.text import clean, clip
from workbook.words import words_of

_WORDS = words_of("data")
_CLOSED = ("boolean", "category", "country", "language", "currency")
_LONGEST = 80  # characters of a name in a message


@dataclass(frozen=True)
class LookupResult:
    """Who was asked for: the entity, the id of today, and how the name that was given led to it."""

    entity: str
    id: str
    how: str = ""


def called(context: Context, entities: Sequence[str], name: str) -> LookupResult | None:
    """The one customer of whom a text attribute has this value, whatever the case; None where
    nobody has it.

    Raises:
        WorkbookError: several have it; their ids are named.
    """
    model, asked = context.model, " ".join(name.split())
    for entity in filter(context.has, entities) if asked else ():
        for attribute in _texts(model, entity):
            column = f"lower(trim(cast({quote(model.column_of(entity, attribute))} as varchar)))"
            sql = (
                f"select cast(id as varchar) as id from {quote(entity)}"
                f" where {column} = lower({text(asked)}) order by 1"
            )
            ids = context.query(sql)["id"].to_list()
            public = shown(model.class_of(f"{entity}.{attribute}"))
            told = clip(clean(asked), _LONGEST) if public else ""  # a value of a person is not told
            if len(ids) > 1:
                named = [f"{entity}/{item}" for item in ids]
                raise WorkbookError(
                    _text("several", entity=entity, ids=named, name=told, attribute=attribute)
                )
            if ids:
                how = _text("called", name=told, attribute=attribute, entity=entity, id=ids[0])
                return LookupResult(entity, ids[0], how)
    return None


def nearest_value(context: Context, entities: Sequence[str], name: str) -> str:
    """The nearest value of a text attribute that pages may show; '' where none is near."""
    model, known = context.model, set()
    for entity in filter(context.has, entities):
        for attribute in _texts(model, entity):
            if shown(model.class_of(f"{entity}.{attribute}")):
                column = quote(model.column_of(entity, attribute))
                values = context.query(f"select distinct {column} as value from {quote(entity)}")
                known |= set(values["value"].drop_nulls().to_list())
    return did_you_mean(name, known)


def _texts(model: Model, entity: str) -> list[str]:
    """The attributes of an entity that may hold a name: text that is no closed list."""
    return [
        name
        for name, refs in model.attributes(entity).items()
        if refs
        and model.sql_type_of(entity, name) == "VARCHAR"
        and model.type_of(entity, name) not in _CLOSED
        and not any(model.field(ref.source, ref.field).values for ref in refs if not ref.part)
    ]


def _text(name: str, /, **values: object) -> str:
    return _WORDS.text(f"explanation.{name}", **values)
