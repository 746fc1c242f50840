"""A change of wording moves the digest of the pages only; a change of a number that of the
numbers.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from bench.numbers import main
from small_book import a_notebook, figure, finding, headline, metrics_figure, run, shows, write

from workbook.dossier.digests import differences, digests
from workbook.dossier.results import VERSION

RESULTS: dict[str, Any] = {
    "version": 2,
    "project": {"name": "Acme", "shape": "blank", "as_of": "2025-06-30"},
    "decisions": {"model/07_metrics.yml": "0123456789ab"},
    "headline_values": {"MRR": "345005.56"},
    "metric_values": {"mrr": "345005.558", "churn": ""},
    "headline_metrics": [{"metric": "MRR", "value_text": "€345,005.56"}],
    "pages": [
        {
            "page": "02",
            "name": "02_grain",
            "title": "Grain",
            "headline": {"sentence": "A customer."},
            "figures": [figure()],
        }
    ],
    "findings": [finding(about=["crm.accounts"]), finding(about=["crm.contacts"], count=1)],
    "tables": {"customer": {"rows": 3, "content": "c1"}, "raw__crm": {"rows": 3, "content": "c2"}},
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The results after one change."""
    made = copy.deepcopy(RESULTS)
    change(made)
    return made


WORDS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a finding's sentence": lambda r: r["findings"][0].update(sentence="Two keys repeat."),
    "a finding's page": lambda r: r["findings"][0].update(page="03"),
    "a page's title": lambda r: r["pages"][0].update(title="What a customer is"),
    "a page's headline": lambda r: r["pages"][0]["headline"].update(sentence="An account."),
    "a figure's title": lambda r: r["pages"][0]["figures"][0].update(title="How many customers?"),
    "a number as it is written": lambda r: r["headline_metrics"][0].update(value_text="€345k"),
    "a decision's comment": lambda r: r["decisions"].update({"model/07_metrics.yml": "0"}),
}
NUMBERS: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "a table's content": ("tables", lambda r: r["tables"]["customer"].update(content="c9")),
    "a table more": ("tables", lambda r: r["tables"].update(more={"rows": 0, "content": "c0"})),
    "a table less": ("tables", lambda r: r["tables"].pop("customer")),
    "a digit that no page shows": (
        "metrics",
        lambda r: r["metric_values"].update(mrr="345005.559"),
    ),
    "a refused metric": ("metrics", lambda r: r["metric_values"].update(churn="0.1")),
    "a finding's count": ("findings", lambda r: r["findings"][0].update(count=3)),
    "a finding's severity": ("findings", lambda r: r["findings"][0].update(severity="fail")),
    "what a finding is about": ("findings", lambda r: r["findings"][0].update(about=["crm"])),
    "a finding twice": ("findings", lambda r: r["findings"].append(r["findings"][0])),
}


@pytest.mark.parametrize("what", WORDS)
def test_words_move_the_pages_only(what: str) -> None:
    then, now = digests(RESULTS), digests(changed(WORDS[what]))
    assert now["numbers"] == then["numbers"]
    assert now["pages"] != then["pages"]
    assert not any(differences(RESULTS, changed(WORDS[what])).values())


@pytest.mark.parametrize("what", NUMBERS)
def test_a_number_moves_the_numbers(what: str) -> None:
    kind, change = NUMBERS[what]
    assert digests(changed(change))["numbers"] != digests(RESULTS)["numbers"]
    found = differences(RESULTS, changed(change))
    assert [name for name, rows in found.items() if rows] == [kind]


def test_a_table_or_a_metric_moves_no_page() -> None:
    for what in ("a table's content", "a digit that no page shows"):
        assert digests(changed(NUMBERS[what][1]))["pages"] == digests(RESULTS)["pages"]


def test_the_order_of_findings_and_tables_is_no_number() -> None:
    turned = changed(lambda r: r["findings"].reverse())
    turned["tables"] = dict(reversed(turned["tables"].items()))
    assert digests(turned)["numbers"] == digests(RESULTS)["numbers"]


def test_how_the_pages_look_is_part_of_the_pages() -> None:
    assert digests(RESULTS, [b"a"])["pages"] != digests(RESULTS, [b"b"])["pages"]
    assert digests(RESULTS, [b"a"])["numbers"] == digests(RESULTS, [b"b"])["numbers"]


def test_a_figure_that_counts_what_no_table_holds_is_named_beside() -> None:
    now = changed(lambda r: r["pages"][0]["figures"][0].update(rows=[[4]]))
    assert digests(now)["numbers"] == digests(RESULTS)["numbers"]
    assert differences(RESULTS, now)["figures"] == ["02 figure 2.1: numbers differ"]


def test_a_run_of_before_every_metric_was_kept_is_compared_by_its_headlines() -> None:
    old = changed(lambda r: r.pop("metric_values"))
    assert not any(differences(old, RESULTS).values())
    now = changed(lambda r: r["headline_values"].update(MRR="1"))
    assert differences(old, now)["metrics"] == ["MRR: value 345005.56 → 1"]


def test_the_command_names_what_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in (("a", RESULTS), ("b", changed(NUMBERS["a table's content"][1]))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(json.dumps(value), "utf-8")
    assert main([str(tmp_path / "a"), str(tmp_path / "a" / "results.json")]) == 0
    assert capsys.readouterr().out == "No number moved.\n"
    assert main([str(tmp_path / "a"), str(tmp_path / "b")]) == 1
    assert "customer: content c1 → c9" in capsys.readouterr().out
    assert main([str(tmp_path / "a"), str(tmp_path / "none")]) == 2
    assert main([str(tmp_path / "a")]) == 2


def a_run(root: Path, sentence: str, count: int) -> dict[str, Any]:
    """The results of a run of one page."""
    said = {"kind": "findings", "findings": [finding("note", sentence=sentence, count=count)]}
    write(root, "02_grain", a_notebook(shows(headline()), shows(metrics_figure()), shows(said)))
    result = run(root)
    made: dict[str, Any] = json.loads((result.path / "results.json").read_text("utf-8"))
    manifest = json.loads((result.path / "manifest.json").read_text("utf-8"))
    assert manifest["digests"] == made["digests"]
    schema = (package_files("workbook.dossier") / "results.schema.json").read_text("utf-8")
    jsonschema.validate(made, json.loads(schema))
    return made


@pytest.mark.usefixtures("pages_here")
def test_a_run_keeps_both_and_an_old_run_still_serves_to_compare_with(tmp_path: Path) -> None:
    first = a_run(tmp_path, "2 keys repeat.", 2)["digests"]
    second = a_run(tmp_path, "Two keys repeat.", 2)["digests"]
    assert first["numbers"] == second["numbers"] and first["pages"] != second["pages"]
    assert a_run(tmp_path, "Two keys repeat.", 3)["digests"]["numbers"] != second["numbers"]
    old = json.loads((tmp_path / "runs" / "latest" / "results.json").read_text("utf-8"))
    del old["digests"], old["metric_values"]
    assert old["version"] == VERSION == 2
    (tmp_path / "old.json").write_text(json.dumps(old), "utf-8")
    again = run(tmp_path, against=str(tmp_path / "old.json"))
    assert (
        json.loads((again.path / "results.json").read_text("utf-8"))["changes"]["against"]
        == old["id"]
    )
