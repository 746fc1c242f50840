"""Rows and a definition in, numbers out: every case of tests/cases/metrics.yml, through a real
project.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML
from small_company import as_yaml

from workbook import metrics

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "metrics.yml")
SHARED = {
    "contracts": {
        "of": "contract",
        "measures": {
            "contracts": {"agg": "count"},
            "level": {"agg": "sum", "expr": "monthly", "over_time": "last"},
            "latest": {
                "agg": "sum",
                "expr": "monthly",
                "over_time": "last",
                "latest_per": "client",
                "latest_by": "starts",
            },
            "seats": {"agg": "sum", "expr": "seats", "over_time": "last"},
            "next_end": {"agg": "min", "expr": "ends"},
        },
    },
    "bills": {
        "of": "bill",
        "measures": {
            "bills": {"agg": "count"},
            "billed": {"agg": "sum", "expr": "amount"},
            "mean_bill": {"agg": "average", "expr": "amount"},
            "payers": {"agg": "count_distinct", "expr": "client"},
            "states": {"agg": "count_distinct", "expr": "state"},
        },
    },
    "clients": {
        "of": "client",
        "measures": {"clients": {"agg": "count"}, "score": {"agg": "average", "expr": "score"}},
    },
    "visits": {
        "of": "visit",
        "measures": {
            "visits": {"agg": "count"},
            "visitors": {"agg": "count_distinct", "expr": "client"},
        },
    },
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_given_rows_and_a_definition_these_numbers_come_out(case, company) -> None:
    seven = {
        "owner": "finance",
        "semantic_models": SHARED,
        **{key: case[key] for key in ("rules", "metrics", "movements", "currency") if key in case},
    }
    data = {
        ("bank." if name == "rates" else "shop.") + name: rows
        for name, rows in case["rows"].items()
    }
    six = (
        {"06_history": as_yaml({"owner": "sales", "history": case["history"]})}
        if "history" in case
        else {}
    )
    made = company(data, seven, as_of=str(case.get("as_of", "2025-06-30")), more=six)
    for name, expected in case.get("expect", {}).items():
        metric, by, dimension = name.partition(" by ")
        if not by:
            assert text(made.value(metric)) == str(expected), name
        elif dimension in metrics.GRAINS:
            found = made.periods(metric, dimension)
            assert {period: text(found.get(period)) for period in map(str, expected)} == {
                str(k): str(v) for k, v in expected.items()
            }, name
        elif " by " in dimension:
            split, _, grain = dimension.partition(" by ")
            assert {
                k: {period: text(v) for period, v in each.items()}
                for k, each in made.split(metric, split, grain).items()
            } == {
                str(k): {str(period): str(v) for period, v in each.items()}
                for k, each in expected.items()
            }, name
        else:
            assert {k: text(v) for k, v in made.segments(metric, dimension).items()} == {
                str(k): str(v) for k, v in expected.items()
            }, name
    refused = made.refused
    for name, code in case.get("refused", {}).items():
        metric, by, dimension = name.partition(" by ")
        assert refused[metric, dimension] == f"metrics.{code}", refused
    assert [proof for proof in made.proofs if proof.verdict == "fail"] == []


def text(value: object) -> str:
    return "none" if value is None else str(value)
