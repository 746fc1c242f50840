"""The identity page: what it counts is what the tables hold, and no personal value leaves it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbook import Workbook
from workbook.dossier.sanitize_html import rebuild
from workbook.identity.ledger import COLUMNS
from workbook.show import theme
from workbook.steps.identity import Identity

FIELDS = {
    "no": "id",
    "email": "email",
    "phone": "phone",
    "last_name": "person_name",
    "tax": "text",
    "nick": "text",
}
SOURCES = {
    "systems": {"shop": {"label": "The shop"}, "desk": {}},
    "sources": {
        name: {"primary_key": "no", "fields": FIELDS} for name in ("shop.buyers", "desk.callers")
    },
    "identifiers": {"email": {"in": ["shop.buyers", "desk.callers"]}},
}
PERSON = {
    "row_is": "one person",
    "from": ["shop.buyers", "desk.callers"],
    "attributes": {
        name: ["shop.buyers", "desk.callers"] for name in ("phone", "last_name", "tax", "nick")
    },
}
RULES = [
    {"name": "same_mail", "match": "email", "confidence": "certain"},
    {"name": "same_call", "match": ["phone", "last_name"]},
]
SHOP = """b1,ann@firm.test,+12125550101,Lee,T1
b2,info@firm.test,,Adams,
b3,info@firm.test,,Jones,
b4,eve@firm.test,,Roe,T3
b5,eve@firm.test,,Roe,T4
b6,,,Solo,
"""
DESK = """c1,Ann@Firm.test,,Lee,
c2,,+12125550101,Lee,
c3,info@firm.test,,,
"""
SECRETS = ("ann@firm.test", "info@firm.test", "eve@firm.test", "+12125550101", "Adams")


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Identity]:
    """The identity step of a small project whose 04b says this; `review` are lines of the
    ledger.
    """

    def build(
        identity: dict[str, Any] | None = None,
        review: str = "",
        desk: str = DESK,
        entities: dict[str, Any] | None = None,
    ) -> Identity:
        for folder in ("model", "data", "decisions"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "workbook.yml").write_text(
            json.dumps(
                {"name": "Test", "as_of": "2025-06-30", "departments": {"sales": "head of sales"}}
            )
        )
        head = ",".join(FIELDS) + "\n"
        (tmp_path / "data" / "shop_buyers.csv").write_text(head + SHOP.replace("\n", ",\n"))
        (tmp_path / "data" / "desk_callers.csv").write_text(head + desk.replace("\n", ",\n"))
        (tmp_path / "decisions" / "matches.csv").write_text(",".join(COLUMNS) + "\n" + review)
        parts = {
            "03_sources": SOURCES,
            "04_entities": {"entities": entities if entities is not None else {"person": PERSON}},
        }
        if identity is not None:
            parts["04b_identity"] = {"owner": "sales", "identity": {"person": identity}}
        for stem, value in parts.items():
            (tmp_path / "model" / f"{stem}.yml").write_text(json.dumps(value))
        return Workbook.open(tmp_path).identity  # type: ignore[return-value]

    return build


HEAD = ",".join(COLUMNS)
DECIDED = {
    "rules": RULES,
    "never_merge": ["tax"],
    "guard": {"distinct_per_value": {"last_name": 1}, "cluster_size": 2},
}


def figures(step: Identity) -> list[Any]:
    return [
        step.joining(),
        step.sizes(),
        step.kept_apart(),
        step.refusals(),
        step.seen_in(),
        step.review(),
    ]


def codes(step: Identity) -> dict[str, int | None]:
    return {each.code: each.count for each in step.conclude()}


def test_the_headline_counts_what_the_tables_hold(opened) -> None:
    head = opened(DECIDED).headline()
    assert head.sentence == "9 person records are 7 people; 1 shared value links nobody."
    assert "50.0\u202f% of the joins rest on rules that the team calls certain" in head.lede
    assert "2 tempting links were not made" in head.lede
    assert "1 link was refused" in head.lede


def test_the_ladder_closes(opened) -> None:
    rows = (
        opened(DECIDED, "m1,2025-01-01,ann,person,shop.buyers:b6,desk.callers:c3,same,,,,,\n")
        .joining()
        .as_dict()["rows"]
    )
    joined, left = [row[3] for row in rows], [row[4] for row in rows]
    assert left[0] + sum(each for each in joined if each) == left[-1] == 6
    assert [row[0] for row in rows] == [
        "Records",
        "same mail",
        "same call",
        "accepted in the review",
        "People",
    ]


def test_figures_tell_groups_values_refusals_and_systems(opened) -> None:
    step = opened(DECIDED)
    assert [row[0:4:2] for row in step.sizes().as_dict()["rows"]] == [["1", 6], ["over 2", 1]]
    (value,) = step.kept_apart().as_dict()["rows"]
    assert value[1:4] == ["same mail", "more than 1 different last name", 3]
    assert step.refusals().as_dict()["rows"][0][:3] == [
        "records that share the value hold two values of tax",
        "same mail",
        "never-merge key",
    ]
    seen = {tuple(row[1:3]): row[3] for row in step.seen_in().as_dict()["rows"]}
    assert seen == {(True, False): 5, (True, True): 1, (False, True): 1}


def test_each_set_of_systems_has_a_name_of_its_own(opened) -> None:
    step = opened(DECIDED)
    assert [row[0] for row in step.seen_in().as_dict()["rows"]] == [
        "The shop only",
        "desk only",
        "all of them",
    ]
    sets = [
        dict(zip("abcde", dots, strict=True))
        for dots in itertools.product((True, False), repeat=5)
        if any(dots)
    ]
    named = [step._seen_by(dots) for dots in sets]
    assert len(set(named)) == len(sets)
    assert {"all of them", "all but e", "a, b and e", "d and e", "c only"} < set(named)


def test_findings_name_what_waits(opened) -> None:
    review = (
        "m1,2025-01-01,ann,person,shop.buyers:b6,desk.callers:gone,same,,,,,\n"
        "m2,2025-01-01,ann,person,shop.buyers:b6\n"
        "m3,2025-01-01,ann,robot,shop.buyers:b6,desk.callers:c3,same,,,,,\n"
    )
    step = opened(DECIDED, review)
    assert codes(step) == {
        "identity.guarded_values": 1,
        "identity.refused_links": 1,
        "identity.no_keys": 1,
        "identity.large_cluster": 1,
        "identity.bad_decision": 1,
    }
    lines = sorted(
        each.sentence.split(":")[0]
        for each in step.conclude()
        if each.code == "identity.bad_decision"
    )
    assert lines == [f"decisions/matches.csv, line {line}" for line in (2, 3, 4)]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (HEAD.replace("verdict", "verdikt"), "line 1: the head lacks verdict"),
        ("\xff", "line 1: the file is not UTF-8"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_fails_and_the_page_stands(
    opened, tmp_path: Path, written: str, why: str
) -> None:
    line = "m1,2025-01-01,ann,person,shop.buyers:b6,desk.callers:c3,same,,,,,\n"
    opened(DECIDED, line)
    (tmp_path / "decisions" / "matches.csv").write_bytes(f"{written}\n{line}".encode("latin-1"))
    step = Workbook.open(tmp_path).identity
    (found,) = [each for each in step.conclude() if each.code == "identity.bad_decision"]
    assert (found.severity, why in found.sentence) == ("fail", True)
    assert found.sentence.endswith("No decision of the file counts until it is mended.")
    assert (step.counts["person"]["customers"], len(step.review().as_dict()["rows"])) == (7, 1)


def test_a_line_that_cannot_be_read_takes_no_other_with_it_and_fails_nothing(opened) -> None:
    step = opened(DECIDED, "m1,2025-01-01,ann\n")
    assert [each.severity for each in step.conclude() if each.code == "identity.bad_decision"] == [
        "look"
    ]


def test_two_people_who_disagree_are_a_finding(opened) -> None:
    pair = "person,shop.buyers:b1,desk.callers:c1"
    step = opened(
        DECIDED, f"m1,2025-01-01,ann,{pair},different,,,,,\nm2,2025-01-02,bob,{pair},same,,,,,\n"
    )
    assert codes(step)["identity.disputed_decision"] == 1
    (told,) = [
        each.sentence for each in step.conclude() if each.code == "identity.disputed_decision"
    ]
    assert (
        told
        == "decisions/matches.csv, lines 2 and 3: people say the opposite about the same pair; the"
        " two records stay apart until they agree."
    )
    assert ("not the same", "disputed; said by somebody whom workbook.yml does not name") in {
        tuple(row[1:3]) for row in step.review().as_dict()["rows"]
    }


def test_decisions_in_force_by_somebody_unknown_are_a_finding_that_names_nobody(opened) -> None:
    pairs = [
        f"person,shop.buyers:{left},desk.callers:{right}"
        for left, right in (("b6", "c3"), ("b4", "c2"), ("b1", "c2"))
    ]
    lines = (
        f"m1,2025-01-01,Eve Stranger <eve@elsewhere.test>,{pairs[0]},different,,,,,",
        f"m2,2025-01-01,head of salse,{pairs[1]},different,,,,,",
        f"m3,2025-01-01,Head of Sales,{pairs[2]},different,,,,,",
        f"m4,2025-01-01,eve,{pairs[2]},different,,,,,",
        "m5,2025-01-01,eve,person,shop.buyers:b1,shop.buyers:b6,same,,,,,",
        "m6,2025-01-02,sales,person,,,undo,,,,m5,",
    )
    found = [
        each
        for each in opened(DECIDED, "\n".join(lines) + "\n").conclude()
        if each.code == "identity.unknown_reviewer"
    ]
    assert [each.sentence for each in found] == [
        "decisions/matches.csv, lines 2, 3 (did you mean 'head of sales'?): 2 decisions by somebody"
        " whom workbook.yml does not name count. Name the reviewer there under departments, have"
        " somebody who is named decide them too, or take them back: workbook match undo"
        " ID --by NAME."
    ]
    assert (found[0].severity, found[0].count, found[0].owner) == ("look", 2, "sales")


def test_where_no_functions_are_named_nobody_is_a_stranger(opened, tmp_path: Path) -> None:
    opened(DECIDED, "m1,2025-01-01,ann,person,shop.buyers:b6,desk.callers:c3,different,,,,,\n")
    (tmp_path / "workbook.yml").write_text(json.dumps({"name": "Test", "as_of": "2025-06-30"}))
    (tmp_path / "model" / "04b_identity.yml").write_text(
        json.dumps({"identity": {"person": DECIDED}})
    )
    assert "identity.unknown_reviewer" not in codes(Workbook.open(tmp_path).identity)


def test_systems_that_nothing_links_are_a_finding(opened) -> None:
    found = [
        each
        for each in opened(DECIDED, desk="c1,,,,\nc2,,,,\n").conclude()
        if each.code == "identity.unlinked_system"
    ]
    assert [(each.about, each.count) for each in found] == [
        (("person", "desk"), 2),
        (("person", "shop"), 6),
    ]


def test_a_rule_on_an_empty_column_is_a_finding(opened) -> None:
    found = [
        each
        for each in opened(
            {**DECIDED, "rules": [{"name": "same_nick", "match": "nick"}, *RULES]}
        ).conclude()
        if each.code == "identity.empty_rule"
    ]
    assert [each.sentence for each in found] == [
        "person: the rule same_nick can link nothing, because no record holds nick."
    ]


def test_a_rule_whose_values_are_all_guarded_is_a_finding(opened) -> None:
    step = opened(
        {
            **DECIDED,
            "rules": [{"name": "same_mail", "match": "email"}],
            "guard": {"ignore": {"email": ["ann@firm.test", "eve@firm.test", "info@firm.test"]}},
        }
    )
    (found,) = [each for each in step.conclude() if each.code == "identity.empty_rule"]
    assert (found.sentence, found.about) == (
        (
            "person: the rule same_mail links nothing, because all 3 values that records share"
            " under it are guarded."
        ),
        ("person", "person.email"),
    )
    assert step.headline().sentence == "9 person records are 9 people; 3 shared values link nobody."


def test_a_rule_that_links_something_beside_guarded_values_is_none(opened) -> None:
    assert "identity.empty_rule" not in codes(opened(DECIDED))


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("b1,ann@firm.test,,Lee,T1\n", "1 person record is 1 person."),
        ("", "0 person records are 0 people."),
    ],
)
def test_one_record_and_none_are_a_page_like_any_other(
    opened, monkeypatch: pytest.MonkeyPatch, shop: str, said: str
) -> None:
    monkeypatch.setitem(globals(), "SHOP", shop)
    step = opened(DECIDED, desk="")
    assert step.headline().sentence == said
    assert all(figure.html() for figure in figures(step))
    assert "identity.unlinked_system" not in codes(step), (
        "where only one system holds a record, none is unlinked"
    )
    assert ("There is no record to resolve yet." in step.headline().lede) == (not shop)


def test_figures_without_rows_say_why(opened) -> None:
    step = opened({"rules": RULES})
    assert "no value stands on more records" in step.kept_apart().html()
    assert "no key is decided of which a customer may have only one value" in step.refusals().html()
    assert (
        "decisions/matches.csv holds no decision yet. Nobody labelled person"
        in step.review().html()
    )


def test_where_nothing_is_suggested_one_sentence_says_so(opened) -> None:
    step = opened(DECIDED)
    assert "the decisions do not say what suggestions compare" in step.suggestions().html()
    assert (step.waiting(), step.why()) == (None, None)


def test_ids_that_were_published_and_moved_are_counted(opened, tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    registry = {"shop.buyers:b1": "one", "desk.callers:c1": "two", "shop.buyers:gone": "old"}
    pl.DataFrame({"record": list(registry), "id": list(registry.values())}).write_parquet(
        tmp_path / "registry" / "person.parquet"
    )
    rows = {row[1]: row[3] for row in opened(DECIDED).review().as_dict()["rows"]}
    assert {name: rows.get(name) for name in ("merged", "gone", "split")} == {
        "merged": 1,
        "gone": 1,
        "split": None,
    }


def test_a_line_that_undoes_one_of_another_entity_takes_nothing_back(opened) -> None:
    pair = "person,shop.buyers:b6,desk.callers:c2"
    step = opened(
        DECIDED, f"m1,2025-01-01,ann,{pair},same,,,,,\nm2,2025-01-02,ann,persn,,,undo,,,,m1,\n"
    )
    (found,) = [each for each in step.conclude() if each.code == "identity.bad_decision"]
    assert (
        found.sentence
        == "decisions/matches.csv, line 3: it undoes line 2, which is about another entity. It"
        " decides nothing until it is mended."
    )
    assert step.counts["person"]["customers"] == 6


def test_an_entity_that_is_misspelt_has_a_hint(opened) -> None:
    step = opened(DECIDED, "m1,2025-01-01,ann,persn,shop.buyers:b6,desk.callers:c2,same,,,,,\n")
    (found,) = [each for each in step.conclude() if each.code == "identity.bad_decision"]
    assert (
        "line 2: it names no entity whose records are resolved (did you mean 'person'?)"
        in found.sentence
    )


def test_without_rules_the_page_is_open_and_says_what_the_data_suggests(opened) -> None:
    step = opened()
    head = step.headline()
    assert head.state == "open"
    assert "email stands in 2 of them" in head.lede
    assert codes(step) == {"identity.open": 9}
    assert [row[4] for row in step.joining().as_dict()["rows"]] == [9, 9]
    assert all(figure.html() for figure in figures(step))


def test_an_entity_of_one_source_needs_nothing(opened) -> None:
    step = opened(entities={"buyer": {"row_is": "one buyer", "from": "shop.buyers"}})
    assert step.headline().sentence.startswith("Nothing has to be resolved")
    assert step.conclude() == []
    assert all(figure.html() for figure in figures(step))


def test_no_personal_value_leaves_the_page(opened) -> None:
    step = opened(DECIDED)
    for each in (step.headline(), *figures(step), step.findings()):
        bundle = json.dumps(each._repr_mimebundle_(), ensure_ascii=False).lower()
        assert not [secret for secret in SECRETS if secret.lower() in bundle]
        rebuild(each._repr_mimebundle_()["text/html"], style=theme.css())
