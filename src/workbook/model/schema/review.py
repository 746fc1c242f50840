"""10_review.yml: the statements that each department is asked to confirm."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Part, Severity


class Statement(Part):
    """A sentence that a function is asked to confirm; `{name}` is filled with the value of that metric."""

    says: str
    about: Names = ()


class Review(Decided):
    gate: Severity = "warn"
    expires: str = "6 months"
    statements: Mapping[str, Mapping[str, Statement]] = Field(default_factory=dict)
