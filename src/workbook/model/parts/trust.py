"""What makes it trusted: checks, documentation, review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.parts.base import Decided, Names, Part

FAMILIES = (
    "duplicate_keys", "missing_identifiers", "impossible_dates", "invalid_states", "relationship_counts",
    "freshness", "reconciliation", "intervals", "current", "identity",
)  # fmt: skip
FamilyName = Literal[
    "duplicate_keys", "missing_identifiers", "impossible_dates", "invalid_states", "relationship_counts",
    "freshness", "reconciliation", "intervals", "current", "identity",
]  # fmt: skip
Severity = Literal["error", "warn"]


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


class Term(Part):
    """A word of the glossary: what it means, which thing of the model it is, which it is not."""

    means: str
    is_: str = Field("", alias="is")
    not_: Names = Field((), alias="not")


class Caveat(Part):
    """What a reader must know beside every number that it touches."""

    about: Names
    says: str
    owner: str = ""
    until: dt.date | None = None


class Documentation(Decided):
    glossary: Mapping[str, Term] = Field(default_factory=dict)
    describe: Mapping[str, str] = Field(default_factory=dict)
    caveats: Mapping[str, Caveat] = Field(default_factory=dict)


class Statement(Part):
    """A sentence that a function is asked to confirm; `{name}` is filled with the value of that metric."""

    says: str
    about: Names = ()


class Review(Decided):
    gate: Severity = "warn"
    expires: str = "6 months"
    statements: Mapping[str, Mapping[str, Statement]] = Field(default_factory=dict)
