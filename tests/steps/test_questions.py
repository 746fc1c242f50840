"""The questions page: what an answer depends on, which numbers nobody asks for, how many are in
what was made for a question.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
from two_systems import PARTS, write_project

from workbook import Workbook
from workbook.model import Model, load_model
from workbook.steps.question_traces import SEVERAL
from workbook.steps.questions_asked import (
    fields_under,
    made_for_counts,
    metrics_asked,
    split_things,
    view_things,
)

ROOT = Path(__file__).parents[2]
ASKS = {
    "questions": {
        "who_is_gold": {
            "ask": "Who is gold?",
            "asked_by": "sales",
            "decides": "whom we call",
            "answered_by": "golden_clients",
        }
    }
}
VIEW = {
    "views": {
        "calls": {
            "of": "client",
            "answers": "who_is_gold",
            "purpose": "calling",
            "only": "golden",
            "fields": ["client.plan"],
        }
    }
}
MAY = {"purposes": {"calling": {"classes": ["internal"], "only_if": "client.plan = 'small'"}}}


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(ROOT)


def test_what_an_answer_does_not_depend_on_is_not_for_the_question(model: Model) -> None:
    part = model.questions
    fields = {
        field
        for name, each in part.questions.items()
        for field in fields_under(model, each.answered_by, view_things(model, name))
    }  # type: ignore[union-attr]
    assert (
        not {
            ("marketing.messages", "opened_at"),
            ("marketing.messages", "clicked_at"),
            ("crm.contacts", "job_title"),
        }
        & fields
    )
    assert {
        ("marketing.consents", "permission"),
        ("finance.fx_rates", "rate"),
        ("product.users", "signed_up_at"),
    } <= fields
    assert not [field for _, field in fields if field.startswith("_")]


def test_a_view_adds_to_what_an_answer_rests_on(model: Model) -> None:
    name = "what_may_the_assistant_say"
    alone = fields_under(model, model.questions.questions[name].answered_by)
    whole = fields_under(model, (), view_things(model, name)) | alone
    assert {source.partition(".")[0] for source, _ in alone} == {"support"}
    assert {source.partition(".")[0] for source, _ in whole} == {
        "billing",
        "crm",
        "marketing",
        "product",
        "support",
    }


def test_a_number_of_a_view_or_beside_an_answer_is_asked_for(model: Model) -> None:
    asked = metrics_asked(model)
    assert {
        "next_renewal",
        "active_users",
        "usage_trend",
        "expansion_2_quarters_ago",
        "nrr_12_months",
        "retained_mrr",
    } <= asked
    assert "click_rate" not in asked and "next_renewal" not in metrics_asked(
        model.with_change("customer_360.views.customer_success.fields", ["account.name"])
    )


@pytest.mark.parametrize(("rival", "state"), [(False, "pass"), (True, "look")])
def test_an_answer_by_a_definition_that_is_not_approved_is_a_warning(
    rival: bool, state: str, tmp_path: Path
) -> None:
    """Two definitions of one name are in use and nobody chose: the number is provisional."""
    seven = copy.deepcopy(PARTS["07_metrics"])
    if rival:
        seven["metrics"]["golden_too"] = {
            **seven["metrics"]["golden_clients"],
            "competes_with": "golden_clients",
        }
    parts = {"01_questions": ASKS, "07_metrics": seven}
    book = Workbook.open(write_project(tmp_path / "two", exceptions="", **parts))
    try:
        (row,) = book.questions.rows
        codes = [each.code for each in book.questions.conclude()]
    finally:
        book.close()
    assert row["state"] == state
    assert ("questions.unanswerable" in codes) == rival


def test_an_answer_says_how_many_are_in_what_was_made_for_it(tmp_path: Path) -> None:
    book = Workbook.open(
        write_project(
            tmp_path / "two",
            exceptions="",
            **{"01_questions": ASKS, "11_customer_360": VIEW, "12_ai_context": MAY},
        )
    )
    try:
        (row,) = book.questions.rows
        (made,) = made_for_counts(book.questions.context, "who_is_gold")
        decided = dict(book.customer_360.decided.select("decision", "n").rows())
    finally:
        book.close()
    assert decided["no permission for this purpose"] == 2
    assert (made.name, made.entity) == ("calls", "client")
    assert (made.asked, made.included) == (2, 0)
    assert made.excluded == (("no permission for this purpose", 2),)
    # two people: how many are in, and neither of how many nor how many are out
    assert made.hidden
    assert re.findall(r"\d+", row["answer"].partition("section 11")[2]) == ["0"]


def test_a_split_of_a_metric_of_several_entities_uses_its_field_alone(model: Model) -> None:
    """Without an entity to start from, every link of the model would be one of its own."""
    (thing,) = split_things(model, SEVERAL, ["account.industry"])
    assert (thing.kind, thing.name) == ("attribute", "account.industry")
    assert len(split_things(model, "subscription", ["account.industry"])) == 2
