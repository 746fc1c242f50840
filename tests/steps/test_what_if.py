"""A person plays with a decision: what is shown is what the project says once it is adopted,
and nothing is written by halves.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from two_systems import EXCEPTION, PARTS, write_project

from workbook import Workbook
from workbook.errors import ModelError, WorkbookError
from workbook.scenarios.other_grain import NOT_MEASURED
from workbook.scenarios.published_values import METRIC_VALUES
from workbook.scenarios.what_if import WhatIf

SWAPPED = ("fields.client.plan.order", ["shop", "crm"])
WRITTEN = """# Which source wins?
owner: sales

fields:
  client.name: {order: [crm, shop]}   # the name of the contract
  client.plan:
    order: [crm, shop]       # crm is kept by hand
    considered:
      newest: {rule: most_recent}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = write_project(tmp_path / "shop")
    (root / "model" / "05_survivorship.yml").write_text(WRITTEN)
    return root


@pytest.fixture
def book(project: Path) -> Iterator[Workbook]:
    opened = Workbook.open(project)
    yield opened
    opened.close()


def everything(project: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in ("model", "decisions")
        for path in sorted((project / folder).iterdir())
    }


def rows(tried: WhatIf) -> list[list[Any]]:
    return tried.figure.as_dict()["rows"]


# ---- what is shown


def test_another_order_is_shown_with_all_that_it_moves(book: Workbook) -> None:
    """Of two clients whose plans differ, an exception decides one; the other would be small."""
    tried = book.survivorship.what_if(*SWAPPED)
    assert [row[2:4] for row in rows(tried)] == [
        ["1", "0"],
        ["4", "4"],
        [None, None],
        ["1", "0"],
        ["2", "3"],
        ["1", "1"],
        [None, None],
    ]
    assert [row[1] for row in rows(tried)[:5]] == [
        "Golden clients",
        "Client",
        "Client plan",
        "Golden",
        "Small",
    ]
    assert rows(tried)[0][4] == "−1 (−100.0\u202f%)"
    assert [re.findall(r"\d+", row[4]) for row in rows(tried)[1:]] == [
        ["1"],
        ["1"],
        ["1"],
        ["1"],
        ["1"],
        ["1", "1"],
    ]
    assert [
        (each.group, each.table, each.now, each.then, each.gone, each.come, each.changed)
        for each in tried.effects
    ] == [
        ("rules", "client__rule__golden", 1, 0, 1, 0, 0),
        ("rules", "client__rule__small", 2, 3, 0, 1, 0),
        ("published", METRIC_VALUES, 1, 1, 0, 0, 1),
    ]
    assert (tried.customers, tried.values) == ({"client": 1}, {"client.plan": 1})
    assert [(move.label, move.before, move.after) for move in tried.moves] == [
        ("Golden clients", "1", "0")
    ]
    figure = tried.figure.as_dict()
    assert "client plan order" in figure["title"] and "[shop, crm]" in figure["title"]
    assert (
        "fields.client.plan.order from [crm, shop] to [shop, crm] (model/05_survivorship.yml:7)."
        in figure["caption"]
    )
    assert "Nothing is written" in figure["caption"]


def test_it_shows_itself_as_a_figure_does(book: Workbook) -> None:
    tried = book.survivorship.what_if(*SWAPPED)
    assert tried._repr_mimebundle_() == tried.figure._repr_mimebundle_()
    assert repr(tried) == repr(tried.figure)


def test_what_does_not_move_is_said(book: Workbook) -> None:
    tried = book.survivorship.what_if("fields.client.name.order", ["shop", "crm"])
    assert rows(tried)[0][1:4] == ["Golden clients", "1", "1"]
    assert [(move.before, move.after, move.by) for move in tried.numbers] == [("1", "1", "")]
    assert (tried.moves, tried.values) == ((), {"client.name": 2})
    same = book.survivorship.what_if("fields.client.name.order", ["crm", "shop"])
    assert (same.customers, same.values, same.built) == ({}, {}, 0)


def test_a_rule_of_identity_counts_customers_of_today(book: Workbook) -> None:
    """Two clients of two records each fall apart."""
    tried = book.identity.what_if("identity.client.rules", [])
    assert (tried.customers, [(move.before, move.after) for move in tried.moves]) == (
        {"client": 2},
        [("1", "2")],
    )
    assert ["Client", "4", "6"] in [row[1:4] for row in rows(tried)]


def test_a_rule_of_a_metric_changes_no_customer_and_its_members(book: Workbook) -> None:
    """One client is golden; two others are small."""
    tried = book.metrics.what_if("rules.golden.all", ["plan = 'small'"])
    assert {(each.table, each.come, each.gone, each.changed) for each in tried.effects} == {
        ("client__rule__golden", 2, 1, 0),
        (METRIC_VALUES, 0, 0, 1),
    }
    assert (tried.customers, tried.values, [(move.before, move.after) for move in tried.moves]) == (
        {},
        {},
        [("1", "2")],
    )
    assert tried.built < tried.stayed


@pytest.mark.parametrize(
    ("rule", "last", "by"),
    [
        ("small", "1 Mar 2024", "\u2212306 days"),
        ("nobody", "–", "no value under this decision"),
        ("golden_too", "1 Jan 2025", ""),
    ],
)
def test_a_headline_that_is_a_day_moves_by_days(
    tmp_path: Path, rule: str, last: str, by: str
) -> None:
    """A day is no share of anything: it moves, and makes no bar."""
    parts = copy.deepcopy(
        {name: PARTS[name] for name in ("02_grain", "03_sources", "04_entities", "07_metrics")}
    )
    for source in parts["03_sources"]["sources"].values():
        source["fields"]["since"] = "date"
    parts["04_entities"]["entities"]["client"]["attributes"]["since"] = ["crm.clients"]
    numbers = parts["07_metrics"]
    numbers["rules"] |= {
        "nobody": {"of": "client", "all": ["plan = 'none'"]},
        "golden_too": {"of": "client", "all": ["plan in ('gold', 'none')"]},
    }
    numbers["semantic_models"]["clients"]["measures"]["newest"] = {"agg": "max", "expr": "since"}
    numbers["metrics"] = {"newest": {"type": "simple", "measure": "newest", "filter": "golden"}}
    parts["02_grain"]["headline"] = ["newest"]
    head = "no,mail,name,plan,seen,since\n"
    files = {
        "crm_clients": (
            head
            + (
                "1,a@x.example,A,gold,2025-01-01,2025-01-01\n"
                "2,b@x.example,B,small,2025-01-01,2024-03-01\n"
            )
        ),
        "shop_clients": head,
    }
    book = Workbook.open(
        write_project(tmp_path / "dated", files, EXCEPTION.splitlines()[0] + "\n", **parts)
    )
    tried = book.metrics.what_if("metrics.newest.filter", rule)
    book.close()
    assert [(move.before, move.after, move.share, move.by) for move in tried.numbers] == [
        ("1 Jan 2025", last, None, by)
    ]
    assert bool(tried.moves) is bool(by)
    assert by in rows(tried)[0][-1]


def test_how_much_is_built_does_not_depend_on_what_was_tried_before(book: Workbook) -> None:
    first, again = (book.survivorship.what_if(*SWAPPED) for _ in range(2))
    assert first.figure.as_dict() == again.figure.as_dict()
    assert first.built > 0


def test_today_stays_as_it_is(book: Workbook, project: Path) -> None:
    before, frame = everything(project), book.context.frame("client")
    book.survivorship.what_if(*SWAPPED)
    assert book.survivorship.context.frame("client").equals(frame)
    assert everything(project) == before


def test_no_personal_value_is_shown(project: Path) -> None:
    guard = {
        "client": {
            "rules": [{"name": "same_mail", "match": "mail"}],
            "guard": {"ignore": {"mail": ["ann@x.example"]}},
        }
    }
    (project / "model" / "04b_identity.yml").write_text(json.dumps({"identity": guard}))
    book = Workbook.open(project)
    tried = [
        book.survivorship.what_if("fields.client.name.order", ["shop", "crm"]),
        book.survivorship.what_if_exception(
            "client.name", record="crm.clients:1", use_value="SECRETNEW"
        ),
        book.identity.what_if("identity.client.guard", {"ignore": {"mail": ["bob@x.example"]}}),
        book.identity.what_if("identity.client.guard.ignore.mail", ["bob@x.example"]),
        book.metrics.what_if("rules.golden.all", ["name = 'SECRETANN'", "mail <> 'ann@x.example'"]),
    ]
    shown = " ".join(str(each._repr_mimebundle_()) for each in tried)
    done = [
        tried[1].adopt(because="renamed", by="sales"),
        tried[4].adopt(because="renamed", by="sales"),
    ]
    book.close()
    shown += str(done)
    assert not [
        secret for secret in ("SECRET", "secret", "@x.example", "clients:1") if secret in shown
    ]
    assert "[name = '…', mail <> '…']" in shown


def test_other_spellings_are_told_from_other_values(book: Workbook) -> None:
    """SECRETANN is written secretann in the shop: one person; SECRETBOB is SECRETBOBBY there:
    another name.
    """
    tried = book.survivorship.what_if("fields.client.name.order", ["shop", "crm"])
    change = tried.changes["client.name"]
    assert (change.count, change.real, change.spellings, change.shifts) == (2, 1, 1, ())
    assert re.findall(r"\d+", rows(tried)[-1][-1]) == ["2", "1", "1"]


def test_values_of_a_closed_list_are_told_one_by_one(project: Path) -> None:
    """Ann's plan is gold in crm and small in the shop; of Bob an exception decides already."""
    sources = json.loads((project / "model" / "03_sources.yml").read_text())
    for each in sources["sources"].values():
        each["fields"]["plan"] = {"type": "category", "class": "internal"}
    (project / "model" / "03_sources.yml").write_text(json.dumps(sources))
    book = Workbook.open(project)
    tried = book.survivorship.what_if(*SWAPPED)
    book.close()
    assert tried.changes["client.plan"].shifts == (("gold", "small", 1),)


def test_what_would_not_exist_is_counted(tmp_path: Path) -> None:
    """Three clients of crm were seen; without the event there is no table of events."""
    events = {
        "events": {
            "seen": {"from": "crm.clients", "of": "client", "at": "seen"},
            "sold": {"from": "shop.clients", "of": "client", "at": "seen"},
        }
    }
    book = Workbook.open(write_project(tmp_path / "seen", **{"06_history": events}))
    one = book.history.what_if("events.seen", None)
    kept = [(each.table, each.now, each.then, each.gone) for each in one.effects]
    book.close()
    assert kept == [("client__event", 6, 3, 3)]


def test_nothing_published_is_told_apart_from_not_measured(book: Workbook) -> None:
    tried = book.grain.what_if("sentence", "A customer is a client.")
    assert (tried.moves, tried.effects, tried.customers) == ((), (), {})
    assert len(rows(tried)) == 3
    assert len({row[0] for row in rows(tried)}) == 3
    assert rows(tried)[-1][3] == NOT_MEASURED


# ---- what cannot be


@pytest.mark.parametrize(
    ("step", "path", "value", "words"),
    [
        (
            "survivorship",
            "identity.client.rules",
            None,
            (
                r"05_survivorship.yml:1: 'identity' .* It belongs to 04b_identity.yml:"
                r" book.identity.what_if\('identity.client.rules'"
            ),
        ),
        (
            "survivorship",
            "metrics.rules.golden.all",
            ["x"],
            r"book.metrics.what_if\('rules.golden.all'",
        ),
        (
            "survivorship",
            "survivorship.fields.client.plan.order",
            ["shop"],
            "Write the path below the file: 'fields.client.plan.order'",
        ),
        (
            "survivorship",
            "fields.client.plam.order",
            None,
            (
                r"yml:\d+: Nothing is decided at 'fields.client.plam.order'.*Did you mean"
                r" 'client.plan'"
            ),
        ),
        (
            "survivorship",
            "fieldz.client.plan.order",
            None,
            r"'fieldz' .*Did you mean 'fields'",
        ),
        (
            "survivorship",
            "fields.client.plan.order",
            ["shpo"],
            r"model/05_survivorship.yml:7: .*shpo.*Did you mean 'shop'",
        ),
        (
            "survivorship",
            "fields.client.plam.order",
            ["shop"],
            r"model/05_survivorship.yml:\d+: .*plam.*Did you mean",
        ),
        (
            "survivorship",
            "fieldz.client.plan.order",
            ["shop"],
            r"'fieldz'.*Did you mean 'fields'",
        ),
        (
            "survivorship",
            "owner.name",
            "x",
            r"model/05_survivorship.yml:2: 'owner' holds one value",
        ),
        (
            "identity",
            "identity.client.rules.0.match",
            "name",
            r"model/04b_identity.yml:1: 'identity.client.rules' holds a list",
        ),
        ("survivorship", "fields", None, "nothing of model/05_survivorship.yml would be decided"),
        ("survivorship", "", ["shop"], "No decision of model/05_survivorship.yml is named"),
    ],
)
def test_what_contradicts_the_model_is_told(
    book: Workbook, step: str, path: str, value: Any, words: str
) -> None:
    with pytest.raises(WorkbookError, match=words):
        book.step(step).what_if(path, value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"field": "client.plam"},
            r"'client.plam'.*Did you mean 'client.plan'\?",
        ),
        ({"use_source": "shpo"}, r"'shpo' has no client.plan. Did you mean 'shop'\?"),
        ({"use_value": "gold"}, "either use_source or use_value"),
        (
            {"record": "crm.clients:99"},
            "Client has no such record. Write a record like 'crm.clients:KEY'",
        ),
        ({"until": "soon"}, "'soon' is no date"),
        ({"until": "2025-01-01"}, "has no effect: the as-of date is 30 Jun 2025"),
    ],
)
def test_an_exception_that_cannot_be(book: Workbook, given: dict[str, str], words: str) -> None:
    asked = {"field": "client.plan", "record": "crm.clients:1", "use_source": "shop", **given}
    with pytest.raises(WorkbookError, match=words):
        book.survivorship.what_if_exception(asked.pop("field"), **asked)


# ---- adopting


TRIED: list[Callable[[Workbook], WhatIf]] = [
    lambda book: book.survivorship.what_if(*SWAPPED),
    lambda book: book.survivorship.what_if("fields.client.plan.rule", "most_recent"),
    lambda book: book.survivorship.what_if("fields.client.plan.no_older_than", "150 days"),
    lambda book: book.survivorship.what_if("default.client", ["shop", "crm"]),
    lambda book: book.survivorship.what_if_exception(
        "client.plan", record="crm.clients:1", use_source="shop"
    ),
    lambda book: book.survivorship.what_if_exception(
        "client.plan", record="shop.clients:9", use_value="gold", until=dt.date(2025, 12, 31)
    ),
    lambda book: book.metrics.what_if("rules.golden.all", ["plan = 'small'"]),
    lambda book: book.identity.what_if("identity.client.rules", []),
    lambda book: book.identity.what_if("identity.client.guard.records_per_value", 1),
    lambda book: book.grain.what_if("sentence", "One row is one client: nobody else."),
]


@pytest.mark.parametrize("ask", TRIED)
def test_what_is_adopted_reads_as_it_was_shown(
    book: Workbook, project: Path, ask: Callable[[Workbook], WhatIf]
) -> None:
    other = Workbook.open(project)
    tried = ask(book)
    tried.adopt(because="we looked: it is better", by="sales")
    expected = [move.after for move in tried.numbers]
    again = Workbook.open(project)
    for each in (again, book, other):  # books that were open notice
        each.step("survivorship")
        assert [number.say(number.value) for number in each.headlines().values()] == expected
    assert not list(project.rglob("*.part"))
    for each in (again, other):
        each.close()


def test_the_file_says_who_when_and_why_and_keeps_all_else(book: Workbook, project: Path) -> None:
    done = book.survivorship.what_if(*SWAPPED).adopt(because="shop asks at every order", by="sales")
    today = dt.datetime.now(dt.UTC).date()
    assert repr(done).startswith(
        "model/05_survivorship.yml:7: fields.client.plan.order is [shop, crm], decided by sales"
    )
    assert "comment" in done.words
    kept = (
        f"      until_{today:%Y_%m_%d}:\n        was: {{order: [crm, shop]}}\n        owner:"
        " sales\n"
    )
    signed = f"    because: shop asks at every order\n    owner: sales\n    decided: {today}\n"
    assert (project / "model" / "05_survivorship.yml").read_text() == WRITTEN.replace(
        "order: [crm, shop]       #", "order: [shop, crm]       #"
    ) + kept + signed


def test_the_record_stands_at_the_one_decision_and_not_around_it(book: Workbook) -> None:
    book.identity.what_if("identity.client.guard.records_per_value", 10).adopt(
        because="offices share a line", by="head of sales"
    )
    spec = book.identity.model.identity.identity["client"]
    assert (spec.guard.records_per_value, spec.guard.because, spec.guard.owner) == (
        10,
        "offices share a line",
        "sales",
    )
    assert (spec.because, spec.owner, book.identity.model.identity.decided) == ("", "", None)


def test_windows_line_ends_and_the_mark_of_order_stay(project: Path) -> None:
    path = project / "model" / "05_survivorship.yml"
    path.write_bytes(b"\xef\xbb\xbf" + WRITTEN.replace("\n", "\r\n").encode())
    book = Workbook.open(project)
    book.survivorship.what_if(*SWAPPED).adopt(because="newer", by="sales")
    book.close()
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf#")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert b"order: [shop, crm]       # crm is kept by hand\r\n" in raw


def test_an_exception_is_one_line_more(book: Workbook, project: Path) -> None:
    path = project / "decisions" / "exceptions.csv"
    before = path.read_text()
    done = book.survivorship.what_if_exception(
        "client.plan", record="crm.clients:1", use_source="shop", until="2025-12-31"
    ).adopt(because="moved, early", by="sales")
    added = path.read_text().removeprefix(before)
    assert (
        added.split(",", 2)[2]
        == 'head of sales,client.plan,crm.clients:1,shop,,2025-12-31,"moved, early"\n'
    )
    assert done.place == "decisions/exceptions.csv:3"
    assert book.survivorship.exceptions().as_dict()["rows"][-1][0] == "pass"


# ---- nothing is written


@pytest.mark.parametrize(
    ("because", "by", "words"),
    [
        ("  ", "sales", "Say why"),
        ("x", "", "Say who decides"),
        ("x", "sails", "'sails' .*Did you mean 'sales'"),
    ],
)
@pytest.mark.parametrize("ask", [TRIED[0], TRIED[4]])
def test_without_a_reason_and_a_function_nothing_is_written(
    book: Workbook,
    project: Path,
    ask: Callable[[Workbook], WhatIf],
    because: str,
    by: str,
    words: str,
) -> None:
    tried, before = ask(book), everything(project)
    with pytest.raises(WorkbookError, match=words):
        tried.adopt(because=because, by=by)
    assert everything(project) == before


@pytest.mark.parametrize("stem", ["05_survivorship", "03_sources"])
def test_a_file_that_somebody_changed_is_left_alone(
    book: Workbook, project: Path, stem: str
) -> None:
    tried = book.survivorship.what_if(*SWAPPED)
    path = project / "model" / f"{stem}.yml"
    changed = {
        "05_survivorship": WRITTEN.replace("newest", "latest"),
        "03_sources": json.dumps({**PARTS["03_sources"], "owner": "sales"}),
    }[stem]
    path.write_text(changed)
    before = everything(project)
    with pytest.raises(
        WorkbookError,
        match=f"model/{stem}.yml was changed since this was tried; nothing was written",
    ):
        tried.adopt(because="newer", by="sales")
    assert everything(project) == before


def test_a_what_if_is_adopted_once(book: Workbook) -> None:
    tried = book.survivorship.what_if(*SWAPPED)
    tried.adopt(because="newer", by="sales")
    with pytest.raises(WorkbookError, match="was changed since"):
        tried.adopt(because="newer", by="sales")


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_would_read_otherwise_is_not_written(
    book: Workbook, project: Path, by_hand: bool
) -> None:
    """A sign that ends a line for YAML and for nobody else would become a blank."""
    value = "most recent\u0085of all" if by_hand else "most recent of all"
    tried, before = (
        book.survivorship.what_if("fields.client.plan.considered.newest", value),
        everything(project),
    )
    if not by_hand:
        tried.adopt(because="so it is", by="sales")
        assert everything(project) != before
        return
    with pytest.raises(ModelError) as refused:
        tried.adopt(because="so it is", by="sales")
    (problem,) = refused.value.problems
    assert (problem.code, problem.line) == ("model.decisions.would_say_otherwise", 9)
    assert "fields.client.plan.considered.newest" in problem.advice
    assert everything(project) == before


# ---- what is written where


def test_a_name_in_a_map_of_names_is_no_place_for_a_reason(book: Workbook, project: Path) -> None:
    """Any word would be an alternative there: the reason stands at the decision around them."""
    book.survivorship.what_if("fields.client.plan.considered.newest", "newer is better").adopt(
        because="so it is", by="sales"
    )
    rule = book.survivorship.model.survivorship.fields["client.plan"]
    assert (set(rule.considered), rule.because, rule.owner) == ({"newest"}, "so it is", "sales")


def test_a_decision_inside_braces_is_taken_back(book: Workbook, project: Path) -> None:
    book.survivorship.what_if("fields.client.name.order", None).adopt(
        because="the default does", by="sales"
    )
    rule = book.survivorship.model.survivorship.fields["client.name"]
    assert (rule.order, rule.because, rule.owner) == ((), "the default does", "sales")
    today = dt.datetime.now(dt.UTC).date()
    kept = (
        f"    considered:\n      until_{today:%Y_%m_%d}:\n        was: {{order: [crm, shop]}}\n    "
        "    owner: sales\n"
    )
    said = (
        "  client.name:    # the name of the contract\n    because: the default does\n    owner:"
        f" sales\n    decided: {today}\n{kept}"
    )
    written = WRITTEN.replace(
        "  client.name: {order: [crm, shop]}   # the name of the contract\n", said
    )
    assert (project / "model" / "05_survivorship.yml").read_text() == written


def test_customers_whose_records_part_are_counted_where_no_value_differs(tmp_path: Path) -> None:
    head = "no,mail,name,plan,seen\n"
    both = {
        "crm_clients": head + "1,ann@x.example,ANN,gold,2025-01-01\n",
        "shop_clients": head + "7,ann@x.example,ANN,gold,2025-01-01\n",
    }
    book = Workbook.open(write_project(tmp_path / "alike", both, EXCEPTION.splitlines()[0] + "\n"))
    tried = book.identity.what_if("identity.client.rules", [])
    book.close()
    assert (tried.customers, tried.values) == ({"client": 1}, {})


def test_exceptions_of_which_none_can_be_read_are_a_failure(tmp_path: Path) -> None:
    book = Workbook.open(
        write_project(tmp_path / "shop", exceptions=EXCEPTION.replace("id,", "number,", 1))
    )
    (found,) = [
        each
        for each in book.survivorship.conclude()
        if each.code == "survivorship.broken_exception"
    ]
    book.close()
    assert (
        found.severity,
        found.effect.startswith("No exception"),
    ) == ("fail", True)
