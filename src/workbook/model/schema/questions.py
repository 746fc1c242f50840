"""01_questions.yml: the business questions that the model must answer."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.yaml_part import Decision, DecisionFile, Names, Part


class Intended(Part):
    """What the sheet of a question is meant to say, a line each, before anything is built."""

    grain: str = Field(
        "",
        description="What is to be counted; decided in 02_grain.yml.",
        examples=["an account: an organization that has, had or seeks a contract"],
    )
    sources: str = Field(
        "",
        description="The systems that have to be read; declared in 03_sources.yml.",
        examples=["billing for payments, the product for usage"],
    )
    identifiers: str = Field(
        "",
        description="The keys that connect them; declared in 03_sources.yml.",
        examples=["the billing customer number"],
    )
    priority: str = Field(
        "",
        description="Which system wins where two disagree; decided in 05_survivorship.yml.",
        examples=["billing for paid status, CRM for the owner"],
    )
    metric: str = Field(
        "",
        description="What counts and what does not; defined in 07_metrics.yml.",
        examples=["paid and used the product in the last 30 days"],
    )


class Question(Decision):
    """One question of the business: who asks, what it decides, and which number answers it."""

    ask: str = Field(
        description="The question, as the people who have it say it.",
        examples=["How many active customers do we have?"],
    )
    asked_by: Names = Field(
        (),
        description="The departments that ask: of `departments` in workbook.yml.",
        examples=[["finance", "sales"]],
    )
    decides: str = Field(
        "",
        description="The decision that waits for the answer.",
        examples=["the board's growth target"],
    )
    answered_by: Names = Field(
        (),
        description=(
            "The metrics of 07_metrics.yml that answer it. Default: none yet, and the "
            "question is open."
        ),
        examples=["active_customers"],
    )
    by: Names = Field(
        (),
        description=(
            "What the answer is split by, written as `by` of a metric: `entity.attribute`, "
            "also with ` then` or ` at EVENT` behind it."
        ),
        examples=["account.plan at churn"],
    )
    intended: Intended = Field(
        default_factory=Intended,
        description=(
            "The sheet of the question in words, before it is decided: shown beside each line "
            "that does not hold yet. It changes no number."
        ),
        examples=[{"grain": "an account", "metric": "paid in the last 30 days"}],
    )


class Questions(DecisionFile):
    """What the team must be able to answer."""

    questions: Mapping[str, Question] = Field(
        default_factory=dict,
        description=(
            "The questions, by a short name. A view or an audience of "
            "11_customer_360.yml names the question that it answers."
        ),
        examples=[{"how_many": {"ask": "How many customers do we have?", "asked_by": "sales"}}],
    )
