"""Reasons stand where the decision is shown: the rule of a field, a match rule, what was
considered.
"""

from __future__ import annotations

from pathlib import Path

from workbook.model import load_model
from workbook.steps.decision_reasons import because, not_taken, reasons

ROOT = Path(__file__).parents[2]


def test_a_reason_and_what_was_considered_are_said_once() -> None:
    assert because("sales hears first. ") == "; because sales hears first" and because("") == ""
    considered = {
        "crm_first": {"order": ["crm"], "because": "it is newer"},
        "by_hand": "too slow",
        "none": 1,
    }
    said = not_taken(considered)
    assert [part in said for part in ("CRM first (it is newer)", "by hand (too slow)", "none")] == [
        True
    ] * 3
    assert not_taken({}) == ""


def test_every_reason_of_a_file_is_named_with_what_it_is_about() -> None:
    model = load_model(ROOT / "templates" / "b2b_saas")
    assert model.entities
    link = model.entities.relationships["membership"]
    assert link.because and f"membership: {link.because}" in reasons(
        model, "entities", "relationships"
    )
    changed = model.with_change(
        "ai_context.purposes.onboarding_mail.considered", {"by_phone": "nobody answers"}
    )
    assert "onboarding mail: " in reasons(changed, "ai_context") and "nobody answers" in reasons(
        changed, "ai_context"
    )
    assert reasons(model, "customer_360") == ""
