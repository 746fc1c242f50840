"""02_grain.yml: what a customer is."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Short


class GrainCandidate(Short):
    """A grain that was considered: the entity (its name), or what would be its key (`by`)."""

    bare = "because"

    by: str = ""
    because: str = ""


class Grain(Decided):
    primary: str = ""
    sentence: str = ""
    considered: Mapping[str, GrainCandidate] = Field(default_factory=dict)
    headline: Names = ()
    customer_means: Mapping[str, str] = Field(default_factory=dict)  # what each function calls "customer"
