"""Lists of the method, each with what a project has: governance rules by purpose, modules below
Customer 360, patterns of tables, grains, decisions.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from workflows import write_project

from workbook.book import Workbook
from workbook.model.schema import Purpose
from workbook.steps.governance_rules import rule_states
from workbook.steps.purpose_freshness import PurposeFreshness
from workbook.steps.decision_reasons import by_whom, reasons_of_fields
from workbook.steps.view_modules import modules_of, shown_of_modules
from workbook.words import words_of


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    opened = Workbook.open(write_project(tmp_path_factory.mktemp("lists")))
    yield opened
    opened.close()


def test_each_purpose_answers_each_governance_rule(book: Workbook) -> None:
    data = book.ai_context.six_rules().as_dict()
    states = {row[0]: row[2:] for row in data["rows"]}
    assert [column["name"] for column in data["columns"]][-2:] == ["calling", "mailing"]
    # calling has no limit of age, mailing has no role; of neither a person approves the output
    assert states == {
        "Allowed fields": ["pass", "pass"],
        "Freshness": ["look", "pass"],
        "Lineage": ["pass", "pass"],
        "Human review": ["look", "look"],
        "Explainability": ["pass", "pass"],
        "Access control": ["pass", "look"],
    }


def test_a_rule_that_no_view_shows_is_not_assessed() -> None:
    purpose = Purpose(does="Calls.", classes=("public",), human_review="none")
    fresh = PurposeFreshness("", None, None, ())
    assert rule_states(purpose, fresh, [], held=True) == {
        "allowed_fields": True,
        "freshness": False,
        "lineage": None,
        "human_review": True,
        "explainability": None,
        "access_control": True,
    }


def test_modules_are_what_entities_and_relationships_make_them(book: Workbook) -> None:
    found = {name: made for name, made in modules_of(book.model).items() if made}
    assert found == {"customer_profile": ["firm", "person"], "account_hierarchy": ["seats"]}
    # name and owner of a firm, the address of a person
    assert shown_of_modules(book.model) == {"customer_profile": 3}
    rows = {row[0]: row[1:] for row in book.customer_360.modules().as_dict()["rows"]}
    assert rows["Customer profile"] == ["Firm and person", 3]
    assert rows["Subscriptions"][1] == 0 and rows["Calculated metrics"] == ["1 metric", 0]


def test_the_table_of_the_customer_is_the_first_canonical_one(book: Workbook) -> None:
    names: dict[str, list[str]] = {}
    for row in book.documentation.inventory().as_dict()["rows"]:
        names.setdefault(row[0], []).append(row[1])
    (canonical,) = [key for key in names if key.startswith("Canonical customer model")]
    assert names[canonical][:2] == ["firm", "person"]
    assert words_of("method").text("patterns.canonical.use") in canonical
    (curated,) = [key for key in names if key.startswith("Customer 360 model")]
    assert names[curated] == ["audience__news", "view__calls"]


def test_a_candidate_of_a_usual_grain_says_when_it_is_useful(book: Workbook) -> None:
    data = book.grain.compare().as_dict()
    at = [column["name"] for column in data["columns"]].index("useful")
    useful = {row[2]: row[at] for row in data["rows"]}
    quoted = words_of("method").text
    assert useful["firm"] == quoted("grains.company")
    assert useful["person"] == quoted("grains.person")
    assert useful["household"] == quoted("grains.household")


def test_five_decisions_say_what_was_decided(book: Workbook) -> None:
    rows = book.diagnosis.five_decisions().as_dict()["rows"]
    # no survivorship rule; two events are kept; both dashboards count the test firm, too; a guest
    # may work for no purpose
    assert [row[0] for row in rows] == ["pass", "untested", "pass", "look", "look"]


def test_a_decision_is_told_with_its_owner_and_its_day(book: Workbook) -> None:
    model = book.model
    assert by_whom(model, "metrics", "metrics", "firms") == "finance"
    assert by_whom(model, "metrics", "rules", "test_firm") == ""
    assert reasons_of_fields(model) == ""
