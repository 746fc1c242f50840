"""Whoever asked to be forgotten: the golden record loses what is personal and keeps the rest;
why is said, and no table of 05 or 06 holds it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_systems import BOTH, FILES, PARTS, PERSONAL, SOURCES, write_project

from workbook import Workbook
from workbook.history import erasure_residue_sql, since_sql
from workbook.scenarios.value_explainer import ValueExplainer

RULES = st.sampled_from(
    [
        {"order": ["crm", "shop"]},
        {"rule": "most_recent"},
        {"rule": "most_frequent"},
        {"rule": "union"},
        {"rule": "max"},
    ]
)
ASKED = "crm_forget"
HEAD = "ask,no,asked\n"
MERGED = """id,at,by,entity,left_record,right_record,verdict,band,pattern,evidence,undoes,because
m1,2025-06-01T10:00:00Z,sales,client,crm.clients:2,crm.clients:3,same,,,,,they say so
"""
Open = Callable[..., Workbook]


def parts(rule: dict[str, Any]) -> dict[str, Any]:
    """The two systems, with requests to be forgotten that name clients of the CRM, and a class
    for each field.
    """
    sources = copy.deepcopy(SOURCES)
    sources["sources"]["crm.forget"] = {
        "primary_key": "ask",
        "valid": "asked",
        "fields": {"ask": "id", "no": "id", "asked": "timestamp"},
    }
    sources["sources"]["crm.log"] = {
        "primary_key": "row",
        "valid": "at",
        "fields": {
            "row": "id",
            "no": "id",
            "name": PERSONAL,
            "plan": {"type": "text", "class": "internal"},
            "at": "timestamp",
        },
    }
    sources["identifiers"]["crm_no"] = {"in": ["crm.clients.no", "crm.forget.no", "crm.log.no"]}
    return {
        "03_sources": sources,
        "04_entities": {
            "entities": {"client": {"from": BOTH, "attributes": {"name": BOTH, "plan": BOTH}}}
        },
        "05_survivorship": {
            **PARTS["05_survivorship"],
            "fields": {**PARTS["05_survivorship"]["fields"], "client.name": rule},
        },
        "06_history": {
            "history": {
                f"client.{name}": {"from": "crm.log", "as": "events", "value": name}
                for name in ("name", "plan")
            },
            "erasures": {"client": {"from": "crm.forget"}},
        },
    }


LOG = "row,no,name,plan,at\n1,1,SECRETANNA,iron,2024-01-01\n2,2,SECRETBOBO,iron,2024-01-01\n3,3,SECRETCATY,iron,2024-01-01\n"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    books: list[Workbook] = []

    def opening(
        asks: str,
        *,
        rule: dict[str, Any] | None = None,
        as_of: str = "2025-06-30",
        decided: str = "",
        **more: Any,
    ) -> Workbook:
        folder = write_project(
            tmp_path / f"shop{len(books)}",
            {**FILES, ASKED: HEAD + asks, "crm_log": LOG},
            **(parts(rule or {"order": ["crm", "shop"]}) | more),
        )
        if decided:
            (folder / "decisions" / "matches.csv").write_text(decided)
        books.append(Workbook.open(folder, as_of=as_of))
        return books[-1]

    yield opening
    for book in books:
        book.close()


def golden(book: Workbook, record: str) -> dict[str, Any]:
    (row,) = book.context.query(
        "select e.* from client as e join client__clusters as c on c.id = e.id where c.record ="
        f" '{record}'"
    ).to_dicts()
    return row


def test_what_is_personal_goes_and_the_rest_stays(opened: Open) -> None:
    book = opened("a1,1,2025-06-01\n")
    ann, bob = golden(book, "crm.clients:1"), golden(book, "crm.clients:2")
    assert (ann["name"], ann["mail"], ann["plan"]) == (None, None, "gold")
    assert (bob["name"], bob["mail"]) == ("SECRETBOB", "bob@x.example")
    (row,) = book.context.frame("client__name__choice").filter(id=ann["id"]).to_dicts()
    assert (row["value"], row["rule"], row["source"], row["record"]) == (
        None,
        "erased",
        "crm.clients",
        "crm.clients:1",
    )
    assert (row["candidates"], str(row["recorded"])) == (2, "2025-01-01 00:00:00")
    assert book.context.frame("client__erased").rows() == [
        (ann["id"], row["recorded"].replace(month=6), "crm.forget:a1", 1)
    ]


@pytest.mark.parametrize(("as_of", "name"), [("2025-05-31", "SECRETANN"), ("2025-06-01", None)])
def test_it_holds_from_the_day_on_which_it_was_asked(
    opened: Open, as_of: str, name: str | None
) -> None:
    assert golden(opened("a1,1,2025-06-01\n", as_of=as_of), "crm.clients:1")["name"] == name


@pytest.mark.parametrize("reveal", [False, True])
def test_it_is_said_why_and_never_what(opened: Open, reveal: bool) -> None:
    book = opened("a2,1,2025-06-02\na1,1,2025-06-01\n")
    explained = ValueExplainer(book.context)
    said = "\n".join(explained.sentences(explained.meant("crm.clients:1"), reveal=reveal))
    places = "crm.clients:1, written 1 Jan 2025 and shop.clients:7, written 1 Feb 2025"
    assert (
        f"Name: the values of {places} were removed because erasure was requested on 1 Jun 2025"
        " (crm.forget:a1)." in said
    )
    assert "Plan is “gold”" in said
    assert "secret" not in said.lower()
    assert "@" not in said
    assert "name·" not in said
    assert "erasure" not in book.survivorship.explain("crm.clients:2")


def test_a_value_that_nobody_holds_was_not_taken_away(opened: Open) -> None:
    assert "Plan: no record has a value." in opened("a1,3,2025-06-01\n").survivorship.explain(
        "crm.clients:3"
    )


def test_it_reaches_all_records_of_the_customer_and_no_further_when_they_are_parted(
    opened: Open,
) -> None:
    """Identity says who asked: of records merged with others all personal values go, and a
    decision that parts them gives the others theirs again.
    """
    merged = opened("a1,2,2025-06-01\n", decided=MERGED)
    bob, cat = golden(merged, "crm.clients:2"), golden(merged, "crm.clients:3")
    assert bob == cat
    assert (bob["name"], bob["mail"]) == (None, None)
    assert (
        "crm.clients:3"
        in merged.survivorship.explain("crm.clients:3")
        .partition("Name: the values of")[2]
        .partition("were removed")[0]
    )
    parted = opened("a1,2,2025-06-01\n")
    assert (golden(parted, "crm.clients:2")["name"], golden(parted, "crm.clients:3")["name"]) == (
        None,
        "SECRETCAT",
    )


def test_page_05_counts_neither_what_was_taken_away_nor_shows_it(opened: Open) -> None:
    before, after = opened("a9,99,2025-06-01\n"), opened("a1,2,2025-06-01\n")
    (one,), (other,) = (
        [row for row in book.survivorship.rows if row["field"] == "client.name"]
        for book in (before, after)
    )
    assert (one["filled"], one["several"], one["typed"], one["differ"]) == (4, 2, 1, 1)
    assert (other["filled"], other["several"], other["typed"], other["differ"]) == (3, 1, 0, 0)
    assert (one["alone"], other["alone"]) == (2, 2)
    assert sum(other["stack"]) == pytest.approx(3 / 4)
    assert "name" not in str([row["field"] for row in after.survivorship.contested])


def test_who_is_still_held_is_counted_where_it_stands(opened: Open) -> None:
    book = opened("a1,1,2025-06-01\na2,77,2025-06-01\n")
    (finding,) = [
        each for each in book.history.conclude() if each.code == "history.erased_still_held"
    ]
    assert finding.count == 1
    (residue,) = book.history.context.query(erasure_residue_sql(book.model, "client")).to_dicts()
    assert (residue["still"], residue["personal"], residue["requests"]) == (1, 2, 2)
    assert "2 personal values" in finding.sentence
    assert "2 requests" in finding.sentence


def test_a_request_that_may_mean_two_people_fails_until_it_is_said_who(opened: Open) -> None:
    """It names an address that stands in two records; no rule joins them, so it is heeded for
    neither.
    """
    sources = parts({})["03_sources"]
    sources["sources"]["crm.forget"]["fields"]["no"] = "email"
    sources["identifiers"] = {
        "mail": {"in": ["crm.clients", "shop.clients", "crm.forget.no"]},
        "crm_no": {"in": ["crm.clients.no", "crm.log.no"]},
    }
    apart = {
        "03_sources": sources,
        "04b_identity": {
            "identity": {"client": {"rules": [{"name": "same_name", "match": "name"}]}}
        },
    }
    book = opened("a1,bob@x.example,2025-06-01\n", **apart)
    (finding,) = [each for each in book.history.conclude() if each.code.startswith("history.eras")]
    assert (finding.code, finding.severity, finding.count) == ("history.erasure_unclear", "fail", 1)
    assert finding.about == ("client",)
    (residue,) = book.history.context.query(erasure_residue_sql(book.model, "client")).to_dicts()
    assert (residue["requests"], residue["unclear"], residue["reached"]) == (1, 1, 0)
    assert golden(book, "crm.clients:2")["name"] == "SECRETBOB"
    joined = opened("a1,bob@x.example,2025-06-01\n", **{"03_sources": sources})
    assert golden(joined, "crm.clients:2")["name"] is None


def test_of_a_row_of_one_source_only_what_it_held_was_taken_away(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FILES, "crm_clients", FILES["crm_clients"].replace("SECRETANN", ""))
    alone = {
        "04_entities": {"entities": {"client": {"from": "crm.clients"}}},
        "04b_identity": None,
        "05_survivorship": None,
    }
    book = opened("a1,1,2025-06-01\n", **alone)
    explained = ValueExplainer(book.context)
    assert book.context.frame("client").filter(id="1")["mail"].to_list() == [None]
    said, other = (
        "\n".join(explained.sentences(explained.meant(f"client/{who}"))) for who in ("1", "2")
    )
    assert "Mail: removed because erasure was requested on 1 Jun 2025 (crm.forget:a1)." in said
    assert "Name" not in said
    assert "removed" not in other


def test_no_number_that_rests_on_other_fields_moves(opened: Open) -> None:
    before, after = opened("a9,99,2025-06-01\n"), opened("a1,1,2025-06-01\na2,2,2025-06-01\n")
    names = [name for name in before.plan.tables if name.startswith("m__")]
    assert names
    for name in names:
        assert before.context.frame(name).equals(after.context.frame(name)), name


def tables_of(book: Workbook) -> dict[str, str]:
    """Every table of 05 and 06, and the golden records, as one text each."""
    made = [
        table.name
        for table in book.plan.tables.values()
        if table.step in ("05_survivorship", "06_history")
    ]
    assert {
        "client",
        "client__name__choice",
        "client__name__compared",
        "client__name__beliefs",
        "client__mail__choice",
    } <= set(made)
    return {name: str(book.context.frame(name).rows()).lower() for name in made}


SECRETS = {
    1: ("secretann'", "secretanna", "ann@"),
    2: ("secretbob'", "secretbobby", "secretbobo", "bob@"),
    3: ("secretcat'", "secretcaty", "cat@"),
}


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from([1, 2, 3]), min_size=1), RULES, st.booleans())
def test_no_table_of_05_or_06_holds_what_was_erased(
    asks: set[int], rule: dict[str, Any], excepted: bool
) -> None:
    lines = "".join(f"a{number},{number},2025-06-{number:02d}\n" for number in sorted(asks))
    more = "id,at,by,field,record,use_source,use_value,until,because\ne1,2025-06-01,sales,client.name,crm.clients:1,,SECRETANNE,2025-12-31,married\n"
    with TemporaryDirectory() as folder:
        files = {**FILES, ASKED: HEAD + lines, "crm_log": LOG}
        book = Workbook.open(
            write_project(
                Path(folder) / "shop",
                files,
                **({"exceptions": more} if excepted else {}),
                **parts(rule),
            )
        )
        texts = tables_of(book)
        book.close()
    for number, secrets in SECRETS.items():
        held = [
            (name, secret)
            for name, text in texts.items()
            for secret in (*secrets, *(("secretanne",) if number == 1 else ()))
            if secret in text
        ]
        assert (held == []) if number in asks else held, (number, held)


def test_memberships_are_held_and_metrics_that_still_count_are_named(tmp_path: Path) -> None:
    """Ann asked on 1 June and is in two teams, in one since the 5th; the metric counts all four
    clients, so one who asked.
    """
    made = parts({"order": ["crm", "shop"]})
    made["03_sources"]["sources"] |= {
        "crm.teams": {"primary_key": "team", "fields": {"team": "id"}},
        "crm.stays": {
            "primary_key": "stay",
            "valid": ["since", "until"],
            "fields": {"stay": "id", "no": "id", "team": "id", "since": "date", "until": "date"},
        },
    }
    made["03_sources"]["identifiers"]["crm_no"]["in"].append("crm.stays.no")
    made["03_sources"]["identifiers"]["team_no"] = {"in": ["crm.teams.team", "crm.stays.team"]}
    made["04_entities"]["entities"]["team"] = {"from": "crm.teams"}
    made["04_entities"]["relationships"] = {
        "member": {
            "from": "client",
            "to": "team",
            "cardinality": "many to many",
            "through": "crm.stays",
        }
    }
    made["02_grain"] = {"primary": "client", "sentence": "One row is one client."}
    made["07_metrics"] = {
        "semantic_models": {"clients": {"of": "client", "measures": {"clients": {"agg": "count"}}}},
        "metrics": {"clients": {"measure": "clients", "means": "All."}},
    }
    files = {
        **FILES,
        ASKED: HEAD + "a1,1,2025-06-01\n",
        "crm_log": LOG,
        "crm_teams": "team\nt1\nt2\n",
        "crm_stays": (
            "stay,no,team,since,until\n1,1,t1,2025-01-01,\n2,1,t2,2025-06-05,\n3,2,t1,2025-06-05,\n"
        ),
    }
    book = Workbook.open(write_project(tmp_path / "teams", files, **made))
    try:
        (held,) = [
            row
            for row in book.context.query(since_sql(book.model, "client")).to_dicts()
            if row["thing"] == "member"
        ]
        found = {each.code: each for each in book.history.conclude()}
        still = book.context.query("select count(*) as n from m__clients__rows")["n"][0]
    finally:
        book.close()
    assert (held["held"], held["rows"]) == (2, 1)
    assert found["history.erased_since"].count == 1
    assert still == 4
    assert re.findall(r"\d+", found["history.erased_still_held"].effect) == ["1", "1"]


ASKING = {
    "04_entities": {
        "entities": {
            "client": {"from": BOTH, "attributes": {"name": BOTH, "plan": BOTH}},
            "ask": {"row_is": "one request", "from": "crm.forget"},
        },
        "relationships": {
            "asked_by": {
                "from": "ask",
                "to": "client",
                "by": "crm_no",
                "cardinality": "many to one",
                "required": False,
            }
        },
    }
}


def test_a_request_with_one_identifier_that_matches_nobody_proves_no_erasure(opened: Open) -> None:
    """Two of three requests match nobody. With the number alone a warning; with a second
    identifier that other sources hold, a note.
    """
    asks = "a1,1,2025-06-01\na2,77,2025-06-01\na3,78,2025-06-01\n"
    of = {each.code: each for each in opened(asks, **ASKING).history.conclude()}
    alone = of["history.erasure_unlinked"]
    assert (alone.severity, alone.count) == ("look", 2)
    assert re.search(r"2 of 3 requests", of["history.erased_still_held"].sentence)
    sources = parts({})["03_sources"]
    sources["identifiers"]["ask_no"] = {"in": ["crm.forget.ask", "crm.log.row"]}
    (two,) = [
        each
        for each in opened(asks, **ASKING, **{"03_sources": sources}).history.conclude()
        if each.code == "history.erasure_unlinked"
    ]
    assert (two.severity, two.count) == ("note", 2)


def test_a_condition_that_cannot_be_told_is_not_called_untrue(opened: Open) -> None:
    """Ann asked and has no name left, Cat's is the one that is not allowed: of two that fail,
    one cannot be told, for she requested erasure.
    """
    check = {"no_cat": {"on": "client", "must": "name <> 'SECRETCAT'", "severity": "warn"}}
    book = opened("a1,1,2025-06-01\n", **{"08_checks": {"checks": check}})
    (told,) = [each for each in book.checks.verdicts if each.check.name == "no_cat"]
    assert (told.failing, told.unknown, told.erased) == (2, 1, 1)
