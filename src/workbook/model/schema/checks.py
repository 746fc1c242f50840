"""08_checks.yml: whether the data can be trusted today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pydantic import Field

from workbook.model.schema.check_families import FamilyName
from workbook.model.schema.yaml_part import Decision, DecisionFile, Part, Severity


class Accepted(Part):
    """A known defect that the team lives with until a day."""

    because: str = Field(
        description="Why the defect is accepted.",
        examples=["a trial was opened beside a contract that already ran"],
    )
    owner: str = Field("", description="The department that answers for it.", examples=["product"])
    until: dt.date | None = Field(
        None,
        description="The last day on which it is accepted, as YYYY-MM-DD. Default: no end.",
        examples=["2025-12-31"],
    )
    max: str = Field(
        "",
        description=(
            "The most rows that may fail: a count, or a share with `%`. Beyond it the "
            "check fails as usual. Default: any number."
        ),
        examples=["2", "1%"],
    )


class Family(Part):
    """How hard the checks of one kind are, and how much they allow."""

    severity: Severity | None = Field(
        None,
        description=(
            "`error` fails the run (exit code 1), `warn` is a warning. Default: `warn`; "
            "for `freshness`, what `warn_after` and `error_after` say."
        ),
        examples=["error"],
    )
    allow: str = Field(
        "0",
        description=(
            "How many rows may fail: a count, or a share of the rows with `%`. For "
            "`reconciliation`: the difference that is allowed where the control total names none."
        ),
        examples=["2%"],
    )


class Override(Decision):
    """What is different for one thing of a family, and until when."""

    family: FamilyName = Field(description="The kind of check.", examples=["missing_identifiers"])
    on: str = Field(
        description=(
            "What it is about: a source, a field of one as `system.table.field`, an "
            "entity, a relationship, an identifier or a metric."
        ),
        examples=["app.teams.account_no"],
    )
    severity: Severity | None = Field(
        None, description="In place of the family's.", examples=["warn"]
    )
    allow: str = Field("", description="In place of the family's.", examples=["30%"])
    until: dt.date | None = Field(
        None,
        description="The last day on which this override holds, as YYYY-MM-DD. Default: no end.",
        examples=["2025-09-30"],
    )
    accepted: Accepted | None = Field(
        None,
        description="A known defect that is shown as accepted in place of failed.",
        examples=[{"because": "the vendor mends it", "until": "2025-12-31", "max": "2"}],
    )


class Check(Decision):
    """A check of the team's own: a condition for every row, or the value of a metric."""

    on: str = Field(
        description="What it checks: an entity or a source with `must`, a metric with `must_be`.",
        examples=["invoice"],
    )
    must: str = Field(
        "",
        description=(
            "A condition that every row must meet: an expression. A row in which a value "
            "is missing, so that it cannot be answered, fails. Either `must` or `must_be`."
        ),
        examples=["mended_on is null or mended_on >= begun_on"],
    )
    then: bool = Field(
        False,
        description=(
            "For `must` on an entity with a valid time: whether kept values (06_history.yml) that "
            "the condition names are those of each row's own moment, such as the consent on the "
            "day on which a message was sent. Default: those of the as-of date."
        ),
        examples=[True],
    )
    must_be: str = Field(
        "", description="The value that the metric must have.", examples=["311448.78"]
    )
    in_: str = Field(
        "",
        alias="in",
        description=(
            "For `must_be`: the period of the value, as `2025`, `2025-Q2`, `2025-06`, the "
            "last day of a month, or a fiscal period by its name, `FY 2024/25` or `Q1 FY 2024/25`. "
            "Default: at the as-of date."
        ),
        examples=["2025-06", "Q1 FY 2024/25"],
    )
    allow: str = Field(
        "0",
        description=(
            "How many rows may fail, as a count or a share with `%`; for `must_be` how far "
            "the value may be, as an amount or a share."
        ),
        examples=["5", "0.5%"],
    )
    severity: Severity = Field(
        "warn",
        description="`error` fails the run (exit code 1), `warn` is a warning.",
        examples=["error"],
    )
    accepted: Accepted | None = Field(
        None,
        description="A known defect that is shown as accepted in place of failed.",
        examples=[{"because": "the vendor mends it", "until": "2025-12-31", "max": "2"}],
    )


class Checks(DecisionFile):
    """Whether the data can be trusted today. Most checks follow from the other files."""

    families: Mapping[FamilyName, Family] = Field(
        default_factory=dict,
        description=(
            "The checks that follow from the model: `duplicate_keys`, "
            "`missing_identifiers` (strong ones), `impossible_dates` (before 1990, after the as-of "
            "date, an end before its start), `invalid_states` (declared `values`, moves of the "
            "lifecycle), `relationship_counts`, `freshness`, `reconciliation` (control totals), "
            "`intervals` (periods that overlap), `current` (today's value against its history), "
            "`identity` (values that must never be merged). All run whether listed or not."
        ),
        examples=[{"duplicate_keys": {"severity": "error"}}],
    )
    overrides: tuple[Override, ...] = Field(
        (),
        description="What is different for one source, field, entity or metric.",
        examples=[[{"family": "duplicate_keys", "on": "app.visits", "severity": "warn"}]],
    )
    checks: Mapping[str, Check] = Field(
        default_factory=dict,
        description="Checks of the team's own, by a name that says what must hold.",
        examples=[{"paid_invoices_have_a_date": {"on": "invoice", "must": "paid_on is not null"}}],
    )
