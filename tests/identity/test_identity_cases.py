"""Rows in, rules, rows out: every case of tests/cases/identity.yml."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rows_in import decisions_of, records_of, resolve
from ruamel.yaml import YAML

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "identity.yml")
KNOWN = {
    "name",
    "records",
    "identity",
    "decisions",
    "groups",
    "rules",
    "links",
    "guarded",
    "refused",
    "states",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_given_records_rules_and_decisions_these_are_one_customer(
    case: dict, tmp_path: Path
) -> None:
    assert set(case) <= KNOWN
    made = resolve(
        records_of(case["records"]),
        case["identity"],
        decisions_of(case.get("decisions", []), tmp_path),
    )
    assert [group for group in made.groups if len(group) > 1] == case["groups"]
    if "rules" in case:
        assert {
            record: rule or "none" for record, rule in made.rows("clusters", "record", "rule")
        } == case["rules"]
    if "links" in case:
        assert Counter(made["links"]["rule"]) == case["links"]
    if "guarded" in case:
        assert [
            list(row)
            for row in made.rows("guarded", "rule", "value", "records", "links_not_made", "reason")
        ] == case["guarded"]
    if "refused" in case:
        assert [
            list(row)
            for row in made.rows(
                "refused", "left_record", "right_record", "rule", "stopped_by", "reason"
            )
        ] == case["refused"]
    if "states" in case:
        assert dict(made["decisions"].select("id", "state").iter_rows()) == case["states"]
