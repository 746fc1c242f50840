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
from workbook.identity import NEVER_MERGE, MatchReason, cluster_stats, match_reason
from workbook.identity.match_ledger import COLUMNS
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
    step = opened(DECIDED)
    head = step.headline()
    assert "9 person records to 7 people" in head.sentence
    assert "1 shared email value " in head.sentence
    assert "1 of 2 merges (50.0\u202f%)" in head.lede
    assert "2 possible matches " in head.lede
    assert "blocked 1 match of people" in head.lede
    assert {row["rule"]: row["joined"] for row in step.by_rule["person"]} == {
        "same_mail": 1,
        "same_call": 1,
        "decision": 0,
    }


def test_every_record_and_every_customer_is_drawn_once(opened) -> None:
    """Two merges make three records one person; the other six records are one person each."""
    step = opened(DECIDED)
    rows = step.results.rows(cluster_stats.streams_sql("person"))
    assert sum(row["records"] for row in rows) == 9
    assert round(sum(row["customers"] for row in rows), 9) == 7
    matched = [row for row in rows if row["matched"]]
    assert sum(row["records"] for row in matched) == 3
    assert round(sum(row["customers"] for row in matched), 9) == 1
    assert {row["rule"] for row in matched} == {"same_mail", "same_call"}
    drawn = step.joining().html()
    assert drawn.count('class="wb-ribbon') == 2 * (len(rows) + 3)  # and each outcome to customers
    assert drawn.count("wb-t-red") == 2  # the blocked match, at both widths
    assert step.joining().gt is not None


def test_the_ladder_closes(opened) -> None:
    rows = (
        opened(DECIDED, "m1,2025-01-01,ann,person,shop.buyers:b6,desk.callers:c3,same,,,,,\n")
        .joining()
        .as_dict()["rows"]
    )
    joined, left = [row[3] for row in rows], [row[4] for row in rows]
    assert left[0] + sum(each for each in joined if each) == left[-1] == 6
    assert [row[0] for row in rows] == [
        "Source records",
        "Same mail",
        "Same call",
        "Review: pairs accepted",
        "People",
    ]


def test_figures_tell_groups_values_refusals_and_systems(opened) -> None:
    step = opened(DECIDED)
    assert [row[0:4:2] for row in step.sizes().as_dict()["rows"]] == [["1", 6], ["over 2", 1]]
    (value,) = step.kept_apart().as_dict()["rows"]
    assert value[1:4] == ["Same mail", "More than 1 different last name", 3]
    (blocked,) = step.refused["person"]
    assert (blocked["stopped_by"], blocked["rule"]) == (NEVER_MERGE, "same_mail")
    assert match_reason(blocked["reason"]) == MatchReason("value_of_two", {"attribute": "tax"})
    reason, rule, *_ = step.refusals().as_dict()["rows"][0]
    assert (("email" in reason, "tax" in reason), rule) == ((True, True), "Same mail")
    seen = {tuple(row[1:3]): row[3] for row in step.seen_in().as_dict()["rows"]}
    assert seen == {(True, False): 5, (True, True): 1, (False, True): 1}


def test_each_set_of_systems_has_a_name_of_its_own(opened) -> None:
    step = opened(DECIDED)
    assert [row[0] for row in step.seen_in().as_dict()["rows"]] == [
        "The shop only",
        "desk only",
        "Both systems",
    ]
    sets = [
        dict(zip("abcde", dots, strict=True))
        for dots in itertools.product((True, False), repeat=5)
        if any(dots)
    ]
    named = [step._groups.named_set(dots) for dots in sets]
    assert len(set(named)) == len(sets)
    assert {"All 5 systems", "All except e", "a, b and e", "d and e", "c only"} < set(named)


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
    advice = sorted(
        each.advice[each.advice.index("decisions/matches.csv") :]
        for each in step.conclude()
        if each.code == "identity.bad_decision"
    )
    assert len(advice) == 3
    for line, text in zip((2, 3, 4), advice, strict=True):
        assert text.startswith(f"decisions/matches.csv, line {line}")


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
    assert (found.severity, why in found.advice) == ("fail", True)
    assert "no decision has effect" in found.sentence
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
    (told,) = [each for each in step.conclude() if each.code == "identity.disputed_decision"]
    assert "one pair of person records" in told.sentence
    assert "decisions/matches.csv, lines 2 and 3" in told.advice
    rows = step.review().as_dict()["rows"]
    assert [row[1] for row in rows] == ["Confirmed as two people", "Confirmed as one person"]
    for row in rows:
        assert row[2].startswith("Disputed") and "not named in the project" in row[2]
        assert "ann" not in row[2] and "bob" not in row[2]


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
    assert len(found) == 1
    assert "2 review decisions" in found[0].sentence
    assert "decisions/matches.csv, lines 2, 3 (did you mean 'head of sales'?)." in found[0].advice
    assert "workbook match undo ID" in found[0].advice
    assert not [name for name in ("Stranger", "salse") if name in str(found[0].as_dict())]
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
    assert [each.about for each in found] == [("person", "person.nick")]
    assert "“same nick” matches nothing, because no record has a value of nick" in (
        found[0].sentence
    )


def test_a_rule_whose_values_are_all_guarded_is_a_finding(opened) -> None:
    step = opened(
        {
            **DECIDED,
            "rules": [{"name": "same_mail", "match": "email"}],
            "guard": {"ignore": {"email": ["ann@firm.test", "eve@firm.test", "info@firm.test"]}},
        }
    )
    (found,) = [each for each in step.conclude() if each.code == "identity.empty_rule"]
    assert found.about == ("person", "person.email")
    assert "“same mail” matches nothing, because all 3 shared values are excluded" in found.sentence
    assert "9 person records unmerged. 3 shared email values" in step.headline().sentence
    assert step.counts["person"] == {"records": 9, "customers": 9, "largest": 1}


def test_a_rule_that_links_something_beside_guarded_values_is_none(opened) -> None:
    assert "identity.empty_rule" not in codes(opened(DECIDED))


@pytest.mark.parametrize(
    ("shop", "count", "said"),
    [
        ("b1,ann@firm.test,,Lee,T1\n", 1, "1 person record unmerged"),
        ("", 0, "There are no records to match yet."),
    ],
)
def test_one_record_and_none_are_a_page_like_any_other(
    opened, monkeypatch: pytest.MonkeyPatch, shop: str, count: int, said: str
) -> None:
    monkeypatch.setitem(globals(), "SHOP", shop)
    step = opened(DECIDED, desk="")
    assert said in step.headline().sentence
    assert (step.counts["person"]["records"], step.counts["person"]["customers"]) == (count, count)
    assert all(figure.html() for figure in figures(step))
    assert "identity.unlinked_system" not in codes(step), (
        "where only one system holds a record, none is unlinked"
    )


def test_figures_without_rows_say_why(opened) -> None:
    step = opened({"rules": RULES})
    assert "no shared value exceeds the limits" in step.kept_apart().html()
    assert "no never-merge key is decided" in step.refusals().html()
    assert "no review decision is recorded yet, and no person records are" in step.review().html()
    assert (
        "two values of tax"
        in opened({"rules": RULES[1:], "never_merge": ["tax"]}).refusals().html()
    )


def test_where_nothing_is_suggested_one_sentence_says_so(opened) -> None:
    step = opened(DECIDED)
    assert (
        "nobody has decided yet which attributes suggestions compare" in step.suggestions().html()
    )
    assert (step.waiting(), step.why()) == (None, None)


def test_ids_that_were_published_and_moved_are_counted(opened, tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    registry = {"shop.buyers:b1": "one", "desk.callers:c1": "two", "shop.buyers:gone": "old"}
    pl.DataFrame({"record": list(registry), "id": list(registry.values())}).write_parquet(
        tmp_path / "registry" / "person.parquet"
    )
    rows = {row[1]: row[3] for row in opened(DECIDED).review().as_dict()["rows"]}
    assert {name: rows.get(name) for name in ("Merged IDs", "Retired IDs", "Split IDs")} == {
        "Merged IDs": 1,
        "Retired IDs": 1,
        "Split IDs": None,
    }


def test_a_line_that_undoes_one_of_another_entity_takes_nothing_back(opened) -> None:
    pair = "person,shop.buyers:b6,desk.callers:c2"
    step = opened(
        DECIDED, f"m1,2025-01-01,ann,{pair},same,,,,,\nm2,2025-01-02,ann,persn,,,undo,,,,m1,\n"
    )
    (found,) = [each for each in step.conclude() if each.code == "identity.bad_decision"]
    assert (
        "decisions/matches.csv, line 3: it undoes line 2, which is about another entity."
        in found.advice
    )
    assert step.counts["person"]["customers"] == 6


def test_an_entity_that_is_misspelt_has_a_hint(opened) -> None:
    step = opened(DECIDED, "m1,2025-01-01,ann,persn,shop.buyers:b6,desk.callers:c2,same,,,,,\n")
    (found,) = [each for each in step.conclude() if each.code == "identity.bad_decision"]
    assert (
        "line 2: it names no entity whose records are resolved (did you mean 'person'?)"
        in found.advice
    )


def test_without_rules_the_page_is_open_and_says_what_the_data_suggests(opened) -> None:
    step = opened()
    head = step.headline()
    assert head.state == "open"
    assert "email (in 2 systems)" in head.lede
    assert codes(step) == {"identity.open": 9}
    assert [row[4] for row in step.joining().as_dict()["rows"]] == [9, 9]
    assert all(figure.html() for figure in figures(step))


def test_an_entity_of_one_source_needs_nothing(opened) -> None:
    step = opened(entities={"buyer": {"row_is": "one buyer", "from": "shop.buyers"}})
    head = step.headline()
    assert (head.state, head.owner, "one source" in head.sentence) == ("decided", "", True)
    assert step.conclude() == []
    assert all(figure.html() for figure in figures(step))


def test_no_personal_value_leaves_the_page(opened) -> None:
    step = opened(DECIDED)
    for each in (step.headline(), *figures(step), step.findings()):
        bundle = json.dumps(each._repr_mimebundle_(), ensure_ascii=False).lower()
        assert not [secret for secret in SECRETS if secret.lower() in bundle]
        rebuild(each._repr_mimebundle_()["text/html"], style=theme.css())
