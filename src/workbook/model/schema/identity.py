"""04b_identity.yml: which records are the same customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Part


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
