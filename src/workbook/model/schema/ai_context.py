"""12_ai_context.yml: what an AI system or a role may read and do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, DecisionFile, Names, Part


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
        description=(
            "Which rows of the views and audiences of its purposes it may see: an expression over"
            " the entity of each, with rules. Each has a table of its own for the role,"
            " `view__NAME__role__ROLE`, filtered by it; `smallest_group` counts what is left. What"
            " is known only when somebody asks, such as who asks, is no expression and is left to"
            " the system that asks. Default: all rows."
        ),
        examples=["priority <> 'urgent'", "account.country = 'DE'"],
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
        description=(
            "The privacy classes whose fields are permitted. Whatever is made from fields has the"
            " strictest class among them: a rule, a rule on a rule, a metric with its filter, a"
            " lifecycle state, a kept value. A view reads its fields and its conditions; `check`"
            " refuses one that reads what is not permitted. The key that links two things is no"
            " part of a value's class."
        ),
        examples=[["public", "internal"]],
    )
    fields: Names = Field(
        (),
        description=(
            "What is permitted one by one although its class is not: `entity.attribute`, a rule, a"
            " metric, or a field of a source. What is made from it alone is permitted with it. What"
            " stands in `only_if` is permitted as a condition without being named here."
        ),
        examples=[["user.first_name", "active_people"]],
    )
    never: Names = Field(
        (),
        description=(
            "What is never given to this purpose, whatever its class or `fields` say:"
            " `entity.attribute`, a rule or a metric (`listed` and `person.listed` mean the same),"
            " an entity, a source, a field of a source, or a whole system. What is derived from it"
            " is refused with it, however many rules and metrics lie between, also through the key"
            " of a relationship. What is refused can neither be shown nor decide who is in: `check`"
            " refuses every view and audience that reads it, also in a condition. An attribute"
            " takes with it the fields that it comes from. An entity that a refused source makes"
            " rows of is refused, too, and so is one whose records are matched by what is refused"
            " (rules, `never_merge`, guard, suggestions, the source's own merges), with all that is"
            " linked to it. To hide a matching key without refusing what it joins, leave its class"
            " out of `classes`."
        ),
        examples=[["account.owner", "on_watchlist", "screening"]],
    )
    only_if: str = Field(
        "",
        description=(
            "What must hold for a row to be used: an expression over `entity.attribute` "
            "and rules. Where it cannot be answered the row is left out."
        ),
        examples=["user.ai_consent = 'granted'"],
    )
    freshness: str = Field(
        "",
        description=(
            "How old the oldest source may be that the purpose reads: a length of "
            "time. Every source counts that a view reads in its rows, fields, conditions, consent, "
            "metrics and links. A view or an audience past the limit is empty, and a finding says "
            "which source is too old. Default: no limit, and page 12 says that none was decided."
        ),
        examples=["6 hours"],
    )
    human_review: str = Field(
        "",
        description=(
            "When a person approves the output, in words; `none` where nobody does. Left "
            "out, it counts as not decided."
        ),
        examples=["before it is sent"],
    )
    smallest_group: int = Field(
        0,
        ge=0,
        description=(
            "The least number of people that a view or an audience for this purpose must tell of:"
            " different ids of its entity, and of each linked entity with personal values that its"
            " rows are about; the fewest count. One with fewer is withheld: it is empty, and a"
            " finding says so. Default: any number."
        ),
        examples=[5],
    )
    basis: str = Field(
        "",
        description=(
            "The lawful basis, in the words of your privacy register. Where it is consent, every"
            " view and audience needs a condition that asks for it: `consent` of the audience or"
            " `only_if` of the purpose. `check` refuses one that can hold for whoever answered"
            " otherwise or not at all, and, where the audience has a `channel`, an answer for"
            " another channel or for several; what cannot be told from the decisions is a finding."
        ),
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
