"""The checks page: its sentence is computed, trouble comes first, and findings carry the right
weight.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import a_project

from workbook import Workbook
from workbook.dossier.sanitize_html import rebuild
from workbook.errors import WorkbookError
from workbook.steps.checks import Checks
from workbook.words import words_of

SOURCES = {
    "systems": {"shop": {}},
    "sources": {
        "shop.orders": {
            "primary_key": "order_no",
            "valid": "made",
            "fields": {"order_no": "id", "person_no": "id", "paid": "money", "made": "date"},
        },
        "shop.people": {
            "primary_key": "person_no",
            "fields": {"person_no": "id", "name": "full_name"},
        },
    },
    "identifiers": {"person_no": {"in": ["shop.orders", "shop.people"]}},
}
ENTITIES = {
    "entities": {
        "order": {"row_is": "one order", "from": "shop.orders"},
        "person": {"row_is": "one person", "from": "shop.people"},
    },
    "relationships": {
        "buys": {"from": "order", "to": "person", "by": "person_no", "cardinality": "many to one"}
    },
}
METRICS = {
    "semantic_models": {
        "orders": {
            "of": "order",
            "measures": {
                "paid": {"agg": "sum", "expr": "paid", "unit": "EUR"},
                "orders": {"agg": "count"},
            },
        }
    },
    "metrics": {
        "paid_total": {"type": "simple", "measure": "paid", "label": "Paid"},
        "order_count": {"type": "simple", "measure": "orders", "label": "Orders"},
    },
}
CHECKS = {
    "families": {
        "duplicate_keys": {"severity": "error"},
        "missing_identifiers": {"severity": "warn"},
    },
    "checks": {
        "orders_are_paid": {
            "on": "order",
            "must": "paid > 0",
            "severity": "warn",
            "accepted": {"because": "gifts", "max": "1", "until": "2025-12-31"},
        },
    },
}
FILES = {
    "shop_orders": (
        "order_no,person_no,paid,made\no1,p1,5,2025-06-30\no1,p2,6,2025-06-30\no2,,0,2025-06-30\n"
    ),
    "shop_people": "person_no,name\np1,Ann Lee\np2,Bo <script>\n",
}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Checks]:
    """The checks step of a small project."""

    def build(
        checks: dict[str, Any] | None = CHECKS,
        files: dict[str, str] = FILES,
        metrics: dict[str, Any] | None = METRICS,
    ) -> Checks:
        parts = {"sources": SOURCES, "entities": ENTITIES, "metrics": metrics, "checks": checks}
        return Workbook.open(a_project(tmp_path, files, **parts)).checks

    return build


def test_the_sentence_counts_what_the_table_shows(opened):
    step = opened()
    counts = {
        state: sum(each.state == state for each in step.verdicts)
        for state in ("pass", "accepted", "look", "fail")
    }
    assert counts["accepted"] == counts["fail"] == 1
    words = words_of("checks")
    assert step.headline().sentence == words.text(
        "headline.decided",
        checks=sum(counts.values()),
        records=10,
        results=[
            words.text(f"ended.{state}", count=count) for state, count in counts.items() if count
        ],
    )
    numbers = [int(number) for number in re.findall(r"\d+", step.headline().sentence)]
    assert numbers == [sum(counts.values()), 10, *filter(None, counts.values())]


def test_findings_weigh_what_was_decided(opened):
    found = {(each.code, each.severity): each for each in opened().conclude()}
    assert (
        found["checks.failed", "fail"].about == ("shop.orders",)
        and found["checks.failed", "fail"].count == 1
    )
    assert found["checks.accepted", "note"].about == ("order",)
    assert ("checks.warning", "look") in found


def test_while_it_is_open_nothing_fails(opened):
    step = opened(None)
    assert step.headline().state == "open"
    assert {each.severity for each in step.conclude()} == {"look", "note"}


def test_before_a_source_there_is_nothing_to_check(tmp_path):
    step = Workbook.open(a_project(tmp_path)).checks
    assert step.headline().state == "open" and [each.code for each in step.conclude()] == [
        "checks.open"
    ]
    for figure in (
        step.results(),
        step.families(),
        step.accepted(),
        step.touched(),
        step.failing_rows(),
    ):
        assert "Nothing to show" in figure.html()


def test_trouble_comes_first(opened):
    states = [row[2] for row in opened().results().body.rows]
    order = ["fail", "look", "accepted", "untested", "pass"]
    assert states == sorted(states, key=order.index)


def test_families_add_up(opened):
    step = opened()
    assert sum(row[1] for row in step.families().body.rows) == len(step.verdicts)


def test_a_number_is_touched_by_a_check_on_what_it_reads(opened):
    rows = {row[0]: row for row in opened().touched().body.rows}
    assert "1 of 3 shop orders" in rows["Paid"][-1] and "(order no)" in rows["Paid"][-1]
    assert "“Orders are paid”" in rows["Paid"][-1]
    assert "Orders are paid" not in rows["Orders"][-1]


def test_failing_rows_are_keys_and_reasons(opened):
    figure = opened().failing_rows("duplicate_keys__shop__orders")
    repeated = words_of("checks").text("rules.source_key.reasons.repeated")
    # an order leads to a person: its key is a token, and the line of the file finds it
    assert figure.body.rows == (("record·1", 2, repeated),)
    assert "o1" not in figure.html()


def test_an_unknown_check_is_named(opened):
    with pytest.raises(WorkbookError, match="Did you mean 'orders_are_paid'"):
        opened().failing_rows("orders_are_payed")


def test_every_figure_is_fit_for_a_dossier(opened):
    step = opened()
    for figure in (
        step.results(),
        step.families(),
        step.accepted(),
        step.touched(),
        step.failing_rows(),
    ):
        rebuild(figure.html())
        assert "script" not in figure.html()
