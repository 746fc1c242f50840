"""10_review.yml: the statements that each department is asked to confirm."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.yaml_part import DecisionFile, Names, Part, Severity


class Statement(Part):
    """A sentence that a department is asked to confirm."""

    says: str = Field(
        description="The sentence. `{name}` is filled with the value of that metric.",
        examples=["We had {active_customers} active customers at the end of June."],
    )
    about: Names = Field(
        (),
        description=(
            "The decisions that it is about: metrics, rules, events, entities, checks or "
            "`entity.attribute`. When one of them changes, the sign-off lapses."
        ),
        examples=["active_customers"],
    )


class Review(DecisionFile):
    """Whether the people who use the numbers agree; sign-offs are lines of signoffs.csv."""

    gate: Severity = Field(
        "warn",
        description="What a disputed statement does: `warn` is a warning, `error` fails the run.",
        examples=["error"],
    )
    expires: str = Field(
        "6 months",
        description=(
            "After how long a sign-off lapses: a length of time of whole days, counted "
            "back from the as-of date."
        ),
        examples=["3 months"],
    )
    statements: Mapping[str, Mapping[str, Statement]] = Field(
        default_factory=dict,
        description="The statements: department of workbook.yml, then a short name.",
        examples=[{"finance": {"mrr": {"says": "MRR of {mrr} agrees with the ledger."}}}],
    )
