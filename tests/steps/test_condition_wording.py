"""A condition is worded as exactly as it is written, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.model import Model, load_model
from workbook.steps.condition_wording import condition_text

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(ROOT / "templates" / "b2b_saas")


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("open_ticket", "“open ticket”"),
        ("user.ai_consent = 'granted'", "“user AI consent” is granted"),
        ("employees >= 50", "“employees” is at least 50"),
        ("plan in ('team', 'trial')", "“plan” is one of team, trial"),
        ("plan is not null", "“plan” is known"),
        ("plan is null", "“plan” is not known"),
        ("priority <> 'urgent'", "“priority” is known and is not urgent"),
        ("a = 'x' and (b or c)", "“a” is x and (“b” or “c”)"),
    ],
)
def test_a_condition_of_a_known_shape_is_worded(model: Model, sql: str, text: str) -> None:
    assert condition_text(model, sql) == text


@pytest.mark.parametrize(
    "sql",
    [
        "not (plan = 'team')",
        "lower(plan) = 'team'",
        "plan = stage",
        "5 < employees",
        "a = 'x' and not b",
        "plan not in ('team')",
        "employees + 1 > 5",
    ],
)
def test_any_other_stays_as_it_is_written(model: Model, sql: str) -> None:
    assert condition_text(model, sql) == sql


def test_a_value_of_a_person_is_hidden(model: Model) -> None:
    assert "ann@example.org" not in condition_text(model, "email = 'ann@example.org'")
