"""12_ai_context.yml: what an AI system or a role may read and do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decided, Names, Part


class Role(Part):
    """Who or what works with customer data, and for which purposes."""

    people: str = ""
    system: str = ""
    may: Names = ()
    rows: str = ""


class Purpose(Decided):
    """One purpose: the classes and named fields it may read, consent, freshness, and a person's approval."""

    does: str = ""
    classes: tuple[Literal["public", "internal", "personal", "sensitive"], ...] = ("public",)
    fields: Names = ()
    never: Names = ()
    only_if: str = ""
    freshness: str = ""
    human_review: str = ""
    smallest_group: int = 0
    basis: str = ""


class AiContext(Decided):
    roles: Mapping[str, Role] = Field(default_factory=dict)
    purposes: Mapping[str, Purpose] = Field(default_factory=dict)
