"""`explain`: who is meant, why each value stands, what it beat, and that no personal value is
said unless it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from two_systems import EXCEPTION, FILES, write_project

from workbook import Workbook
from workbook.cli import main
from workbook.cli.publish_ids import publish
from workbook.errors import WorkbookError
from workbook.scenarios.explain import ValueExplainer

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


def test_a_value_says_its_rule_source_record_and_day_and_what_it_beat(book: Workbook) -> None:
    said = book.survivorship.explain(f"client/{id_of(book, 'crm.clients:1')}")
    plan = sentence(said, "Plan")
    assert plan.startswith("Plan is “gold”, from crm.clients:1, written 1 Jan 2025")
    assert "the first source in order" in plan
    assert "It beat “small” of shop.clients:7, written 1 Feb 2025" in plan
    assert "because shop.clients comes after crm.clients" in plan


def test_another_spelling_is_not_beaten(book: Workbook) -> None:
    name = sentence(book.survivorship.explain("crm.clients:1"), "Name")
    assert "1 other record says the same" in name
    assert "beat" not in name


def test_an_exception_is_named_with_its_owner_end_and_reason(book: Workbook) -> None:
    plan = sentence(book.survivorship.explain("crm.clients:2"), "Plan")
    assert plan.startswith("Plan is “small”, from shop.clients:8")
    assert "exception e1 of sales until 2025-12-31: moved early" in plan
    assert "It beat “gold” of crm.clients:2" in plan


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
            assert [each.value for each in held if each.stands] == (
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
        f"client/{identifier} is 2 records: crm.clients:1, shop.clients:7."
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
    with pytest.raises(WorkbookError, match="Nobody bears"):
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
    assert f"client/{left} is 2 records" in said


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
    assert (
        said
        == "client/9 is one row of shop.clients: every value is that row's, and none was chosen."
    )


# ---- the command


def test_the_command_prints_the_sentences(root: Path, call: Call) -> None:
    code, out, _ = call("explain", "crm.clients:2", "--project", root)
    assert code == 0
    assert "exception e1 of sales" in out
    assert "secret" not in out.lower()


def test_values_are_not_revealed_to_a_pipe(root: Path, call: Call) -> None:
    code, out, complaint = call("explain", "crm.clients:2", "--project", root, "--reveal")
    assert (code, out) == (2, "")
    assert "--reveal shows values to a person at a terminal" in complaint


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
    assert "Nobody bears the id or record 'nobody'" in complaint
