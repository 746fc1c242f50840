"""`explain`: who is meant, why each value stands, what it beat, and that no personal value is
said unless it is asked for.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from two_systems import EXCEPTION, FILES, write_project

from workbook.words import error_texts
from workbook import Workbook
from workbook.cli import main
from workbook.cli.publish_ids import publish
from workbook.errors import WorkbookError
from workbook.scenarios.value_explainer import ValueExplainer

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "shop")


@pytest.fixture
def book(root: Path) -> Iterator[Workbook]:
    opened = Workbook.open(root)
    yield opened
    opened.close()


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line; its exit code, what it printed, and what it complained about."""

    def calling(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["workbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out, printed.err

    return calling


def id_of(book: Workbook, record: str) -> str:
    return str(
        book.context.query(f"select id from client__clusters where record = '{record}'")["id"][0]
    )


def sentence(said: str, attribute: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith(f"{attribute} ")]
    return line


def reasons(book: Workbook, attribute: str, record: str) -> list[tuple[Any, ...]]:
    """Each value with its source, whether it survives, and its one reason."""
    held = ValueExplainer(book.context).held("client", attribute, id_of(book, record))
    assert all(len(each.reasons) == 1 for each in held)
    return [
        (each.value, each.source, each.survives, each.reasons[0].name, each.reasons[0].values)
        for each in held
    ]


def test_a_value_says_its_rule_source_record_and_day_and_what_it_beat(book: Workbook) -> None:
    said = book.survivorship.explain(f"client/{id_of(book, 'crm.clients:1')}")
    plan = sentence(said, "Plan")
    assert plan.startswith("Plan is “gold”, from crm.clients:1, written 1 Jan 2025")
    assert "“small” of shop.clients:7, written 1 Feb 2025" in plan
    winner, beaten = reasons(book, "plan", "crm.clients:1")
    assert winner == ("gold", "crm.clients", True, "survives.source_order", {})
    assert beaten == (
        "small",
        "shop.clients",
        False,
        "overruled.lower_priority",
        {"winner": "crm.clients"},
    )


def test_another_spelling_is_not_beaten(book: Workbook) -> None:
    name = sentence(book.survivorship.explain("crm.clients:1"), "Name")
    assert "1 other record" in name and "Overruled" not in name
    held = ValueExplainer(book.context).held("client", "name", id_of(book, "crm.clients:1"))
    assert [each.alike for each in held] == ["", "spelling"]


def test_an_exception_is_named_with_its_owner_end_and_reason(book: Workbook) -> None:
    plan = sentence(book.survivorship.explain("crm.clients:2"), "Plan")
    assert plan.startswith("Plan is “small”, from shop.clients:8")
    assert all(word in plan for word in ("e1", "sales", "31 Dec 2025", "moved early"))
    assert "“gold” of crm.clients:2" in plan
    winner, beaten = reasons(book, "plan", "crm.clients:2")
    assert winner[2:] == (
        True,
        "survives.exception",
        {"id": "e1", "by": "sales", "until": dt.date(2025, 12, 31), "because": "moved early"},
    )
    assert beaten[:4] == ("gold", "crm.clients", False, "overruled.by_exception")


def test_what_nobody_holds_is_said(book: Workbook) -> None:
    assert "Plan: no record has a value." in book.survivorship.explain("crm.clients:3")
    assert "No other record has a value." in sentence(
        book.survivorship.explain("shop.clients:9"), "Plan"
    )


def test_it_says_what_the_golden_record_holds(book: Workbook) -> None:
    explained = ValueExplainer(book.context)
    for row in book.context.frame("client").to_dicts():
        for attribute in ("name", "plan", "mail"):
            held = explained.held("client", attribute, row["id"])
            assert [each.value for each in held if each.survives] == (
                [row[attribute]] if row[attribute] is not None else []
            )


def test_a_record_leads_to_its_customer(book: Workbook) -> None:
    identifier = id_of(book, "crm.clients:1")
    assert (
        book.survivorship.explain("shop.clients:7").splitlines()[0]
        == f"shop.clients:7 belongs to client/{identifier}."
    )
    assert book.survivorship.explain("client/shop.clients:7") == book.survivorship.explain(
        "shop.clients:7"
    )
    assert (
        f"client/{identifier} combines 2 records: crm.clients:1, shop.clients:7."
        in book.survivorship.explain(identifier)
    )


@pytest.mark.parametrize("reveal", [False, True])
def test_personal_values_are_tokens_unless_they_are_asked_for(book: Workbook, reveal: bool) -> None:
    explained = ValueExplainer(book.context)
    for record in ("crm.clients:1", "crm.clients:2", "shop.clients:9"):
        said = "\n".join(explained.sentences(explained.meant(record), reveal=reveal))
        assert ("secret" in said.lower()) is reveal
        assert ("@x.example" in said) is reveal
        assert "name·" in said or reveal


def test_an_unknown_id_names_the_nearest(book: Workbook) -> None:
    identifier = id_of(book, "crm.clients:1")
    with pytest.raises(WorkbookError, match=f"Did you mean '{identifier}'"):
        book.survivorship.explain(f"client/{identifier[:-1]}")
    with pytest.raises(WorkbookError, match="Did you mean 'client'"):
        book.survivorship.explain(f"clint/{identifier}")
    with pytest.raises(WorkbookError, check=lambda error: error.code == "scenarios.unknown_id"):
        book.survivorship.explain("client/' or 1 = 1 --")


def test_a_published_id_leads_to_whoever_bears_its_records_now(tmp_path: Path) -> None:
    apart = {
        **FILES,
        "shop_clients": FILES["shop_clients"].replace("ann@x.example", "ann.old@x.example"),
    }
    root = write_project(tmp_path / "shop", apart)
    publish(root, None, None, failed=False)
    book = Workbook.open(root)
    ids = {id_of(book, record) for record in ("crm.clients:1", "shop.clients:7")}
    book.close()
    assert len(ids) == 2
    (root / "data" / "shop_clients.csv").write_text(FILES["shop_clients"])
    book = Workbook.open(root)
    left = id_of(book, "crm.clients:1")
    (gone,) = ids - {left}
    said = book.survivorship.explain(f"client/{gone}")
    book.close()
    assert said.splitlines()[0] == f"client/{gone} was merged into client/{left} (1 record)."
    assert f"client/{left} combines 2 records" in said


def test_an_entity_of_one_source_has_nothing_to_choose(tmp_path: Path) -> None:
    alone = {"entities": {"client": {"from": "shop.clients"}}}
    book = Workbook.open(
        write_project(
            tmp_path / "shop",
            exceptions=EXCEPTION.splitlines()[0] + "\n",
            **{"04_entities": alone, "04b_identity": None, "05_survivorship": None},
        )
    )
    said = book.survivorship.explain("client/9")
    book.close()
    assert said.startswith("client/9 is one record of shop clients")
    assert len(said.splitlines()) == 1


# ---- the command


def test_the_command_prints_the_sentences(root: Path, call: Call) -> None:
    code, out, _ = call("explain", "crm.clients:2", "--project", root)
    assert code == 0
    assert "exception e1 by sales" in out
    assert "secret" not in out.lower()


def test_values_are_not_revealed_to_a_pipe(root: Path, call: Call) -> None:
    code, out, complaint = call("explain", "crm.clients:2", "--project", root, "--reveal")
    assert (code, out) == (2, "")
    assert complaint.strip() == " ".join(error_texts("cli.reveal_to_file"))


def test_values_are_revealed_at_a_terminal(
    root: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda stream: True, raising=False)
    code, out, _ = call("explain", "crm.clients:2", "--project", root, "--reveal")
    assert code == 0
    assert "SECRETBOB" in out


def test_an_unknown_name_is_an_error_of_the_user(root: Path, call: Call) -> None:
    code, out, complaint = call("explain", "client/nobody", "--project", root)
    assert (code, out) == (2, "")
    assert "'nobody'" in complaint
