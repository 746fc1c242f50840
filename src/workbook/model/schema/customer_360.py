"""11_customer_360.yml: one curated view or audience per workflow."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, DecisionFile, Names

_FIELDS = (
    "`entity.attribute` of its entity or of one that is one `many to one` step away, a metric, or "
    "a rule. `account.recent_tickets` is a metric of the linked account. A field that the purpose "
    "does not permit, or that is made from one, is refused by `check`."
)


class View(Decision):
    """What one workflow sees: names of the model only, without logic of its own."""

    of: str = Field(
        description="The entity: one row of the view is one of it.", examples=["account"]
    )
    answers: str = Field(
        "",
        description="The question of 01_questions.yml that it answers.",
        examples=["which_needs_a_call"],
    )
    purpose: str = Field(
        "",
        description=(
            "The purpose of 12_ai_context.yml that says which fields are permitted. "
            "Without one no field is."
        ),
        examples=["account_review"],
    )
    budget: int = Field(
        20,
        description="The most fields that the view should have; more are a warning.",
        examples=[12],
    )
    only: str = Field(
        "",
        description="Who is in it: an expression over the entity, with rules. Default: everybody.",
        examples=["active_client or needs_a_call"],
    )
    fields: Names = Field(
        (),
        description=f"What is shown: {_FIELDS}",
        examples=[["account.name", "account.plan", "needs_a_call"]],
    )


class Audience(Decision):
    """Who is contacted for one purpose. Consent and preference are asked before anything else."""

    of: str = Field(description="The entity that is contacted.", examples=["user"])
    purpose: str = Field(
        description="The purpose of 12_ai_context.yml that says which fields are permitted.",
        examples=["newsletter"],
    )
    answers: str = Field(
        "",
        description="The question of 01_questions.yml that it answers.",
        examples=["who_needs_help"],
    )
    channel: str = Field(
        "",
        description=(
            "How they are contacted: `email`, `phone`, `sms`, `letter`, `in_app` or `push`. One of"
            " `fields` must be an attribute of the entity by which that is done (of type email,"
            " phone, postal_address, id or device_id), and whoever has no value of it is out."
        ),
        examples=["email"],
    )
    only: str = Field(
        "",
        description=(
            "Who is in it: an expression over the entity, with rules. Default: everybody "
            "whom consent and preference permit."
        ),
        examples=["needs_help"],
    )
    consent: str = Field(
        "",
        description=(
            "What must hold before anybody is contacted: an expression over the entity. "
            "Who has not answered is left out."
        ),
        examples=["user.marketing_consent = 'granted'"],
    )
    opt_out: str = Field(
        "",
        description="What takes somebody out, whatever else holds: an expression over the entity.",
        examples=["user.newsletter = 'out'"],
    )
    fields: Names = Field(
        (),
        description=f"What is handed over: {_FIELDS}",
        examples=[["user.email", "user.first_name"]],
    )


class CustomerViews(DecisionFile):
    """What each workflow needs, and who is contacted."""

    views: Mapping[str, View] = Field(
        default_factory=dict,
        description="Curated views, by the name of the workflow.",
        examples=[{"customer_success": {"of": "account", "purpose": "account_review"}}],
    )
    audiences: Mapping[str, Audience] = Field(
        default_factory=dict,
        description="Who is contacted, by the name of the audience.",
        examples=[{"new_users": {"of": "user", "purpose": "newsletter", "channel": "email"}}],
    )
