"""Attributes of which a record holds several values: one that two records share is enough."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_in import Resolved, asked, records_of, resolve
from test_identity_laws import NAMES, a_decision, many_decisions, same, some

from workbook.identity.match_ledger import MatchDecision
from workbook.identity.cluster_stats import split, split_sql

MAIL = {"name": "mail", "match": "email"}
JOINED = ["rank", "left_record", "right_record", "evidence"]


def by_mail(text: str, **spec: object) -> Resolved:
    return resolve(records_of(text), {"rules": [MAIL], **spec}, lists=("email",))


def test_one_shared_value_is_enough_and_a_list_joins_what_its_values_stand_on() -> None:
    """Record a holds two mailboxes: b has the one, c the other, d neither."""
    made = by_mail("""
        record | email
        a | mia@alder.test; mia@home.test
        b | MIA@alder.test
        c | mia@home.test;mia@work.test
        d | noah@alder.test
    """)
    assert made.groups == [["a", "b", "c"], ["d"]]
    assert made.rows("links", *JOINED) == [
        (1, "a", "b", "email equal, on 2 records"),
        (1, "a", "c", "email equal, on 2 records"),
    ]


def test_two_records_that_share_several_values_are_linked_once_by_the_rarest() -> None:
    """mia@ stands on a, b and c; home@ on a and b only, so that two links are left: a-b by
    home@, a-c by mia@.
    """
    made = by_mail("""
        record | email
        a | mia@alder.test;home@alder.test
        b | home@alder.test;mia@alder.test
        c | mia@alder.test
    """)
    assert made.rows("links", *JOINED) == [
        (1, "a", "b", "email equal, on 2 records"),
        (1, "a", "c", "email equal, on 3 records"),
    ]
    assert made.rows("by_rule", "rule", "links", "joined", "remaining") == [
        ("decision", 0, 0, 1),
        ("mail", 2, 2, 1),
    ]
    assert made.rows("shared", "number", "records", "value", "value_number") == [
        (1, 2, "home@alder.test", 1),
        (1, 3, "mia@alder.test", 2),
        (2, 2, None, 1),
        (2, 3, None, 2),
        (3, 3, None, 2),
    ]


def test_a_value_on_too_many_records_links_nobody_and_the_others_of_its_list_still_do() -> None:
    """info@ stands on four records and the limit is three; a and b share ann@ beside it."""
    made = by_mail(
        """
        record | email
        a | info@firm.test;ann@firm.test
        b | ann@firm.test;info@firm.test
        c | info@firm.test
        d | info@firm.test;dan@firm.test
    """,
        guard={"records_per_value": 3},
    )
    assert made.groups == [["a", "b"], ["c"], ["d"]]
    assert made.rows("guarded", "rule", "value", "records", "links_not_made", "reason") == [
        ("mail", "info@firm.test", 4, 3, "on more than 3 records")
    ]


def test_the_customers_that_a_limit_keeps_apart_are_counted_by_its_values_alone() -> None:
    """Without the limit a, b, c, d would be one: it makes 2 customers more of {a, b}, c, d."""
    by_mail(
        "record | email\na | info@f.test;ann@f.test\nb | ann@f.test;info@f.test\nc | info@f.test\nd"
        " | info@f.test",
        guard={"records_per_value": 3},
    )
    assert split(asked(split_sql("firm", numbered=True))) == 2


def test_words_that_mean_nothing_and_values_that_are_ignored_are_left_out_one_by_one() -> None:
    """unknown and none@ join nobody, nor does the team's desk@; b and c share bob@, d and e
    nothing that counts.
    """
    text = """
        record | email
        a | unknown;none@firm.test
        b | none@firm.test;bob@firm.test
        c | bob@firm.test;n/a
        d | desk@firm.test;dan@firm.test
        e | DESK@firm.test
    """
    made = by_mail(text, guard={"ignore": {"email": ["desk@firm.test"]}})
    assert made.groups == [["a"], ["b", "c"], ["d"], ["e"]]
    assert made.rows("guarded", "value", "reason") == [
        ("desk@firm.test", "ignored by decision"),
        ("none@firm.test", "placeholder"),
    ]
    team = resolve(
        records_of(text),
        {"rules": [MAIL]},
        lists=("email",),
        words={"email": (["bob@firm.test"], [])},
    )
    assert team.groups == [["a"], ["b"], ["c"], ["d", "e"]]


def test_the_domain_of_a_mail_provider_joins_nobody_in_a_list_either() -> None:
    records = records_of(
        "record | domain\na | gmail.com;alder.test\nb | gmail.com;birch.test\nc |"
        " https://www.alder.test/shop\nd | gmail.com"
    )
    made = resolve(records, {"rules": [{"name": "web", "match": "domain"}]}, lists=("domain",))
    assert made.groups == [["a", "c"], ["b"], ["d"]]


def test_a_shared_site_that_the_team_means_is_a_company() -> None:
    records = records_of(
        "record | domain\na | google.com\nb | https://about.google.com\nc | xing.com/x\nd |"
        " xing.com/y"
    )
    rules = {"rules": [{"name": "web", "match": "domain"}]}
    meant = {"domain": ([], ["Google.com"])}
    for lists in ((), ("domain",)):
        assert resolve(records, rules, lists=lists).groups == [["a"], ["b"], ["c"], ["d"]]
        made = resolve(records, rules, lists=lists, words=meant)
        assert made.groups == [["a", "b"], ["c"], ["d"]]


def test_a_rule_of_several_attributes_needs_the_single_one_and_one_of_the_list() -> None:
    """a and b share a mailbox and the name; c shares the mailbox only, d the name only."""
    made = resolve(
        records_of("""
            record | email | last_name
            a | x@firm.test;y@firm.test | Kim
            b | y@firm.test | Kim
            c | y@firm.test;z@firm.test | Roe
            d | w@firm.test | Kim
        """),
        {"rules": [{"name": "both", "match": ["email", "last_name"]}]},
        lists=("email",),
    )
    assert made.groups == [["a", "b"], ["c"], ["d"]]
    assert made.rows("links", "evidence") == [("email and last_name equal, on 2 records",)]


def test_two_lists_in_one_rule_must_share_one_value_each() -> None:
    """a and b share a mailbox and a number; a and c a mailbox and no number."""
    records = records_of(
        "record | email | phone\na | x@f.test;y@f.test | 2125550101;2125550102\nb | y@f.test |"
        " 2125550103;2125550102\nc | x@f.test | 2125550109"
    )
    made = resolve(
        records,
        {"rules": [{"name": "both", "match": ["email", "phone"]}]},
        lists=("email", "phone"),
    )
    assert made.groups == [["a", "b"], ["c"]]
    assert made.rows("shared", "number", "value") == [(1, "y@f.test + +12125550102"), (2, None)]


def test_different_people_behind_one_value_of_a_list() -> None:
    """Behind office@ stand Adams and Jones; behind ann@ Müller and Muller, which are spellings
    of one name.
    """
    made = resolve(
        records_of("""
            record | email | last_name
            a | office@firm.test;a@firm.test | Adams
            b | office@firm.test | Jones
            c | ann@firm.test;office@firm.test | Müller
            d | ann@firm.test | Muller
        """),
        {"rules": [MAIL], "guard": {"distinct_per_value": {"last_name": 1}}},
        lists=("email",),
    )
    assert made.groups == [["a"], ["b"], ["c", "d"]]
    assert made.rows("guarded", "value", "reason") == [
        ("office@firm.test", "more than 1 different last name")
    ]


def test_every_value_of_a_list_counts_behind_a_shared_value() -> None:
    """Of a cookie's records the lists hold three mailboxes, one in two spellings: within three,
    beyond two.
    """
    records = records_of(
        "record | cookie | email\na | k1 | ann@firm.test;bob@other.test\nb | k1 |"
        " zoe@third.test;ANN@firm.test\nc | k2 | kim@firm.test\nd | k2 |"
    )
    for limit, groups in ((3, [["a", "b"], ["c", "d"]]), (2, [["a"], ["b"], ["c", "d"]])):
        spec = {
            "rules": [{"name": "visit", "match": "cookie"}],
            "guard": {"distinct_per_value": {"email": limit}},
        }
        assert resolve(records, spec, lists=("email",)).groups == groups


def test_a_value_that_is_torn_takes_no_other_value_of_its_records_with_it() -> None:
    """office@ joins two tax numbers and is excluded from matching; a and c share ann@, and one
    of them has no tax number.
    """
    made = resolve(
        records_of("""
            record | email | tax
            a | office@firm.test;ann@firm.test | T1
            b | office@firm.test | T2
            c | ann@firm.test;office@firm.test |
        """),
        {"rules": [MAIL], "never_merge": ["tax"]},
        lists=("email",),
    )
    assert made.groups == [["a", "c"], ["b"]]
    assert made.rows("refused", "left_record", "right_record", "reason") == [
        ("a", "b", "records that share the value hold two values of tax")
    ]
    assert made.rows("links", "left_record", "right_record", "evidence") == [
        ("a", "c", "email equal, on 2 records")
    ]


def test_records_whose_lists_hold_nothing_that_is_compared_have_no_key() -> None:
    made = by_mail(
        "record | email\na | unknown;n/a\nb |\nc | unknown;cat@firm.test\nd | cat@firm.test",
        without_keys="leave_out",
    )
    assert made.groups == [["c", "d"]]
    held = made["values"].select("record", "email key", "email why").rows()
    assert held == [
        ("a", None, None),
        ("b", None, None),
        ("c", "cat@firm.test", None),
        ("d", "cat@firm.test", None),
    ]


def test_lists_of_200_000_records_take_seconds() -> None:
    """Three values a record, each on two records: one link a value."""
    count = 200_000
    numbers = pl.int_range(0, count, eager=True)
    cells = pl.select(
        pl.format(
            "u{}@f.test;v{}@f.test;w{}@f.test", numbers // 2, numbers // 2, (numbers + 1) // 2
        )
    ).to_series()
    made = resolve(
        pl.DataFrame({"record": numbers.cast(pl.String).str.zfill(7), "email": cells}),
        {"rules": [MAIL]},
        lists=("email",),
    )
    assert (made["clusters"]["id"].n_unique(), made["links"].height) == (1, count - 1)


SPEC = {
    "rules": [MAIL, {"name": "both", "match": ["last_name", "phone"]}],
    "never_merge": ["tax"],
    "guard": {"records_per_value": 4},
}
COLUMNS = ("email", "phone", "last_name", "tax")
LISTS = ("email", "phone")
few = settings(max_examples=30, deadline=None)


def cells(*values: str) -> st.SearchStrategy[str | None]:
    """No value, one, or several in any order."""
    return st.one_of(st.none(), st.lists(st.sampled_from(values), max_size=3).map(";".join))


@st.composite
def many_records(draw: st.DrawFn) -> pl.DataFrame:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    each = st.tuples(
        cells("a@x.test", "b@x.test", "c@x.test", "A@x.test"),
        cells("2125550101", "2125550102"),
        some("kim", "roe"),
        some("T1", "T2"),
    )
    rows = [dict(zip(COLUMNS, draw(each), strict=True), record=name) for name in names]
    return pl.DataFrame(rows, schema={"record": pl.String, **dict.fromkeys(COLUMNS, pl.String)})


@pytest.mark.long
@few
@given(many_records(), many_decisions(), st.randoms())
def test_neither_the_order_of_rows_nor_that_of_values_matters(
    records: pl.DataFrame, decisions: list[MatchDecision], shuffle: random.Random
) -> None:
    turned = records.sample(fraction=1.0, shuffle=True, seed=shuffle.randrange(2**31))
    back = turned.with_columns(
        pl.col(name).str.split(";").list.reverse().list.join(";") for name in LISTS
    )
    same(
        resolve(records, SPEC, decisions, lists=LISTS), resolve(back, SPEC, decisions, lists=LISTS)
    )


@pytest.mark.long
@few
@given(many_records(), many_decisions())
def test_the_links_are_those_of_taking_every_pair_that_shares_a_value_in_order(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    made = resolve(records, SPEC, decisions, lists=LISTS)
    assert made.groups == oracle(records, made["decisions"])
    links, refused = (
        set(made.rows(word, "rank", "left_record", "right_record")) for word in ("links", "refused")
    )
    assert not links & refused


@pytest.mark.long
@few
@given(many_records(), many_decisions())
def test_lists_of_one_value_are_single_values(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    """Of each list the first value: the same customers as by an attribute that holds one value."""
    single = records.with_columns(
        pl.col(name).str.split(";").list.first().replace("", None) for name in LISTS
    )
    one, other = resolve(single, SPEC, decisions, lists=LISTS), resolve(single, SPEC, decisions)
    assert one.ids == other.ids
    for word in ("links", "refused", "clusters", "by_rule", "values"):
        assert one[word].sort(one[word].columns).equals(other[word].sort(other[word].columns)), word
    kept = other["guarded"].columns
    assert one["guarded"].select(kept).equals(other["guarded"])


def oracle(records: pl.DataFrame, decisions: pl.DataFrame) -> list[list[str]]:
    """What people accepted, then all pairs that share a value, in the order (rule, lower key,
    higher key); one that would break a law is left out.
    """
    rows = {row["record"]: row for row in records.to_dicts()}
    said = {
        word: (
            decisions.filter(pl.col("stands") & (pl.col("verdict") == word))
            .select("left_record", "right_record")
            .rows()
        )
        for word in ("same", "different")
    }
    pairs: list[tuple[int, str, str]] = [(0, *pair) for pair in said["same"]]
    for rank, match in enumerate((("email",), ("last_name", "phone")), start=1):
        values = defaultdict(set)
        for record, row in rows.items():
            held = [
                [each.lower() for each in (row[name] or "").split(";") if each] for name in match
            ]
            for value in itertools.product(*held):
                values[value].add(record)
        for bearers in values.values():
            if len(bearers) <= 4 and len({rows[record]["tax"] for record in bearers} - {None}) < 2:
                pairs += [(rank, *pair) for pair in itertools.combinations(sorted(bearers), 2)]
    groups = [{record} for record in rows]
    for _, left, right in sorted(set(pairs)):
        one, other = (
            next(group for group in groups if record in group) for record in (left, right)
        )
        together = one | other
        clash = len({rows[record]["tax"] for record in together} - {None}) > 1 or any(
            set(pair) <= together for pair in said["different"]
        )
        if one is not other and not clash:
            groups = [group for group in groups if group not in (one, other)] + [together]
    return sorted(sorted(group) for group in groups)


def test_the_oracle_sees_what_it_should() -> None:
    """A pair that a person rejected stays apart, whatever value they share."""
    records = records_of(
        "record | email | phone | last_name | tax\nr0 | a@x.test;b@x.test | | |\nr1 | b@x.test | |"
        " |\nr2 | a@x.test | | |"
    )
    made = resolve(records, SPEC, [a_decision(0, "r0", "r1", "different")], lists=LISTS)
    assert made.groups == oracle(records, made["decisions"]) == [["r0", "r2"], ["r1"]]
