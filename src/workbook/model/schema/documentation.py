"""09_documentation.yml: glossary, descriptions, caveats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.yaml_part import DecisionFile, Names, Part


class Term(Part):
    """A word of the glossary: what it means, which name of the model it is, and which it is not."""

    means: str = Field(
        description="What the word means, in a sentence.",
        examples=["The day on which the last subscription of an account ends."],
    )
    is_: str = Field(
        "",
        alias="is",
        description=(
            "The name of the model that it stands for: an entity, metric, rule, event, "
            "check, question, source or `entity.attribute`."
        ),
        examples=["churn"],
    )
    not_: Names = Field(
        (),
        alias="not",
        description="Words that are often taken for it and mean something else.",
        examples=[["user", "payer"]],
    )


class Caveat(Part):
    """What a reader must know beside every number that it touches."""

    about: Names = Field(
        description=(
            "What it is about: a metric, rule, event, entity, relationship, source or "
            "`entity.attribute`. It is shown beside every metric that uses one of them."
        ),
        examples=[["mrr"], "user.email"],
    )
    says: str = Field(
        description="The caveat, in a sentence.",
        examples=["Converted at the rate of the last day of the month."],
    )
    owner: str = Field("", description="The department that answers for it.", examples=["finance"])
    until: dt.date | None = Field(
        None,
        description=(
            "The last day on which it holds, as YYYY-MM-DD; afterwards it is shown as "
            "expired. Default: no end."
        ),
        examples=["2026-02-01"],
    )


class Documentation(DecisionFile):
    """The words of the business, what attributes mean, and what limits the numbers."""

    glossary: Mapping[str, Term] = Field(
        default_factory=dict,
        description="Words of the business. Metrics and rules explain themselves by `means`.",
        examples=[{"customer": {"means": "An account.", "is": "account", "not": ["user"]}}],
    )
    describe: Mapping[str, str] = Field(
        default_factory=dict,
        description="`entity.attribute` to what it means, where the name does not say it.",
        examples=[{"account.entitlement": "The support level that the contract grants."}],
    )
    caveats: Mapping[str, Caveat] = Field(
        default_factory=dict,
        description="What limits the numbers, by a short name.",
        examples=[{"month_end": {"about": "mrr", "says": "Converted at month-end rates."}}],
    )
