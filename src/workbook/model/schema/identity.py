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
    """Which shared values link nobody; limits that are not written are said under each word."""

    records_per_value: int | None = Field(
        None,
        description=(
            "A value that more records share than this links nobody. Default: 20, for rules that are not `certain` and "
            "match on no id (id, device_id, tax_id); of a source whose rows are events (one time under `valid`) all "
            "records with the value count as one. A limit that is written counts every record, under every rule."
        ),
        examples=[20],
    )
    distinct_per_value: Mapping[str, int] = Field(default_factory=dict)
    cluster_size: int | None = Field(
        None,
        description=(
            "A customer of more records than this is told as a warning; nothing is taken apart. Default: 50, and no "
            "limit where every rule matches on an id or is `certain`."
        ),
        examples=[25],
    )
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
