"""08_checks.yml: whether the data can be trusted today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Part, Severity

FAMILIES = (
    "duplicate_keys", "missing_identifiers", "impossible_dates", "invalid_states", "relationship_counts",
    "freshness", "reconciliation", "intervals", "current", "identity",
)  # fmt: skip

FamilyName = Literal[
    "duplicate_keys", "missing_identifiers", "impossible_dates", "invalid_states", "relationship_counts",
    "freshness", "reconciliation", "intervals", "current", "identity",
]  # fmt: skip


class Accepted(Part):
    """A known defect that passes up to `max` until a day: because of what, answered for by whom."""

    because: str
    owner: str = ""
    until: dt.date | None = None
    max: str = ""


class Family(Part):
    severity: Severity | None = None
    allow: str = "0"


class Override(Decided):
    """What is different for one thing of a family, and until when."""

    family: FamilyName
    on: str
    severity: Severity | None = None
    allow: str = ""
    until: dt.date | None = None
    accepted: Accepted | None = None


class Check(Decided):
    """A check of the team's own: a condition that every row must meet, or a value that a metric must have."""

    on: str
    must: str = ""
    must_be: str = ""
    in_: str = Field("", alias="in")
    allow: str = "0"
    severity: Severity = "warn"
    accepted: Accepted | None = None


class Checks(Decided):
    families: Mapping[FamilyName, Family] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    checks: Mapping[str, Check] = Field(default_factory=dict)
