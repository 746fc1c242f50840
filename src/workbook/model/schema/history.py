"""06_history.yml: attributes with their history, events, lifecycle states, erasures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, DecisionFile, Names


class Kept(Decision):
    """An attribute of which every past value is kept, and how its source writes the past down."""

    from_: str = Field(
        alias="from",
        description=(
            "The source that knows the past. It must declare `valid`, and lead to the "
            "entity by an identifier or a relationship."
        ),
        examples=["billing.plans"],
    )
    as_: Literal["periods", "changes", "snapshots", "events"] = Field(
        alias="as",
        description=(
            "How the source writes the past down. `periods`: a value from one date to "
            "another (needs `valid: [from, to]`). `changes`: one row when a value changed. "
            "`snapshots`: all values as they were on a date. `events`: one row when somebody said "
            "something, such as a consent. A value of the last three lasts until the next one."
        ),
        examples=["periods"],
    )
    value: str = Field(
        description="The field of the source that holds the value; no expression.",
        examples=["plan"],
    )
    before: str = Field(
        "",
        description=(
            "For `changes`: the field that holds the value before the change. It fills "
            "the time before the first change, and shows changes that are missing."
        ),
        examples=["value_before"],
    )
    where: str = Field(
        "",
        description=(
            "Which rows of the source are about this attribute: an expression over its "
            "fields. Default: all."
        ),
        examples=["field = 'owner'"],
    )
    absent: Literal["", "ends"] = Field(
        "",
        description=(
            "For `snapshots`: `ends` where somebody whom a snapshot leaves out has no value from"
            " then on; where the snapshot lost more than half of the one before, only once the next"
            " one leaves them out as well. Default: the last value goes on."
        ),
        examples=["ends"],
    )


class Event(Decision):
    """Something that happens to an entity."""

    from_: str = Field(
        alias="from", description="The source whose rows tell of it.", examples=["billing.plans"]
    )
    of: str = Field(description="The entity to which it happens.", examples=["account"])
    at: str = Field(
        "",
        description="The field that says when. Default: the start of the source's `valid`.",
        examples=["ends_on"],
    )
    where: str = Field(
        "",
        description=(
            "Which rows of the source tell of it: an expression over its fields. Default: all."
        ),
        examples=["name = 'login'"],
    )
    first: bool = Field(
        False,
        description=(
            "Whether only the first of each entity counts, as for a sign-up that is sent twice."
        ),
        examples=[True],
    )
    last: bool = Field(
        False,
        description=(
            "Whether only the last of each entity counts. Where `at` is the end of "
            "`valid`, an entity with a period that still runs has none: it churns when its last "
            "subscription ends."
        ),
        examples=[True],
    )


class State(Decision):
    """A lifecycle state: the event that starts it, what may follow, how long it lasts."""

    starts: str = Field(description="The event that starts it.", examples=["trial_begun"])
    next: Names = Field(
        (),
        description=(
            "The states that may follow. Any other move is kept and is a finding. "
            "Default: none may follow."
        ),
        examples=[["onboarding", "established"]],
    )
    expected: str = Field(
        "",
        description=(
            "How long it should last at most: a length of time of whole days. Page 06 "
            "counts the stays that last longer. Default: no limit."
        ),
        examples=["14 days"],
    )


class Erasure(Decision):
    """Requests to be forgotten: the personal values of who made one are removed everywhere."""

    from_: str = Field(
        alias="from",
        description="The source whose rows are the requests. It must lead to the entity.",
        examples=["marketing.requests"],
    )
    at: str = Field(
        "",
        description=(
            "The field that says when it was requested. Default: the start of the source's `valid`."
        ),
        examples=["asked_on"],
    )
    where: str = Field(
        "",
        description=(
            "Which rows are requests to be forgotten: an expression over the source's "
            "fields. Default: all."
        ),
        examples=["kind = 'erase'"],
    )


class History(DecisionFile):
    """What is true now, and what was true then."""

    history: Mapping[str, Kept] = Field(
        default_factory=dict,
        description=(
            "Attributes of which every past value is kept, as `entity.attribute`. Only "
            "these can be asked for `then` and `at` an event."
        ),
        examples=[{"account.plan": {"from": "billing.plans", "as": "periods", "value": "plan"}}],
    )
    events: Mapping[str, Event] = Field(
        default_factory=dict,
        description=(
            "What happens to entities, by name. Rules, dimensions and lifecycle states name them."
        ),
        examples=[{"churn": {"from": "billing.plans", "of": "account", "at": "ends_on"}}],
    )
    lifecycle: Mapping[str, Mapping[str, State]] = Field(
        default_factory=dict,
        description=(
            "The states that an entity goes through: entity, then state. Where two begin "
            "on one day without a time, they follow the order written here. `account.lifecycle` is "
            "then a dimension."
        ),
        examples=[{"account": {"trial": {"starts": "trial_begun", "next": ["paying"]}}}],
    )
    before: Names = Field(
        (),
        description=(
            "Before which events, or kinds of movement of 07_metrics.yml, figure 6.7 shows "
            "what happened. Default: the event that ends a life, and what grows."
        ),
        examples=[["churn", "renewal"]],
    )
    erasures: Mapping[str, Erasure] = Field(
        default_factory=dict,
        description=(
            "Where requests to be forgotten are, by entity. From the day of the request no "
            "personal or sensitive value of that person is used or shown."
        ),
        examples=[{"user": {"from": "marketing.requests", "at": "asked_on"}}],
    )
