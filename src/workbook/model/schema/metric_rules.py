"""07_metrics.yml: rules, a yes or no of each of an entity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, Part

_CONDITIONS = (
    "Each is an expression over the entity's attributes and rules, or a clause: "
    "`{some: ticket, where: urgent, within: 30 days}`, `{no: activity, within: 14 days}`."
)


class Clause(Part):
    """A condition on what happened to somebody: at least one of something, or none of it."""

    some: str = Field(
        "",
        description=(
            "The entity or event of which there must be one at least. It needs a "
            "relationship `many to one` to the rule's entity."
        ),
        examples=["ticket"],
    )
    no: str = Field(
        "",
        description="The entity or event of which there must be none. Either `some` or `no`.",
        examples=["activity"],
    )
    where: str = Field(
        "",
        description="Which of them count: an expression over their own attributes and rules.",
        examples=["priority = 'urgent'"],
    )
    within: str = Field(
        "",
        description=(
            "How far back from the end of the as-of day they count: a length of time. "
            "Their source must declare `valid`. Default: since ever."
        ),
        examples=["30 days"],
    )
    at_least: int = Field(1, description="How many of `some` there must be at least.", examples=[2])
    on_days: int = Field(
        0,
        description="On how many different days `some` must have happened at least. Default: any.",
        examples=[5],
    )


class Rule(Decision):
    """A yes or no for each of an entity. Its name may be used wherever an attribute may."""

    of: str = Field(description="The entity that it is about.", examples=["account"])
    means: str = Field(
        "",
        description="What the rule says, in a sentence that the business would sign.",
        examples=["A subscription is running."],
    )
    all: tuple[str | Clause, ...] = Field(
        (),
        description=(
            f"Conditions of which every one must hold. {_CONDITIONS} What cannot be "
            "answered because a value is empty does not hold."
        ),
        examples=[["status = 'paid'", {"some": "activity", "within": "30 days"}]],
    )
    any: tuple[str | Clause, ...] = Field(
        (),
        description="Conditions of which one at least must hold, written as in `all`.",
        examples=[["ends_on is null", "ends_on > as_of"]],
    )
    none: tuple[str | Clause, ...] = Field(
        (),
        description="Conditions of which none may hold, written as in `all`.",
        examples=[["test_client"]],
    )
    points: Mapping[str, int] = Field(
        default_factory=dict,
        description=(
            "What makes a score: a rule, or an expression, and how many points it gives where it"
            " holds. `NAME_points` is then the sum of a row, `NAME_reasons` lists what gave it, the"
            " most first; both may stand wherever an attribute may, of today. A row of which `all`,"
            " `any` or `none` do not hold has no score."
        ),
        examples=[{"silent": 40, "late_payer": 25}],
    )
    reach: int = Field(
        0,
        description="With `points`: the rule holds from this sum on.",
        examples=[40],
    )
    competes_with: str = Field(
        "",
        description="Another rule that claims the same name in the business.",
        examples=["active_client"],
    )
    considered: Mapping[str, Any] = Field(
        default_factory=dict,
        description="Definitions that were discussed and not taken, each with the reason.",
        examples=[{"paid only": "counts accounts that left but forgot to cancel"}],
    )

    @property
    def conditions(self) -> tuple[str | Clause, ...]:
        """All that it asks, in the order of its words; what gives points last."""
        return (*self.all, *self.any, *self.none, *self.points)
