"""Accepted, held back, waiting: what single words, patterns and bands make of suggestions."""

from __future__ import annotations

import polars as pl
import pytest
from rows_in import records_of
from suggested import WEIGHTS, pairs_of, resolve, waiting, word

RECORDS = records_of("""record | name | domain | tax | email
    a | Acme | acme.test | T1 | x@f.test
    b | Acme Inc | acme.test | | x@f.test
    c | Acma | acme.test | |
    d | Ucme | acme.test | |
    e | Emu | emu.test | T1 |
    f | Emus | emu.test | |
    g | Gnu | gnu.test | T2 |
    h | Gnus | gnu.test | T3 |""")
SPEC = {"rules": [{"name": "mail", "match": "email"}], "never_merge": ["tax"]}
SUGGESTED = pairs_of(
    """a c likely name: close
    b d likely name: close
    e f likely name: same
    g h possible name: close
    d f possible name: differs""",
    RECORDS,
)
ALL = ["a,c", "b,d", "d,f", "e,f", "g,h"]


def made(*words, suggestions=SUGGESTED, records=RECORDS, **more):
    return resolve(records, SPEC, suggestions, words, **more)


def accepted(result) -> list[tuple]:
    return result.rows("accepted", "left_record", "right_record", "rule", "rank", "by")


def test_a_suggestion_alone_changes_no_cluster() -> None:
    assert (
        made().groups
        == made(suggestions=SUGGESTED.clear()).groups
        == [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]]
    )
    assert waiting(made()) == ALL


def test_a_pair_that_was_decided_waits_no_more_and_a_pair_of_one_customer_neither() -> None:
    result = made(word(0, "a,c"), word(1, "e,f", "different"))
    assert accepted(result) == [("a", "c", "decision", 4, "ann")]
    assert waiting(result) == ["b,d", "d,f", "g,h"]
    again = pairs_of("a b likely name: same\na c likely name: close", RECORDS)
    assert waiting(made(suggestions=again)) == ["a,c"]


def test_a_pattern_is_accepted_as_a_named_rule_with_its_version() -> None:
    result = made(word(0, "pattern: name: close"))
    assert accepted(result) == [
        ("a", "c", "pattern name: close", 2, "ann"),
        ("b", "d", "pattern name: close", 2, "ann"),
        ("g", "h", "pattern name: close", 2, "ann"),
    ]
    assert (
        len(set(result["accepted"]["version"])) == 1 and len(result["accepted"]["version"][0]) == 8
    )
    assert (
        result["accepted"]["evidence"][0]
        == "sign-off m0: no error in a sample of 2, at most 0.777 of 2 wrong"
    )
    assert result.groups == [["a", "b", "c", "d"], ["e"], ["f"], ["g"], ["h"]]
    assert result.rows("refused", "left_record", "right_record", "rule", "stopped_by") == [
        ("g", "h", "pattern name: close", "never-merge key")
    ]
    assert waiting(result) == ["d,f", "e,f"]
    assert (
        dict(result["clusters"].select("record", "rule").iter_rows())["d"] == "pattern name: close"
    )
    other = made(word(0, "pattern: name: close", weights="ffff"), weights="ffff")
    assert other["accepted"]["version"][0] != result["accepted"]["version"][0]


def test_a_band_takes_what_neither_a_word_nor_a_pattern_decides() -> None:
    result = made(
        word(0, "band: likely"),
        word(1, "pattern: name: same", "different"),
        word(2, "b,d", "different"),
    )
    assert accepted(result) == [("a", "c", "band likely", 3, "ann")]
    assert waiting(result) == ["d,f", "g,h"]


def test_a_pattern_of_one_band_leaves_the_other_band() -> None:
    signed = word(0, "pattern: name: close")
    assert accepted(made(type(signed)(**{**vars(signed), "band": "likely"}))) == [
        ("a", "c", "pattern name: close", 2, "ann"),
        ("b", "d", "pattern name: close", 2, "ann"),
    ]


def test_one_pair_is_accepted_once_and_the_single_word_goes_first() -> None:
    signed = word(1, "pattern: name: close")
    narrower = type(signed)(**{**vars(signed), "id": "m9", "band": "likely"})
    result = made(word(0, "a,c"), signed, narrower, word(2, "band: likely"))
    assert [row[:3] for row in accepted(result)] == [
        ("a", "c", "decision"),
        ("b", "d", "pattern name: close"),
        ("e", "f", "band likely"),
        ("g", "h", "pattern name: close"),
    ]


@pytest.mark.parametrize("sign_off", ["pattern: name: close", "band: likely"])
def test_a_pair_told_apart_is_never_joined_by_a_sign_off(sign_off: str) -> None:
    result = made(word(0, "b,d", "different"), word(1, sign_off))
    assert result.ids["b"] != result.ids["d"]
    # nor through another pair of the same two groups
    result = made(word(0, "a,d", "different"), word(1, sign_off))
    assert result.ids["a"] != result.ids["d"]
    assert ("b", "d") in result.rows("refused", "left_record", "right_record")


def test_a_decision_about_other_values_waits_again_and_no_sign_off_takes_it() -> None:
    seen = dict(zip(SUGGESTED["left_record"], SUGGESTED["evidence"], strict=True))["a"]
    stands = made(word(0, "a,c", evidence=seen))
    assert stands["decisions"]["state"].to_list() == ["stands"]
    edited = RECORDS.with_columns(
        name=pl.when(pl.col("record") == "c").then(pl.lit("Zebra")).otherwise("name")
    )
    result = made(word(0, "a,c", evidence=seen), word(1, "pattern: name: close"), records=edited)
    assert result.rows("decisions", "id", "state", "stands") == [
        ("m0", "changed", False),
        ("m1", "stands", True),
    ]
    assert "a,c" in waiting(result) and result.ids["a"] != result.ids["c"]
    # a line from before digests were written
    unread = made(word(0, "a,c", evidence="5f0c2e"), records=edited)
    assert unread["decisions"]["state"].to_list() == ["stands"]


def test_case_and_blanks_are_no_change() -> None:
    seen = SUGGESTED.filter(pl.col("left_record") == "a")["evidence"][0]
    edited = RECORDS.with_columns(
        name=pl.when(pl.col("record") == "c").then(pl.lit(" ACMA ")).otherwise("name"),
        tax=pl.lit(None, pl.String),
    )
    assert made(word(0, "a,c", evidence=seen), records=edited)["decisions"]["state"].to_list() == [
        "stands"
    ]


def test_a_sign_off_under_other_weights_decides_nothing_and_waits() -> None:
    result = made(
        word(0, "pattern: name: close", weights="old"), word(1, "band: likely", weights="old")
    )
    assert set(result["decisions"]["state"]) == {"other weights"}
    assert (accepted(result), waiting(result)) == ([], ALL)


def test_a_disputed_sign_off_joins_nothing_and_waits() -> None:
    result = made(
        word(0, "pattern: name: close"),
        word(1, "pattern: name: close", "different", by="bob"),
        word(2, "band: likely"),
    )
    assert accepted(result) == [("e", "f", "band likely", 3, "ann")]
    assert waiting(result) == ["a,c", "b,d", "d,f", "g,h"]
    result = made(word(0, "a,c"), word(1, "a,c", "different", by="bob"), word(2, "band: likely"))
    assert "a,c" in waiting(result) and result.ids["a"] != result.ids["c"]


def test_a_later_word_and_an_undo_hold_for_sign_offs_too() -> None:
    result = made(word(0, "band: likely"), word(1, "band: likely", "different"))
    assert (accepted(result), waiting(result)) == ([], ["d,f", "g,h"])
    result = made(word(0, "band: likely"), word(1, "", undoes="m0"))
    assert (accepted(result), waiting(result)) == ([], ALL)


def test_without_suggestions_decisions_are_accepted_all_the_same() -> None:
    result = made(
        word(0, "a,c"),
        word(1, "pattern: name: close"),
        suggestions=SUGGESTED.clear(),
        weights=WEIGHTS,
    )
    assert accepted(result) == [("a", "c", "decision", 4, "ann")]


def test_what_each_kind_of_word_joined_is_counted() -> None:
    result = made(word(0, "e,f"), word(1, "pattern: name: close"), word(2, "band: possible"))
    assert result["by_rule"].sort("rank").select("rule", "rank", "links", "joined").rows() == [
        ("mail", 1, 1, 1),
        ("pattern", 2, 2, 2),
        ("band", 3, 1, 1),
        ("decision", 4, 1, 1),
    ]
    assert made()["by_rule"]["rule"].to_list() == ["mail", "decision"]
