"""04_entities.yml: which entities exist, and how they are related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Names


class Entity(Decided):
    """A thing that exists. With one source and no attributes named, the source's fields are its attributes."""

    row_is: str = ""
    from_: Names = Field((), alias="from")
    where: str | Mapping[str, str] = Field(
        "",
        description=(
            "Which rows of the sources are records of the entity: a condition over a source's fields, or one for each "
            "source that has any. The newest row of a key is taken first, and the condition asked of it. A row of "
            "which the condition is false, or has no value, is no record; it is counted. Default: every row is one."
        ),
        examples=["not is_deleted", {"crm.contacts": "type = 'person' and merged_into is null"}],
    )
    attributes: Mapping[str, Names] = Field(default_factory=dict)


class Relationship(Decided):
    row_is: str = ""
    from_: str = Field(alias="from")
    to: str
    by: str = ""
    as_: str = Field("", alias="as")
    through: str = ""
    cardinality: Literal["one to one", "many to one", "one to many", "many to many"] = "many to one"
    required: bool = True
    at_most: Mapping[str, int] = Field(default_factory=dict)
    attributes: Names = ()
    rolls_up: bool = False


class Entities(Decided):
    entities: Mapping[str, Entity] = Field(default_factory=dict)
    relationships: Mapping[str, Relationship] = Field(default_factory=dict)
