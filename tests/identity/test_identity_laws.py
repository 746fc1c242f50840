"""Laws: order never matters, clusters partition the records, what is apart stays apart, undo is
exact, and the oracle agrees.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import defaultdict

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_in import ENTITY, Resolved, resolve

from workbook.identity.match_ledger import MatchDecision

pytestmark = pytest.mark.long

COLUMNS = ("email", "domain", "last_name", "tax")
RULES = [
    {"name": "mail", "match": "email"},
    {"name": "web_and_name", "match": ["domain", "last_name"]},
]
SPEC = {"rules": RULES, "never_merge": ["tax"], "guard": {"records_per_value": 6}}
NAMES = [f"r{n}" for n in range(9)]
few = settings(max_examples=30, deadline=None)


def some(*values: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(values))


@st.composite
def many_records(draw: st.DrawFn, taxes: tuple[str, ...] = ("T1", "T2", "T3")) -> pl.DataFrame:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    cells = st.tuples(
        some("a@x.test", "b@x.test"),
        some("x.test", "y.test"),
        some("kim", "roe"),
        some(*taxes) if taxes else st.none(),
    )
    rows = [dict(zip(COLUMNS, draw(cells), strict=True), record=name) for name in names]
    return pl.DataFrame(rows, schema={"record": pl.String, **dict.fromkeys(COLUMNS, pl.String)})


@st.composite
def many_decisions(
    draw: st.DrawFn, verdicts: tuple[str, ...] = ("same", "different", "unsure"), most: int = 4
) -> list[MatchDecision]:
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=most))
    return [
        a_decision(n, *sorted(pair), draw(st.sampled_from(verdicts)))
        for n, pair in enumerate(pairs)
        if pair[0] != pair[1]
    ]


def a_decision(
    number: int, left: str, right: str, verdict: str, undoes: str = "", by: str = "ann"
) -> MatchDecision:
    at = dt.datetime(2025, 1, 1, number % 24)
    return MatchDecision(number + 2, f"m{number}", at, by, ENTITY, left, right, verdict, undoes)


def same(one: Resolved, other: Resolved) -> None:
    assert one.ids == other.ids
    for word in ("links", "refused", "guarded", "clusters", "by_rule"):
        assert one[word].sort(one[word].columns).equals(other[word].sort(other[word].columns)), word


@few
@given(many_records(), many_decisions(), st.randoms())
def test_the_order_of_rows_and_of_decisions_never_matters(
    records: pl.DataFrame, decisions: list[MatchDecision], shuffle: random.Random
) -> None:
    turned = records.sample(fraction=1.0, shuffle=True, seed=shuffle.randrange(2**31))
    mixed = shuffle.sample(decisions, len(decisions))
    same(resolve(records, SPEC, decisions), resolve(turned, SPEC, mixed))


@few
@given(many_records(), many_decisions())
def test_clusters_partition_the_records_and_follow_from_the_links(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    made = resolve(records, SPEC, decisions)
    assert sorted(made["clusters"]["record"]) == sorted(records["record"])
    ids = made.ids
    assert all(
        ids[left] == ids[right]
        for left, right in made["links"].select("left_record", "right_record").iter_rows()
    )
    assert len(set(ids.values())) == len(
        groups_of(records["record"], made["links"].select("left_record", "right_record").rows())
    )


@few
@given(many_records(), many_decisions())
def test_every_proposed_link_holds_or_is_refused(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    made = resolve(records, SPEC, decisions)
    place = ("rank", "left_record", "right_record")
    links, refused = set(made.rows("links", *place)), set(made.rows("refused", *place))
    assert not links & refused
    names = dict(made["values"].select("number", "record").iter_rows())
    proposed = {
        (rank, names[left], names[right])
        for rank, left, right in made.rows("proposed", "rank", "left_number", "right_number")
    }
    assert proposed <= links | refused


@few
@given(many_records(), many_decisions())
def test_what_is_apart_stays_apart(records: pl.DataFrame, decisions: list[MatchDecision]) -> None:
    made = resolve(records, SPEC, decisions)
    held = (
        made["values"]
        .filter(pl.col("tax why").is_null() & pl.col("tax key").is_not_null())
        .join(made["clusters"], on="record")
    )
    assert (
        held.group_by("id").agg(pl.col("tax key").n_unique())["tax key"].to_list()
        == [1] * held["id"].n_unique()
    )
    ids = made.ids
    for left, right in (
        made["decisions"]
        .filter(pl.col("stands") & (pl.col("verdict") == "different"))
        .select("left_record", "right_record")
        .iter_rows()
    ):
        assert ids[left] != ids[right]


@few
@given(
    many_records(),
    many_decisions(),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(["same", "different"]),
)
def test_a_decision_and_its_undo_leave_no_trace(
    records: pl.DataFrame, before: list[MatchDecision], left: str, right: str, verdict: str
) -> None:
    if left == right:
        return
    decided = [*before, a_decision(20, *sorted((left, right)), verdict, by="bob")]
    undone = [*decided, a_decision(21, "", "", "undo", undoes="m20", by="cat")]
    same(resolve(records, SPEC, before), resolve(records, SPEC, undone))


@few
@given(many_records(taxes=()), many_decisions(verdicts=("same", "unsure")))
def test_an_accepted_pair_takes_nothing_apart(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    """Where nothing holds records apart, what people accept only ever joins."""
    before, after = (resolve(records, SPEC, made).groups for made in ([], decisions))
    assert pairs_of(before) <= pairs_of(after)


@few
@given(many_records(), many_decisions())
def test_an_accepted_pair_is_refused_only_for_what_people_and_laws_hold_apart(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    """People go before rules: a pair that they accepted is refused because of a pair that they
    rejected or a never-merge key, also where only their own pairs and no rule are left."""
    made = resolve(records, SPEC, decisions)
    alone = resolve(records, {**SPEC, "rules": []}, decisions)
    said = made["decisions"].filter(pl.col("stands") & (pl.col("verdict") == "same"))
    accepted = set(said.select("left_record", "right_record").iter_rows())
    assert accepted & pairs_of(made.groups) == accepted & pairs_of(alone.groups)


@few
@given(many_records(), many_decisions())
def test_a_source_that_shares_nothing_changes_nothing(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    strangers = pl.DataFrame(
        [
            {
                "record": f"z{n}",
                "email": f"z{n}@z.test",
                "domain": f"z{n}.test",
                "last_name": "kim",
                "tax": f"Z{n}",
            }
            for n in range(3)
        ]
    )
    one, other = (
        resolve(records, SPEC, decisions),
        resolve(pl.concat([records, strangers.select(records.columns)]), SPEC, decisions),
    )
    assert one.ids == {
        record: found for record, found in other.ids.items() if not record.startswith("z")
    }
    assert one.rows("links", *one["links"].columns) == other.rows("links", *one["links"].columns)


@few
@given(many_records(), many_decisions())
def test_the_links_are_those_of_taking_every_pair_in_order(
    records: pl.DataFrame, decisions: list[MatchDecision]
) -> None:
    """The oracle: pairs that people accepted, then all pairs of a value, in the order (rank,
    lower key, higher key), one that would break a law left out.
    """
    made = resolve(records, SPEC, decisions)
    assert made.groups == oracle(records, made["decisions"])


@few
@given(
    st.sets(st.sampled_from(list(itertools.combinations(NAMES[:5], 2))), min_size=2),
    st.lists(some("x.test"), min_size=5, max_size=5),
)
def test_the_oracle_agrees_where_many_pairs_of_one_value_are_rejected(
    pairs: set[tuple[str, str]], domains: list[str | None]
) -> None:
    records = pl.DataFrame(
        {
            "record": NAMES[:5],
            "email": ["a@x.test"] * 5,
            "domain": domains,
            "last_name": ["kim"] * 5,
            "tax": [None] * 5,
        },
        schema_overrides={"tax": pl.String, "domain": pl.String},
    )
    made = resolve(
        records, SPEC, [a_decision(n, *pair, "different") for n, pair in enumerate(sorted(pairs))]
    )
    assert made.groups == oracle(records, made["decisions"])


def pairs_of(groups: list[list[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


def oracle(records: pl.DataFrame, decisions: pl.DataFrame) -> list[list[str]]:
    rows = {row["record"]: row for row in records.to_dicts()}
    apart = (
        decisions.filter(pl.col("stands") & (pl.col("verdict") == "different"))
        .select("left_record", "right_record")
        .rows()
    )
    pairs: list[tuple[int, str, str]] = []
    for rank, match in enumerate((("email",), ("domain", "last_name")), start=1):
        values = defaultdict(list)
        for record, row in rows.items():
            if all(row[name] for name in match):
                values[tuple(row[name] for name in match)].append(record)
        for bearers in values.values():
            if len(bearers) <= 6 and len({rows[record]["tax"] for record in bearers} - {None}) < 2:
                pairs += [(rank, *pair) for pair in itertools.combinations(sorted(bearers), 2)]
    accepted = (
        decisions.filter(pl.col("stands") & (pl.col("verdict") == "same"))
        .select("left_record", "right_record")
        .rows()
    )
    groups = [{record} for record in rows]
    for _, left, right in sorted([*pairs, *((0, *pair) for pair in accepted)]):
        one, other = (
            next(group for group in groups if record in group) for record in (left, right)
        )
        together = one | other
        clash = len({rows[record]["tax"] for record in together} - {None}) > 1 or any(
            set(pair) <= together for pair in apart
        )
        if one is not other and not clash:
            groups = [group for group in groups if group not in (one, other)] + [together]
    return sorted(sorted(group) for group in groups)


def groups_of(records: pl.Series, links: list[tuple[str, str]]) -> set[frozenset[str]]:
    group = {record: frozenset([record]) for record in records}
    for left, right in links:
        whole = group[left] | group[right]
        group.update(dict.fromkeys(whole, whole))
    return set(group.values())
