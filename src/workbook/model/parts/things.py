"""Which things exist, how they relate, and which records are the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from workbook.model.parts.base import Decided, Names, Part


class Entity(Decided):
    """A thing that exists. With one source and no attributes named, the source's fields are its attributes."""

    row_is: str = ""
    from_: Names = Field((), alias="from")
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


class MatchRule(Decided):
    name: str
    match: Names
    confidence: Literal["certain", "high"] = "high"


class Guard(Part):
    records_per_value: int = 20
    distinct_per_value: Mapping[str, int] = Field(default_factory=dict)
    cluster_size: int = 50
    ignore: Mapping[str, Names] = Field(default_factory=dict)
    because: str = ""


class Suggest(Part):
    compare: Names = ()
    block_on: Names = ()
    bands: Mapping[str, float] = Field(default_factory=lambda: {"likely": 0.95, "possible": 0.8})  # name -> least score


class EntityIdentity(Decided):
    rules: tuple[MatchRule, ...] = ()
    never_merge: Names = ()
    guard: Guard = Guard()
    suggest: Suggest | None = None
    labels: str = ""  # the true customer, where somebody knows it: an attribute, or a file of labels; it measures and never links
    considered: Mapping[str, Any] = Field(default_factory=dict)


class Identity(Decided):
    identity: Mapping[str, EntityIdentity] = Field(default_factory=dict)
