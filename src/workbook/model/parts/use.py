"""What it is used for: curated views and audiences, and what an AI may see and do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.parts.base import Decided, Names, Part


class View(Decided):
    """A curated view for one workflow; names only, a view has no logic of its own."""

    of: str
    answers: str = ""
    purpose: str = ""
    budget: int = 20
    only: str = ""
    fields: Names = ()


class Audience(Decided):
    """Who is reached for one purpose over one channel: consent and preference gate it before `only` does."""

    of: str
    purpose: str
    answers: str = ""
    channel: str = ""
    only: str = ""
    consent: str = ""  # an expression over the entity, for instance user.marketing_consent = 'granted'
    opt_out: str = ""  # an expression that takes a person out, whatever else holds
    fields: Names = ()


class CustomerViews(Decided):
    views: Mapping[str, View] = Field(default_factory=dict)
    audiences: Mapping[str, Audience] = Field(default_factory=dict)


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
