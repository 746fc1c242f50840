"""What was written after the as-of day stands only where nothing else does, and decides no
number of an earlier day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from workbook import Workbook

SOURCES = """
systems: {crm: {}, web: {}, bill: {}}
sources:
  crm.people: {primary_key: no, recorded: touched, fields: {no: id, city: text, touched: date}}
  web.people: {primary_key: no, recorded: touched, fields: {no: id, city: text, touched: date}}
  bill.plans:
    primary_key: plan
    valid: [starts, ends]
    recorded: touched
    fields: {plan: id, no: id, monthly: {type: money, currency: EUR}, starts: date, ends: date,
      touched: date}
identifiers: {no: {in: [crm.people, web.people, bill.plans]}}
"""
ENTITIES = """
entities:
  person: {row_is: one person, from: [crm.people, web.people],
    attributes: {city: [crm.people.city, web.people.city]}}
  plan: {row_is: one plan, from: bill.plans}
"""
GRAIN = "primary: person\nsentence: One row is one person.\n"
IDENTITY = "identity: {person: {rules: [{name: same_no, match: no}]}}\n"
METRICS = """
semantic_models: {plans: {of: plan, measures: {monthly: {agg: sum, expr: monthly,
  over_time: last}}}}
metrics:
  mrr: {measure: monthly, control_total: {value: 30, period: 2025-06, where_from: the ledger}}
"""
FILES = {
    "crm_people": "no,city,touched\np1,Ulm,2025-06-10\np2,Bonn,2025-06-10\n",
    "web_people": "no,city,touched\np1,Kiel,2025-01-05\n",
    "bill_plans": (
        "plan,no,monthly,starts,ends,touched\na,p1,10,2024-11-01,,2025-05-01\n"
        "b,p2,20,2024-12-01,,2024-12-01\n"
    ),
}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    made: list[Workbook] = []

    def build(as_of: str, rule: str) -> Workbook:
        for folder in ("model", "data"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "workbook.yml").write_text("name: T\nas_of: 2025-06-30\n")
        texts = {
            "03_sources": SOURCES,
            "04_entities": ENTITIES,
            "02_grain": GRAIN,
            "04b_identity": IDENTITY,
            "07_metrics": METRICS,
            "05_survivorship": rule,
        }
        for name, text in texts.items():
            (tmp_path / "model" / f"{name}.yml").write_text(text)
        for name, text in FILES.items():
            (tmp_path / "data" / f"{name}.csv").write_text(text)
        made.append(Workbook.open(tmp_path, as_of=as_of))
        return made[-1]

    yield build
    for book in made:
        book.close()


@pytest.mark.parametrize("rule", ["{rule: most_recent}", "{order: [crm, web]}", "{rule: latest}"])
@pytest.mark.parametrize(
    ("as_of", "cities"), [("2025-06-30", ["Bonn", "Ulm"]), ("2025-03-31", ["Bonn", "Kiel"])]
)
def test_what_was_written_later_does_not_win(
    as_of: str, cities: list[str], rule: str, opened: Callable[..., Workbook]
) -> None:
    """At the end of March the CRM's Ulm was not written; of p2 nothing else is known."""
    book = opened(as_of, f"fields: {{person.city: {rule}}}\n")
    found = book.context.query("select city from person order by city")["city"].to_list()
    assert found == cities
    book.close()


def test_a_level_reads_the_same_from_a_later_run(opened: Callable[..., Workbook]) -> None:
    """Plan a was written over in May.

    Its source overwrites, so that it stands in December's number of both runs: 30.
    """
    later, earlier = opened("2025-06-30", ""), opened("2024-12-31", "")
    months = later.context.query(
        "select value from m__mrr__month where month = cast('2024-12-01' as date)"
    )["value"].to_list()
    assert [str(each) for each in months] == ["30.00"]
    assert Decimal(earlier.metric_values()["mrr"]) == 30
    told = {each.code: each for each in earlier.metrics.conclude()}
    assert told["metrics.written_later"].count == 1  # of two rows
    assert "metrics.written_later" not in {each.code for each in later.metrics.conclude()}


def test_a_total_of_a_later_period_is_no_failure(opened: Callable[..., Workbook]) -> None:
    later, earlier = opened("2025-06-30", ""), opened("2024-12-31", "")
    states = [
        {each.check.family: each.state for each in book.checks.verdicts}
        for book in (later, earlier)
    ]
    assert [state["reconciliation"] for state in states] == ["pass", "untested"]
