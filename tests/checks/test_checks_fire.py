"""Each check fires on the planted rows, all of them, and on no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from workbook.engine import lint
from workbook.words import words_of

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "checks.yml")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_planted_rows(case, a_case):
    opened = a_case(case)
    made = {
        check.name
        for scan in opened.suite.scans
        for check in scan.checks
        if check.evidence in opened.plan
    }

    found = {name: opened.failing(name) for name in sorted(made)}

    assert {name: rows for name, rows in found.items() if rows} == {
        name: sorted(rows) for name, rows in case["fails"].items()
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_counts_are_those_of_the_evidence(case, a_case):
    opened = a_case(case)
    for scan in opened.suite.scans:
        if scan.counts in opened.plan:
            counts = opened.row(scan.counts)
            assert {check.name: counts[check.name] for check in scan.checks} == {
                check.name: opened.engine.frame(opened.plan, check.evidence).height
                for check in scan.checks
            }


def test_all_row_checks_of_a_table_share_one_scan(a_case):
    opened = a_case(next(case for case in CASES if case["name"].startswith("dates that")))
    visits = [scan for scan in opened.suite.scans if scan.table == "shop__visits"]
    assert len(visits) == 1 and len(visits[0].checks) == 5


def test_sql_of_checks_is_portable(a_case):
    opened = a_case(CASES[-1])
    for name, table in opened.plan.tables.items():
        if name.startswith("check"):
            lint(table.sql, name)


def test_evidence_holds_keys_and_reasons_and_no_value(a_case):
    opened = a_case(next(case for case in CASES if case["name"].startswith("a state")))
    frame = opened.engine.frame(opened.plan, "check__invalid_states__shop__orders__state")
    assert frame.columns == ["record", "row", "reason"]
    assert "lost" not in str(frame.rows()) and "Paid" not in str(frame.rows())


def test_a_row_may_fail_for_two_reasons_and_gives_the_first(a_case):
    opened = a_case(next(case for case in CASES if case["name"].startswith("the team")))
    assert opened.reasons("seats_are_paid") == set(
        words_of("checks").texts("rules.own_condition.reasons").values()
    )
    assert len(opened.reasons("seats_are_paid")) == 2
