"""What a count becomes: pass, look, fail or accepted, by what was decided."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from checks_plan import compiled

from workbook import checks as room
from workbook.checks import Check, Expired, ComparedFigure, Policy, CheckRule
from workbook.words.wording import age_in_words
from workbook.checks.check_policy import allowed
from workbook.checks.verdict import judge_age, judge_rows, judge_value
from workbook.errors import WorkbookError
from workbook.model import load_model
from workbook.model.schema import Accepted

ROOT = Path(__file__).parents[2]
FILES = {"shop_orders": "no,person\n1,p\n2,\n3,\n4,p\n5,p\n6,p\n7,p\n8,p\n9,p\n10,p\n"}
MISSING = "missing_identifiers__shop__orders__person"


def a_check(**policy: object) -> Check:
    rule = CheckRule("own_condition", {"check": "it_holds", "records": "orders"})
    return Check("c", "own", "order", rule, Policy(**policy))


def with_decision(checks: dict | None) -> dict:
    sources = {
        "sources": {"shop.orders": {"primary_key": "no", "fields": {"no": "id", "person": "id"}}},
        "identifiers": {"person": {"in": "shop.orders"}},
    }
    return {
        "sources": sources,
        "files": FILES,
        **({"checks": checks} if checks is not None else {}),
    }


@pytest.mark.parametrize(
    ("policy", "failing", "state"),
    [
        ({"severity": "error"}, 0, "pass"),
        ({"severity": "error"}, 1, "fail"),
        ({"severity": "warn"}, 1, "look"),
        ({"severity": "error", "allow": "2%"}, 2, "pass"),
        ({"severity": "error", "allow": "2%"}, 3, "fail"),
        ({"severity": "error", "allow": "5"}, 5, "pass"),
        ({"severity": "error", "accepted": Accepted(because="known", max="3")}, 3, "accepted"),
        ({"severity": "error", "accepted": Accepted(because="known", max="3")}, 4, "fail"),
        ({"severity": "warn", "accepted": Accepted(because="known")}, 90, "accepted"),
    ],
)
def test_rows(policy, failing, state):
    assert judge_rows(a_check(**policy), 100, failing).state == state


@pytest.mark.parametrize(
    ("policy", "never"),
    [
        ({"allow": "100%"}, True),
        ({"allow": "99%"}, False),
        ({"allow": "100%", "until": dt.date(2025, 12, 31)}, False),
        ({"allow": "100"}, False),  # a hundred of more rows tomorrow
        ({"accepted": Accepted(because="known")}, True),
        ({"accepted": Accepted(because="known", max="100%")}, True),
        ({"accepted": Accepted(because="known", max="50%")}, False),
        ({"accepted": Accepted(because="known", until=dt.date(2025, 12, 31))}, False),
    ],
)
def test_what_can_never_fail(policy, never):
    assert judge_rows(a_check(**policy), 100, 40).never_fails is never


@pytest.mark.parametrize(
    ("allow", "rows", "count"),
    [("0", 9, 0), ("2%", 49, 0), ("2%", 50, 1), ("2.5%", 1000, 25), ("7", 3, 7)],
)
def test_allowances(allow, rows, count):
    assert allowed(allow, rows) == count


@pytest.mark.parametrize(
    ("value", "tolerance", "state"),
    [
        ("100.00", "0", "pass"),
        ("100.50", "0.5%", "pass"),
        ("100.51", "0.5%", "fail"),
        ("99.99", "0.01", "pass"),
        ("99.98", "0.01", "fail"),
        (None, "5%", "fail"),
    ],
)
def test_figures(value, tolerance, state):
    measure = ComparedFigure(a_check(severity="error"), "select 1", "true", "", "100", tolerance)
    assert judge_value(measure, Decimal(value) if value else None).state == state


@pytest.mark.parametrize(("hours", "state"), [(5, "pass"), (6, "pass"), (7, "look"), (25, "fail")])
def test_ages_by_the_limits_of_the_system(hours, state):
    measure = ComparedFigure(
        a_check(severity=""),
        "select 1",
        "true",
        "",
        limits=(("warn", "6 hours"), ("error", "1 day")),
    )
    end = dt.datetime(2025, 7, 1)
    assert judge_age(measure, end - dt.timedelta(hours=hours), end).state == state


def test_lengths_of_time():
    assert [age_in_words(7 * 3600), age_in_words(49 * 3600)] == ["7 hours", "2 days"]


@pytest.mark.parametrize(("newest", "state"), [("2025-06-01", "pass"), ("2025-05-31", "look")])
def test_a_month_old_is_a_calendar_month(newest, state):
    measure = ComparedFigure(
        a_check(severity=""), "select 1", "true", "", limits=(("warn", "1 month"),)
    )
    assert (
        judge_age(measure, dt.datetime.fromisoformat(newest), dt.datetime(2025, 7, 1)).state
        == state
    )


def test_while_08_is_open_nothing_stops_a_run(a_case):
    assert a_case(with_decision(None)).verdicts[MISSING].state == "look"


def test_the_family_decides(a_case):
    assert (
        a_case(with_decision({"families": {"missing_identifiers": {"severity": "error"}}}))
        .verdicts[MISSING]
        .state
        == "fail"
    )


@pytest.mark.parametrize(
    ("override", "state"),
    [
        ({"on": "shop.orders.person", "allow": "20%"}, "pass"),
        ({"on": "shop.orders", "allow": "20%"}, "pass"),
        ({"on": "person", "allow": "20%"}, "pass"),
        ({"on": "shop.orders.person", "allow": "10%"}, "fail"),
        ({"on": "shop.orders.no", "allow": "20%"}, "fail"),
        ({"on": "shop.orders.person", "allow": "20%", "until": "2025-06-30"}, "pass"),
        ({"on": "shop.orders.person", "allow": "20%", "until": "2025-06-29"}, "fail"),
        (
            {
                "on": "shop.orders.person",
                "accepted": {"because": "known", "max": "2", "until": "2025-06-30"},
            },
            "accepted",
        ),
        (
            {
                "on": "shop.orders.person",
                "accepted": {"because": "known", "max": "1", "until": "2025-06-30"},
            },
            "fail",
        ),
        (
            {
                "on": "shop.orders.person",
                "accepted": {"because": "known", "max": "2", "until": "2025-06-29"},
            },
            "fail",
        ),
    ],
)
def test_an_override_speaks_for_its_thing_until_its_day(override, state, a_case):
    checks = {
        "families": {"missing_identifiers": {"severity": "error"}},
        "overrides": [{"family": "missing_identifiers", **override}],
    }
    assert a_case(with_decision(checks)).verdicts[MISSING].state == state


def test_what_has_run_out_is_named(a_case):
    known = {"because": "known", "until": "2025-06-01"}
    checks = {
        "overrides": [
            {"family": "missing_identifiers", "on": "shop.orders.person", "accepted": known}
        ]
    }
    policy = a_case(with_decision(checks)).verdicts[MISSING].check.policy
    assert policy.expired == (Expired("acceptance", dt.date(2025, 6, 1)),)


def test_the_field_overrules_its_source(a_case):
    both = [
        {"family": "missing_identifiers", "on": "shop.orders.person", "allow": "3"},
        {"family": "missing_identifiers", "on": "shop.orders", "allow": "0", "severity": "error"},
    ]
    verdict = a_case(with_decision({"overrides": both})).verdicts[MISSING]
    assert (verdict.state, verdict.check.policy.severity) == ("pass", "error")


def test_checks_speak_in_words_and_keep_the_name_that_they_are_about():
    every = list(room.suite(load_model(ROOT), compiled).checks)
    assert {check.family for check in every} > {
        "impossible_dates",
        "invalid_states",
        "current",
        "intervals",
        "missing_identifiers",
    }
    assert [check.says for check in every if re.search(r"\w_\w|[a-z]\.[a-z]", check.says)] == []
    assert [
        check.says
        for check in every
        if re.search(r"\ba [aeio]|at most \d[\d,]* \w*[^s]$", check.says)
    ] == []
    sizes = {"share": "40 %", "measured": "2 days old", "limit": "1 day"}
    defects = [
        check.rule.text("defect", failing=failing, rows=5, unknown=n, erased=n, **sizes)
        for check in every
        for failing in (1, 2)
        for n in range(failing + 1)
    ]
    assert [defect for defect in defects if re.search(r"\w_\w|[a-z]\.[a-z]", defect)] == []
    reasons = {reason for check in every for _, reason in check.bad}
    assert [reason for reason in reasons if "_" in reason] == []
    (order,) = [
        check
        for check in every
        if check.name == "impossible_dates__support__tickets__solved_at__after__created_at"
    ]
    assert (order.says, order.on) == (
        "In support tickets, “solved at” is not before “created at”",
        "support.tickets.solved_at",
    )


def test_a_condition_on_a_kept_value_names_the_fields_that_keep_it() -> None:
    """The consent of a user is no field of the profile: its answers are a log."""
    made = {check.name: check for check in room.suite(load_model(ROOT), compiled).checks}
    reads = set(made["mail_only_with_consent"].reads)
    assert reads == {"marketing.consents.answer", "marketing.consents.permission"}
