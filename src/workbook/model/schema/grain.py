"""02_grain.yml: what a customer is."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.yaml_part import DecisionFile, Names, Overruled


class GrainCandidate(Overruled):
    """A grain that was considered and not chosen; the reason alone is enough."""

    by: str = Field(
        "",
        description=(
            "What would tell one from another: an identifier of 03_sources.yml (a field "
            "alone is not one) or a relationship of 04_entities.yml. Page 02 then "
            "counts how many customers there would be. "
            "Default: the entity of the same name, if there is one."
        ),
        examples=["device_id"],
    )
    because: str = Field(
        "",
        description="Why it was not chosen.",
        examples=["a cookie is not a customer; two people share one and one person has three"],
    )


class Grain(DecisionFile):
    """What a customer is: the grain that was decided, and what else was considered."""

    primary: str = Field(
        "",
        description="The entity of 04_entities.yml that is the customer.",
        examples=["account"],
    )
    sentence: str = Field(
        "",
        description=(
            "What a customer is, in one sentence. It is required as soon as `primary` is "
            "named, and stands on the cover."
        ),
        examples=["A customer is an organization that has, had or seeks a contract with us."],
    )
    considered: Mapping[str, GrainCandidate] = Field(
        default_factory=dict,
        description="Other grains that were discussed, by name, each with the reason against it.",
        examples=[{"device": {"by": "device_id", "because": "a cookie is not a customer"}}],
    )
    headline: Names = Field(
        (),
        description="The metrics that the cover shows, and whose movement every what-if tells.",
        examples=[["active_customers", "mrr"]],
    )
    customer_means: Mapping[str, str] = Field(
        default_factory=dict,
        description="What each department calls a customer today.",
        examples=[{"finance": "a paying party with an open subscription"}],
    )
