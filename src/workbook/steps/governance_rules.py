"""Figure 12.7: the six governance rules of the method, answered for each purpose."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.model.schema import Purpose, Role
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.customer_360 import Customer360
from workbook.steps.purpose_freshness import PurposeFreshness
from workbook.steps.step import Step
from workbook.steps.view_status import ViewStatus
from workbook.words import words_of
from workbook.words.wording import capital, humanize

# In the order of the method, by their names in method.toml.
RULES = (
    "allowed_fields",
    "freshness",
    "lineage",
    "human_review",
    "explainability",
    "access_control",
)
_MARK = {True: "pass", False: "look", None: "untested"}


def rules_figure(
    step: Step,
    purposes: Mapping[str, Purpose],
    roles: Mapping[str, Role],
    freshness: Mapping[str, PurposeFreshness],
) -> Figure:
    """One row per rule: what it asks, and whether each purpose answers it."""
    quoted = words_of("method").text
    states = answers_by_purpose(step, purposes, roles, freshness)
    rows = [
        {
            "rule": quoted(f"governance.{rule}.name"),
            "asks": quoted(f"governance.{rule}.rule"),
            **{name: _MARK[answers[rule]] for name, answers in states.items()},
        }
        for rule in RULES
    ]
    columns = step.heads(
        "six_rules",
        Column("rule", detail="asks"),
        *(Column(name, capital(humanize(name)), "check") for name in purposes),
    )
    body = table(frame_for(rows if purposes else [], columns), columns)
    return step.figure("six_rules", body)


def answers_by_purpose(
    step: Step,
    purposes: Mapping[str, Purpose],
    roles: Mapping[str, Role],
    freshness: Mapping[str, PurposeFreshness],
) -> dict[str, dict[str, bool | None]]:
    """Of each purpose, whether it answers each rule; None where no view or audience shows it."""
    uses = _uses_by_purpose(step)
    held = {name for role in roles.values() for name in role.may}
    return {
        name: rule_states(purpose, freshness[name], uses.get(name, []), held=name in held)
        for name, purpose in purposes.items()
    }


def rule_states(
    purpose: Purpose, fresh: PurposeFreshness, uses: list[ViewStatus], *, held: bool
) -> dict[str, bool | None]:
    """Whether one purpose answers each rule; None where no view or audience shows it."""
    built = [status for status in uses if status.inside is not None]
    return {
        "allowed_fields": bool(purpose.classes or purpose.fields),
        "freshness": bool(purpose.freshness) and not fresh.late,
        "lineage": all(status.compiled for status in uses) if uses else None,
        "human_review": bool(purpose.human_review),
        "explainability": len(built) == len(uses) if uses else None,
        "access_control": held,
    }


def _uses_by_purpose(step: Step) -> dict[str, list[ViewStatus]]:
    """The views and audiences of each purpose, with what could be built of them."""
    found: dict[str, list[ViewStatus]] = {}
    for status in step.context.step(Customer360).statuses:
        found.setdefault(status.use.purpose, []).append(status)
    return found
