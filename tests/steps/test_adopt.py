"""The record of a decision stands at the decision, with what it overruled; it can be undone."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from two_systems import EXCEPTION, PARTS, write_project

from workbook import Workbook
from workbook.errors import ModelError, WorkbookError
from workbook.model import load_model
from workbook.scenarios.sensitivity import sensitivity

TODAY = dt.datetime.now(dt.UTC).date().isoformat()
UNTIL = f"until_{TODAY.replace('-', '_')}"
SURVIVORSHIP = """owner: sales
decided: 2025-06-02
because: the page's own reason

default:
  client: [crm, shop]

fields:
  client.name:
    order: [crm, shop]
    because: the name on the contract
    owner: finance
    decided: 2025-05-19
    considered:
      shop_first: {order: [shop, crm], because: people type their own}
"""
HISTORY = """owner: sales
decided: 2025-06-04

events:
  seen: {from: crm.clients, of: client, at: seen}

lifecycle:
  client:
    known: {starts: seen, expected: 60 days}
"""
SHOP_FIRST = ("fields.client.name.order", ["shop", "crm"])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    parts = copy.deepcopy(PARTS)
    parts["07_metrics"]["rules"]["golden"] |= {"means": "a client with a gold plan"}
    root = write_project(tmp_path / "shop", **parts)
    departments = {"sales": "head of sales", "finance": "head of finance"}
    (root / "workbook.yml").write_text(
        json.dumps({"name": "Test", "as_of": "2025-06-30", "departments": departments})
    )
    (root / "model" / "05_survivorship.yml").write_text(SURVIVORSHIP)
    (root / "model" / "06_history.yml").write_text(HISTORY)
    return root


@pytest.fixture
def book(project: Path) -> Iterator[Workbook]:
    opened = Workbook.open(project)
    yield opened
    opened.close()


def written(project: Path, stem: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    return yaml.load((project / "model" / f"{stem}.yml").read_text())


def everything(project: Path) -> dict[str, bytes]:
    """Every file that people write, by its bytes; the store beside them is a cache."""
    return {
        str(path): path.read_bytes()
        for path in sorted(project.glob("*/*.*"))
        if ".workbook" not in path.parts
    }


# ---- where it stands


def test_a_block_keeps_its_record_and_the_page_its_own(book: Workbook, project: Path) -> None:
    tried = book.survivorship.what_if(*SHOP_FIRST)
    tried.adopt(because="people know their names", by="finance")
    page = written(project, "05_survivorship")
    assert (page["owner"], str(page["decided"])) == ("sales", "2025-06-02")
    assert page["because"] == "the page's own reason"
    rule = page["fields"]["client.name"]
    kept = {
        "was": {"order": ["crm", "shop"]},
        "because": "the name on the contract",
        "owner": "finance",
    }
    assert rule.pop("considered") == {UNTIL: {**kept, "decided": dt.date(2025, 5, 19)}}
    assert {name: str(value) for name, value in rule.items()} == {
        "order": "['shop', 'crm']",
        "because": "people know their names",
        "owner": "finance",
        "decided": TODAY,
    }


def test_a_state_of_a_lifecycle_is_a_decision(book: Workbook, project: Path) -> None:
    """Who took it is written where it stands; the page's day stays."""
    tried = book.history.what_if("lifecycle.client.known.expected", "30 days")
    tried.adopt(because="the contract says 30", by="finance", agreed_by="sales")
    page = written(project, "06_history")
    state = page["lifecycle"]["client"]["known"]
    assert str(page["decided"]) == "2025-06-04" and "because" not in page
    assert (state["expected"], state["owner"], state["decided_by"]) == (
        "30 days",
        "sales",
        "finance",
    )
    assert (state["because"], str(state["decided"])) == ("the contract says 30", TODAY)
    before = state["considered"][UNTIL]
    assert before == {
        "was": {"expected": "60 days"},
        "owner": "sales",
        "decided": dt.date(2025, 6, 4),
    }


@pytest.mark.parametrize(
    ("step", "path", "value", "was"),
    [
        ("survivorship", "default.client", ["shop", "crm"], {"client": ["crm", "shop"]}),
        (
            "grain",
            "headline",
            ["golden_clients", "golden_clients"],
            {"headline": ["golden_clients"]},
        ),
        (
            "history",
            "lifecycle.client",
            None,
            {"client": {"known": {"starts": "seen", "expected": "60 days"}}},
        ),
    ],
)
def test_a_decision_without_a_block_has_its_record_apart(
    book: Workbook, project: Path, step: str, path: str, value: Any, was: dict[str, Any]
) -> None:
    book.step(step).what_if(path, value).adopt(because="so it is", by="sales")
    stem = next(name for name in ("02_grain", "05_survivorship", "06_history") if step in name)
    apart = written(project, stem)["decisions"][path]
    assert (apart["because"], apart["owner"], str(apart["decided"])) == ("so it is", "sales", TODAY)
    assert apart["considered"][UNTIL]["was"] == was
    model = load_model(project)
    assert model.owner_of(step, *path.split(".")) == "sales"


def test_two_decisions_of_one_day_are_both_kept(book: Workbook, project: Path) -> None:
    for days in ("30 days", "45 days"):
        tried = book.history.what_if("lifecycle.client.known.expected", days)
        tried.adopt(because="we looked", by="sales")
    kept = written(project, "06_history")["lifecycle"]["client"]["known"]["considered"]
    assert {name: each["was"]["expected"] for name, each in kept.items()} == {
        UNTIL: "60 days",
        f"{UNTIL}_2": "30 days",
    }
    assert kept[f"{UNTIL}_2"]["because"] == "we looked"


def test_what_was_overruled_is_measured_as_an_alternative(book: Workbook) -> None:
    """Of four clients two have a name in both systems, and it differs."""
    book.survivorship.what_if(*SHOP_FIRST).adopt(because="people know", by="finance")
    (row,) = [
        each
        for each in sensitivity(book.survivorship.context, every=True).rows
        if each.subject == "client.name" and each.because == "the name on the contract"
    ]
    assert (row.customers, row.values) == (2, 2)


# ---- who owns it


@pytest.mark.parametrize(
    ("by", "agreed_by", "words"),
    [
        (
            "sales",
            "",
            r"client.name.order is decided by finance, not by sales.*agreed_by='finance'",
        ),
        ("head of sales", "", "is decided by finance"),
        ("sales", "sales", "names sales. Nothing was written"),
        ("sales", "finanze", "'finanze' is not a department .*Did you mean 'finance'"),
    ],
)
def test_the_owner_is_asked(
    book: Workbook, project: Path, by: str, agreed_by: str, words: str
) -> None:
    tried, before = book.survivorship.what_if(*SHOP_FIRST), everything(project)
    with pytest.raises(WorkbookError, match=words):
        tried.adopt(because="newer", by=by, agreed_by=agreed_by)
    assert everything(project) == before


def test_the_owner_of_a_field_is_asked_about_its_exceptions(book: Workbook, project: Path) -> None:
    tried = book.survivorship.what_if_exception(
        "client.name", record="crm.clients:1", use_source="shop"
    )
    before = everything(project)
    with pytest.raises(WorkbookError, match="client.name is decided by finance"):
        tried.adopt(because="renamed", by="sales")
    assert everything(project) == before
    tried.adopt(because="renamed", by="sales", agreed_by="head of finance")
    last = (project / "decisions" / "exceptions.csv").read_text().splitlines()[-1]
    assert last.endswith(",renamed (agreed by finance)")


def test_who_took_it_must_be_of_the_project(project: Path) -> None:
    path = project / "model" / "05_survivorship.yml"
    for word in ("decided_by: sails", "considered: {old: {owner: sails, because: x}}"):
        path.write_text(SURVIVORSHIP.split("    considered:")[0] + f"    {word}\n")
        with pytest.raises(ModelError, match=r"05_survivorship.yml:\d+: .*'sails'") as refused:
            load_model(project)
        assert refused.value.code == "model.unknown_name"


def test_a_record_apart_of_what_is_not_there_is_refused(project: Path) -> None:
    path = project / "model" / "05_survivorship.yml"
    path.write_text(SURVIVORSHIP + "decisions:\n  default.clint: {owner: sales}\n")
    with pytest.raises(
        ModelError, match=r"yml:17: .*'default.clint'. Did you mean 'default.client'"
    ) as refused:
        load_model(project)
    assert refused.value.code == "model.unknown_decision"


# ---- a sentence that would be false


def test_another_grain_needs_another_sentence(book: Workbook, project: Path) -> None:
    parts = {**PARTS["04_entities"]["entities"], "order": {"from": "shop.clients"}}
    (project / "model" / "04_entities.yml").write_text(json.dumps({"entities": parts}))
    tried, before = book.grain.what_if("primary", "order"), everything(project)
    with pytest.raises(ModelError, match=r"02_grain.yml:1: .sentence. says .*sentence="):
        tried.adopt(because="orders pay", by="sales")
    assert everything(project) == before
    tried.adopt(because="orders pay", by="sales", sentence="A customer is an order.")
    page = written(project, "02_grain")
    assert (page["primary"], page["sentence"]) == ("order", "A customer is an order.")
    assert set(page["considered"]) == {"client"}


def test_a_rule_that_says_what_it_means_needs_what_it_means_then(
    book: Workbook, project: Path
) -> None:
    tried = book.metrics.what_if("rules.golden.all", ["plan = 'small'"])
    with pytest.raises(ModelError, match="rules.golden.means. says"):
        tried.adopt(because="we looked", by="sales")
    tried.adopt(because="we looked", by="sales", sentence="a client with a small plan")
    assert (
        written(project, "07_metrics")["rules"]["golden"]["means"] == "a client with a small plan"
    )


def test_a_sentence_where_there_is_none_has_no_place(book: Workbook) -> None:
    with pytest.raises(
        WorkbookError, check=lambda error: error.code == "scenarios.no_sentence_beside"
    ):
        book.survivorship.what_if(*SHOP_FIRST).adopt(because="x", by="finance", sentence="y")


# ---- taken back


def test_undo_restores_every_byte(book: Workbook, project: Path) -> None:
    before = everything(project)
    done = book.survivorship.what_if(*SHOP_FIRST).adopt(because="newer", by="finance")
    assert everything(project) != before
    done.undo()
    assert everything(project) == before
    with pytest.raises(WorkbookError, match="was changed since"):
        done.undo()


def test_undo_of_what_was_changed_since_is_refused(book: Workbook, project: Path) -> None:
    done = book.survivorship.what_if(*SHOP_FIRST).adopt(because="newer", by="finance")
    path = project / "model" / "05_survivorship.yml"
    path.write_text(path.read_text() + "# a remark\n")
    before = everything(project)
    with pytest.raises(
        WorkbookError, match="05_survivorship.yml was changed since; nothing was taken back"
    ):
        done.undo()
    assert everything(project) == before


@pytest.mark.parametrize("head", [EXCEPTION, EXCEPTION.rstrip("\n"), None])
def test_undo_of_an_exception(book: Workbook, project: Path, head: str | None) -> None:
    path = project / "decisions" / "exceptions.csv"
    path.unlink() if head is None else path.write_text(head)
    before = everything(project)
    tried = book.survivorship.what_if_exception(
        "client.plan", record="crm.clients:1", use_source="shop"
    )
    done = tried.adopt(because="moved", by="sales")
    other = tried.adopt(because="moved again", by="sales")
    kept = path.read_bytes()
    with pytest.raises(WorkbookError, match="exceptions.csv was changed since"):
        done.undo()
    assert path.read_bytes() == kept
    other.undo()
    done.undo()
    assert everything(project) == before


# ---- who answers for what


def test_a_considered_grain_has_its_own_reason(book: Workbook, project: Path) -> None:
    before = written(project, "02_grain").get("because")
    tried = book.grain.what_if("considered.device", "a cookie is not a customer")
    tried.adopt(because="a cookie is not a customer", by="sales")
    page = written(project, "02_grain")
    assert page["considered"]["device"]["because"] == "a cookie is not a customer"
    assert page.get("because") == before


def test_a_department_says_itself_what_it_calls_a_customer(book: Workbook, project: Path) -> None:
    book.grain.what_if("owner", "sales").adopt(because="sales asks", by="sales")
    tried = book.grain.what_if("customer_means.finance", "whoever paid")
    with pytest.raises(WorkbookError) as refused:
        tried.adopt(because="so it is", by="sales")
    assert refused.value.code == "scenarios.other_owner"
    tried.adopt(because="so it is", by="finance")
    assert written(project, "02_grain")["customer_means"]["finance"] == "whoever paid"


def test_the_owner_of_a_page_is_written_at_its_top_with_the_day(
    book: Workbook, project: Path
) -> None:
    reason = written(project, "02_grain").get("because")
    book.grain.what_if("owner", "finance").adopt(because="counts are theirs", by="finance")
    page = written(project, "02_grain")
    assert (page["owner"], str(page["decided"])) == ("finance", TODAY)
    assert page.get("because") == reason
    assert "owner" not in page.get("decisions", {})


def test_a_first_decision_overrules_nothing(book: Workbook, project: Path) -> None:
    block = {"sees": {"of": "client", "measures": {"seen": {"agg": "count"}}}}
    path, value = "semantic_models.sees", block["sees"]
    book.metrics.what_if(path, value).adopt(because="we count them", by="sales")
    assert "considered" not in written(project, "07_metrics")["semantic_models"]["sees"]


def test_a_control_total_needs_no_new_sentence(book: Workbook, project: Path) -> None:
    name = next(iter(written(project, "07_metrics")["metrics"]))
    total = {"value": "1", "where_from": "the ledger"}
    book.metrics.what_if(f"metrics.{name}.control_total", total).adopt(because="x", by="sales")
    assert written(project, "07_metrics")["metrics"][name]["control_total"]["where_from"]
