"""12_ai_context.yml: what an AI system or a role may read and do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.base import Decision, DecisionFile, Names, Part


class Role(Part):
    """Who or what works with customer data, and for which purposes."""

    people: str = Field(
        "", description="The department whose people have this role.", examples=["support"]
    )
    system: str = Field(
        "",
        description="The system that has this role, such as an assistant or a campaign tool.",
        examples=["assist-v2"],
    )
    may: Names = Field(
        (),
        description="The purposes for which it may read. What no purpose permits is refused.",
        examples=["support_answers"],
    )
    rows: str = Field(
        "",
        description="Which rows it may see, in words. It is documented; the views select. Default: "
        "all rows of the views of its purposes.",
        examples=["open tickets of the asking account"],
    )


class Purpose(Decision):
    """A purpose: the fields that it may read, consent, freshness, and a person's approval."""

    does: str = Field(
        "",
        description="What is done for this purpose, in a sentence.",
        examples=["A model drafts the answer to a ticket."],
    )
    classes: tuple[Literal["public", "internal", "personal", "sensitive"], ...] = Field(
        ("public",),
        description="The privacy classes whose fields are permitted. A rule or a metric counts as "
        "`internal`, whatever it is made from.",
        examples=[["public", "internal"]],
    )
    fields: Names = Field(
        (),
        description="Fields that are permitted one by one, as `entity.attribute`, although their "
        "class is not.",
        examples=[["user.first_name"]],
    )
    never: Names = Field(
        (),
        description="Fields that are not permitted, as `entity.attribute`, whatever their class or "
        "`fields` say. A rule or a metric made from one is another field.",
        examples=[["account.owner"]],
    )
    only_if: str = Field(
        "",
        description="What must hold for a row to be used: an expression over `entity.attribute` "
        "and rules. Where it cannot be answered the row is left out.",
        examples=["user.ai_consent = 'granted'"],
    )
    freshness: str = Field(
        "",
        description="How old the oldest source may be that the purpose reads: a length of "
        "time. Default: no limit, and page 12 says that none was decided.",
        examples=["6 hours"],
    )
    human_review: str = Field(
        "",
        description="When a person approves the output, in words; `none` where nobody does. Left "
        "out, it counts as not decided.",
        examples=["before it is sent"],
    )
    smallest_group: int = Field(
        0,
        ge=0,
        description="The least number of people that a view or an audience for this purpose must "
        "tell of: different ids of its entity, and of each linked entity with personal values that "
        "its rows are about; the fewest count. One with fewer is withheld: it is empty, and a "
        "finding says so. Default: any number.",
        examples=[5],
    )
    basis: str = Field(
        "",
        description="The lawful basis, in the words of your privacy register.",
        examples=["consent", "legitimate interests"],
    )


class AiContext(DecisionFile):
    """What an AI system or a person may see and do. What is not permitted here is refused."""

    roles: Mapping[str, Role] = Field(
        default_factory=dict,
        description="Who or what works with customer data, by name.",
        examples=[{"support_bot": {"system": "assist-v2", "may": "support_answers"}}],
    )
    purposes: Mapping[str, Purpose] = Field(
        default_factory=dict,
        description="What customer data may be used for, by name.",
        examples=[{"support_answers": {"classes": ["public"], "basis": "consent"}}],
    )
