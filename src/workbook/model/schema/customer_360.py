"""11_customer_360.yml: one curated view or audience per workflow."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.base import Decided, Names


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
