"""`workbook diff`: what two runs say differently, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbook.cli import app
from workbook.dossier.run_comparison import compare_runs, comparison_text
from workbook.errors import WorkbookError
from workbook.words import words_of

WORDS = words_of("dossier")


def results(**changes: Any) -> dict[str, Any]:
    """The results of a run, as far as they are compared."""
    signed = {
        "role": "signoffs",
        "columns": [{"name": "department"}, {"name": "says"}],
        "rows": [["sales", "Not asked"]],
    }
    found = {
        "version": 2,
        "id": "2025-06-30-aaaaaaaa",
        "project": {"name": "Acme", "as_of": "2025-06-30"},
        "decisions": {"model/02_grain.yml": "1"},
        "headline_metrics": [{"metric": "MRR", "value_text": "€10"}],
        "metric_values": {"mrr": "10", "customers": "3", "gone": "1"},
        "pages": [{"page": "10", "figures": [signed]}],
        "findings": [
            {"page": "02", "code": "grain.x", "about": ["a"], "sentence": "1 of a."},
            {"page": "02", "code": "grain.x", "about": ["a"], "sentence": "2 of a."},
            {"page": "03", "code": "sources.y", "about": [], "sentence": "It is late."},
        ],
        "tables": {
            "raw__crm__accounts": {"rows": 4, "content": "c1"},
            "account": {"rows": 3, "content": "t1"},
        },
        "changes": None,
    }
    return found | changes


def lines(then: dict[str, Any], now: dict[str, Any]) -> dict[str, list[str]]:
    return {part.title: list(part.lines) for part in compare_runs(then, now)}


def test_a_run_beside_itself_differs_in_nothing() -> None:
    assert compare_runs(results(), results()) == []
    text = comparison_text(results(), results(), markdown=False)
    assert WORDS.text("diff.nothing") in text


def test_what_differs_is_said_part_by_part() -> None:
    now = results(
        id="2025-06-30-bbbbbbbb",
        decisions={"model/02_grain.yml": "2"},
        headline_metrics=[{"metric": "MRR", "value_text": "€12"}],
        metric_values={"mrr": "12", "customers": "9", "new": "1"},
        findings=[
            {"page": "02", "code": "grain.x", "about": ["a"], "sentence": "1 of a."},
            {"page": "02", "code": "grain.x", "about": ["a"], "sentence": "5 of a."},
            {"page": "04", "code": "entities.z", "about": [], "sentence": "It is new."},
        ],
        tables={
            "raw__crm__accounts": {"rows": 5, "content": "c2"},
            "account": {"rows": 3, "content": "t2"},
        },
    )
    found = lines(results(), now)
    absent = WORDS.text("diff.absent")
    assert found[WORDS.text("diff.numbers", count=1)] == ["MRR: €10 → €12"]
    assert found[WORDS.text("diff.metrics", count=4)] == [
        "Customers: 3 → 9",  # by the greatest share
        "MRR: 10 → 12",
        f"Gone: 1 → {absent}",
        f"New: {absent} → 1",
    ]
    assert found[WORDS.text("diff.decisions", count=1)] == ["model/02_grain.yml"]
    assert found[WORDS.text("diff.new", count=1)] == ["It is new."]
    assert found[WORDS.text("diff.reworded", count=1)] == [
        WORDS.text("diff.reworded_to", now="5 of a.", then="2 of a.", severities=[])
    ]
    assert found[WORDS.text("diff.closed", count=1)] == ["It is late."]
    assert found[WORDS.text("diff.sources", count=1)] == [
        WORDS.text("diff.rows", source="crm.accounts", then="4", now="5")
    ]


def test_one_of_two_alike_that_goes_is_missed_and_a_severity_that_rises_is_said() -> None:
    rows = results()["findings"]
    fewer = lines(results(), results(findings=[rows[0], rows[2]]))
    assert fewer == {WORDS.text("diff.closed", count=1): ["2 of a."]}
    look = [{**rows[2], "severity": "look"}]
    fail = [{**rows[2], "severity": "fail"}]
    (told,) = lines(results(findings=look), results(findings=fail)).values()
    severity = words_of("shared").texts("severity")
    assert severity["fail"] in told[0]


def test_a_movement_is_split_only_by_the_run_that_was_compared_with_this_one() -> None:
    row = {"metric": "MRR", "restated": "", "new_data": "+€1", "decisions": "+€1"}
    now = {"headline_metrics": [{"metric": "MRR", "value_text": "€12"}]}
    split = {"against": results()["id"], "numbers": [row]}
    title = WORDS.text("diff.numbers", count=1)
    (told,) = lines(results(), results(**now, changes=split))[title]
    assert WORDS.text("diff.causes.new_data", by="+€1") in told
    assert WORDS.text("diff.causes.decisions", by="+€1") in told
    (other,) = lines(results(), results(**now, changes=split | {"against": "another"}))[title]
    assert other == "MRR: €10 → €12"


def test_markdown_shows_text_of_the_data_as_text_and_is_cut() -> None:
    told = [
        {"page": "04", "code": "x", "about": [str(n)], "sentence": f"| <b>{n}</b> [x](y)"}
        for n in range(40)
    ]
    text = comparison_text(results(findings=[]), results(findings=told), markdown=True)
    assert "<b>" not in text
    assert "[x](y)" not in text
    assert WORDS.text("shell.and_more", count=28) in text


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project with the results of two runs."""
    root = tmp_path / "acme"
    assert CliRunner().invoke(app, ["new", str(root)]).exit_code == 0
    for name, value in (("a", results(id="a")), ("b", results(id="b", metric_values={}))):
        (root / "runs" / name).mkdir(parents=True)
        (root / "runs" / name / "results.json").write_text(json.dumps(value))
        (root / "runs" / name / "manifest.json").write_text("{}")
    return root


def test_the_command_takes_ids_folders_and_files(project: Path) -> None:
    runs = project / "runs"
    said = [
        CliRunner().invoke(app, ["diff", one, other, "--project", str(project)])
        for one, other in (
            ("a", "b"),
            (str(runs / "a"), str(runs / "b")),
            (str(runs / "a" / "results.json"), "b"),
        )
    ]
    assert {each.exit_code for each in said} == {0}
    assert len({each.output for each in said}) == 1
    assert WORDS.text("diff.metrics", count=3) in said[0].output


@pytest.mark.parametrize(
    "other",
    [
        "c",
        results(version=1),
        results(project={"name": "Other", "as_of": "2025-06-30"}),
        "no JSON",
    ],
)
def test_what_cannot_be_compared_is_refused(project: Path, other: Any) -> None:
    name = other if other == "c" else "b"
    if other != "c":
        (project / "runs" / "b" / "results.json").write_text(
            other if isinstance(other, str) else json.dumps(other)
        )
    said = CliRunner().invoke(app, ["diff", "a", name, "--project", str(project)])
    assert isinstance(said.exception, WorkbookError)
    assert WORDS.text("diff.nothing") not in said.output
