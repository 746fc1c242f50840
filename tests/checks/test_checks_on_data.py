"""Checks on whole data sets: they find what is known to be wrong with them, in exact counts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks_plan import Opened, open_project

REPOSITORY = Path(__file__).parents[2]
EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The bundled sample, its sources landed and checked."""
    with open_project(REPOSITORY, tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        ("duplicate_keys__product__events", "duplicate_events"),
        ("duplicate_keys__marketing__subscribers", "duplicate_subscriber_rows"),
        (
            "impossible_dates__support__tickets__solved_at__after__created_at",
            "solved_before_opened",
        ),
    ],
)
def test_planted_defects_of_the_sample(check, defect, sample):
    planted = json.loads((REPOSITORY / "data" / "truth" / "b2b_saas" / "defects.json").read_text())[
        defect
    ]["count"]
    assert sample.count(check) == planted


@pytest.mark.parametrize("system", ["crm", "billing", "product", "support", "marketing"])
def test_the_sample_has_no_other_impossible_date_and_no_invalid_state(system, sample):
    known = {"impossible_dates__support__tickets__solved_at__after__created_at"}
    names = [
        name
        for name in sample.names
        if name.startswith((f"impossible_dates__{system}__", f"invalid_states__{system}__"))
    ]
    assert {
        name: sample.count(name) for name in names if sample.count(name) and name not in known
    } == {}


@pytest.fixture(scope="module")
def external(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The third-party set, with its logins as an entity, so that an action reaches the time of
    its login.
    """
    if not EXTERNAL:
        pytest.skip("WORKBOOK_EXTERNAL_DATA is not set")
    changes = {
        "entities.entities.login": {"row_is": "one login", "from": "app.signups"},
        "entities.relationships.login_activity": {
            "from": "activity",
            "to": "login",
            "by": "app_user_id",
            "cardinality": "many to one",
        },
        "checks.checks.actions_follow_their_signup": {
            "on": "activity",
            "must": "timestamp >= login.created_at",
        },
    }
    with open_project(
        REPOSITORY / "tests" / "projects" / "kanoniv", tmp_path_factory.mktemp("store"), changes
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    ("check", "count"),
    [
        ("tickets_are_resolved_after_they_open", 952),
        ("impossible_dates__support__tickets__resolved_at__after__created_at", 952),
        ("paid_invoices_have_a_payment_time", 248),
        ("open_invoices_have_no_payment_time", 543),
        ("void_invoices_have_no_payment_time", 481),
        ("actions_follow_their_signup", 1210),
    ],
)
def test_known_defects_of_the_third_party_set(check, count, external):
    assert external.count(check) == count
