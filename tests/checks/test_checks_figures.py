"""Checks of one figure: the age of a system, a control total, the value that a metric must have."""

from __future__ import annotations

from typing import Any

import pytest

from workbook.words import words_of

SOURCES = {
    "systems": {
        "shop": {"freshness": {"warn_after": "6 hours", "error_after": "1 day"}},
        "desk": {},
    },
    "freshness": {"warn_after": "1 day", "error_after": "3 days"},
    "sources": {
        "shop.orders": {
            "primary_key": "no",
            "recorded": "noted",
            "fields": {"no": "id", "noted": "timestamp", "paid": "money"},
        },
        "shop.visits": {
            "primary_key": "no",
            "valid": "seen",
            "fields": {"no": "id", "seen": "timestamp"},
        },
        "desk.calls": {
            "primary_key": "no",
            "valid": "at",
            "fields": {"no": "id", "at": "timestamp"},
        },
        "desk.names": {"primary_key": "no", "fields": {"no": "id"}},
    },
}
FILES = {
    "shop_orders": "no,noted,paid\n1,2025-06-30 01:00:00,5\n2,2025-07-09 00:00:00,7\n",
    "shop_visits": "no,seen\n1,2025-06-30 17:00:00\n",
    "desk_calls": "no,at\n1,2025-06-28 23:00:00\n",
    "desk_names": "no\n1\n",
}


def verdicts(a_case: Any, **more: Any) -> dict[str, Any]:
    return a_case({"sources": SOURCES, "files": FILES, **more}).verdicts


def test_the_age_of_a_system_is_that_of_its_newest_fact_and_a_fact_ahead_of_time_is_none(a_case):
    found = verdicts(a_case, checks={"families": {"freshness": {}}})
    assert [
        (name, found[name].state, found[name].measured)
        for name in ("freshness__desk", "freshness__shop")
    ] == [
        ("freshness__desk", "look", "2 days old"),
        ("freshness__shop", "look", "7 hours old"),
    ]
    assert found["impossible_dates__shop__orders__noted"].failing == 1


def test_an_older_day_makes_an_old_system_fail(a_case):
    sources = {**SOURCES, "freshness": {"warn_after": "1 day", "error_after": "2 days"}}
    assert (
        verdicts(a_case, sources=sources, checks={"families": {"freshness": {}}})[
            "freshness__desk"
        ].state
        == "fail"
    )


def test_while_08_is_open_an_old_system_is_only_looked_at(a_case):
    sources = {**SOURCES, "freshness": {"warn_after": "1 day", "error_after": "2 days"}}
    assert verdicts(a_case, sources=sources)["freshness__desk"].state == "look"


def with_metric(
    control: dict[str, str] | None, checks: dict[str, Any] | None = None, over_time: str = ""
) -> dict[str, Any]:
    measure = {"agg": "sum", "expr": "paid", **({"over_time": over_time} if over_time else {})}
    metric = {
        "type": "simple",
        "measure": "paid",
        **({"control_total": {"where_from": "the ledger", **control}} if control else {}),
    }
    return {
        "entities": {"entities": {"order": {"from": "shop.orders"}}},
        "metrics": {
            "semantic_models": {"orders": {"of": "order", "measures": {"paid": measure}}},
            "metrics": {"paid_total": metric},
        },
        "made": {
            "m__paid_total__total": "select cast(100.40 as decimal(18, 2)) as value",
            "m__paid_total__month": (
                "select cast('2025-05-01' as date) as month, cast(60 as decimal(18, 2)) as value "
                "union all select cast('2025-06-01' as date), cast(40.40 as decimal(18, 2))"
            ),
        },
        **({"checks": checks} if checks else {}),
    }


@pytest.mark.parametrize(
    ("control", "state"),
    [
        ({"value": "100.40"}, "pass"),
        ({"value": "100.41"}, "fail"),
        ({"value": "100.00", "tolerance": "0.5%"}, "pass"),
        ({"value": "60", "period": "2025-05"}, "pass"),
        ({"value": "40.40", "period": "2025-06"}, "pass"),
        ({"value": "100.40", "period": "2025-06"}, "fail"),
        ({"value": "100.40", "period": "2025-Q2"}, "pass"),
        ({"value": "100.40", "period": "2025"}, "untested"),  # half of the year is to come
        ({"value": "5", "period": "2024-01"}, "fail"),
    ],
)
def test_a_control_total_of_a_period(control, state, a_case):
    found = verdicts(
        a_case, **with_metric(control, {"families": {"reconciliation": {"severity": "error"}}})
    )
    assert found["reconciliation__paid_total"].state == state


def test_a_level_is_that_of_the_day_in_its_period(a_case):
    found = verdicts(
        a_case, **with_metric({"value": "100.40", "period": "2025-06"}, over_time="last")
    )
    assert found["reconciliation__paid_total"].state == "pass"


def test_a_level_of_an_earlier_period_is_that_of_its_last_month(a_case):
    found = verdicts(
        a_case,
        **with_metric({"value": "40.40", "period": "2025-Q2"}, over_time="last"),
        project={"as_of": "2025-08-31"},
    )
    assert found["reconciliation__paid_total"].state == "pass"


def test_a_fiscal_year_adds_up_its_own_months(a_case):
    # May 2025 belongs to the year before
    june = {"project": {"fiscal_year_starts": 6, "as_of": "2026-05-31"}}
    found = verdicts(a_case, **with_metric({"value": "40.40", "period": "FY 2025/26"}), **june)
    assert found["reconciliation__paid_total"].state == "pass"


def test_a_period_that_cannot_be_added_up_does_not_run(a_case):
    case = with_metric(None, {"checks": {"half": {"on": "half", "in": "2024", "must_be": "1"}}})
    ratio = {"type": "ratio", "numerator": "paid_total", "denominator": "paid_total"}
    metrics = {**case["metrics"], "metrics": {**case["metrics"]["metrics"], "half": ratio}}
    found = verdicts(
        a_case,
        **{
            **case,
            "metrics": metrics,
            "made": {
                **case["made"],
                "m__half__total": "select 1 as value",
                "m__half__month": "select 1 as value",
            },
        },
    )
    assert found["half"].why == words_of("checks").text(
        "waits.not_additive", period="2024", grain="year"
    )
    assert "2024" in found["half"].why and "`grains: year`" in found["half"].why


def test_the_value_that_a_metric_must_have(a_case):
    own = {
        "checks": {
            "may": {
                "on": "paid_total",
                "in": "2025-05",
                "must_be": "60.20",
                "allow": "0.5%",
                "severity": "error",
            }
        }
    }
    assert verdicts(a_case, **with_metric(None, own))["may"].state == "pass"


def test_the_value_that_it_has_not(a_case):
    own = {
        "checks": {
            "may": {
                "on": "paid_total",
                "in": "2025-05",
                "must_be": "61",
                "allow": "0.5%",
                "severity": "error",
            }
        }
    }
    case = a_case({"sources": SOURCES, "files": FILES, **with_metric(None, own)})
    assert case.verdicts["may"].state == "fail"
    assert case.engine.frame(case.plan, "check__may").rows() == [
        ("paid_total", None, "it differs by more than 0.5%")
    ]


def test_a_number_that_is_not_made_yet_is_waited_for(a_case):
    more = {**with_metric({"value": "1"}), "made": {}}
    assert verdicts(a_case, **more)["reconciliation__paid_total"].state == "untested"
