"""Laws of intervals, against an oracle that looks at one moment at a time and knows nothing of
intervals.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pytest
from history_shop import write_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.engine import Engine, Plan, Table
from workbook.history import beliefs_name, history_name
from workbook.history.facts import facts_name
from workbook.history.bitemporal import history_tables
from workbook.model import Model, load_model
from workbook.model.schema import Kept

pytestmark = pytest.mark.long


BEGIN = dt.datetime(2024, 1, 1)
LAST = 12  # the as-of day, in days from BEGIN
OPEN = dt.datetime(9999, 12, 31)
LAWS = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Fact:
    """A row of a source: days from BEGIN; `until` None is an open end, `written` None a source
    that does not tell.
    """

    record: str
    value: str
    since: int
    until: int | None = None
    written: int | None = 0
    id: str = "a"
    before: str | None = None


def day(number: int) -> dt.datetime:
    return BEGIN + dt.timedelta(days=number)


@st.composite
def facts(draw: st.DrawFn, periods: bool = False, many: int = 7) -> list[Fact]:
    made = []
    for number in range(draw(st.integers(1, many))):
        since = draw(st.integers(0, 10))
        until = draw(st.one_of(st.none(), st.integers(since + 1, 15))) if periods else None
        written = draw(st.integers(0, 15))
        made.append(
            Fact(
                f"r{draw(st.integers(0, number))}",
                draw(st.sampled_from("xyz")),
                since,
                until,
                written,
                draw(st.sampled_from("ab")),
            )
        )
    return made


class Bench:
    """Facts in, both tables out, by the SQL of the room."""

    def __init__(self, model: Model, engine: Engine) -> None:
        self.model, self.engine = model, engine

    def tables(
        self, rows: Sequence[Fact], form: str = "changes", last: int = LAST
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        model = self.model.at(day(last).date())
        kept = Kept.model_validate(
            {
                "from": "shop.changes",
                "as": form,
                "value": "becomes",
                "before": "was" if form == "changes" else "",
            }
        )
        values = ",\n".join(_values(number, fact) for number, fact in enumerate(rows))
        columns = (
            "_row, record, source, id, value, value_before, valid_from, valid_to, recorded, trouble"
        )
        source = Table(
            facts_name("client", "rank"),
            "one fact",
            "test",
            keys=("_row",),
            sql=f"select * from (values\n{values}\n) as v({columns})",
        )
        plan = Plan([source, *history_tables(model, "client.rank", kept)])
        return self.engine.frame(plan, beliefs_name("client", "rank")), self.engine.frame(
            plan, history_name("client", "rank")
        )


def _values(number: int, fact: Fact) -> str:
    def word(text: str | None) -> str:
        return "cast(null as varchar)" if text is None else f"'{text}'"

    def moment(when: int | None, none: str) -> str:
        return none if when is None else f"cast('{day(when)}' as timestamp)"

    never = f"cast('{OPEN}' as timestamp)"
    times = (
        f"{moment(fact.since, '')}, {moment(fact.until, never)},"
        f" {moment(fact.written, 'cast(null as timestamp)')}"
    )
    return (
        f"(cast({number} as bigint), '{fact.record}', 's', '{fact.id}', {word(fact.value)},"
        f" {word(fact.before)}, {times}, '')"
    )


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    model = load_model(write_project(tmp_path_factory.mktemp("laws") / "project", {}))
    with Engine(tmp_path_factory.mktemp("store"), data_roots=[model.data_root]) as engine:
        yield Bench(model, engine)


def known(rows: Sequence[Fact], at: float, form: str) -> list[Fact]:
    """What is known at a moment: of each record the newest version; of a period that goes on,
    or whose end is not yet written, its start.
    """
    found = []
    for _, versions in itertools.groupby(
        sorted(rows, key=lambda f: f.record), key=lambda f: f.record
    ):
        ordered = sorted(
            versions, key=lambda f: (f.written or 0, f.since, f.until or 99, f.value, f.id)
        )
        told = [fact for fact in ordered if fact.written is not None and fact.written <= at]
        if told:
            found.append(told[-1])
        elif form == "periods" and ordered[0].since <= at:
            found.append(replace(ordered[0], until=None))
    return found


def true(rows: Sequence[Fact], moment: float, at: float, form: str) -> dict[str, str]:
    """What was true at a moment, as known at another: of the facts that cover it, the newest
    start.
    """
    found: dict[str, str] = {}
    for fact in sorted(
        known(rows, at, form), key=lambda f: (f.since, -(f.until or 99), f.written or 0, f.value)
    ):
        if fact.since <= moment and (fact.until is None or moment < fact.until):
            found[fact.id] = fact.value
    return found


def held(beliefs: pl.DataFrame, moment: float, at: float) -> dict[str, list[str]]:
    when, then = BEGIN + dt.timedelta(days=moment), BEGIN + dt.timedelta(days=at)
    rows = beliefs.filter(
        (pl.col("valid_from") <= when)
        & (pl.col("valid_to") > when)
        & (pl.col("recorded_from") <= then)
        & (pl.col("recorded_to") > then)
    )
    return dict(rows.group_by("id").agg(pl.col("value")).rows())


GRID = [
    (moment, at)
    for moment in (-0.5, 0, 1.5, 3, 5.5, 8, 9.5, 10, 14.5)
    for at in (0, 2.5, 4, 6, 9.5, 12)
]


@LAWS
@given(rows=facts())
def test_both_axes_agree_with_looking_at_each_moment(bench: Bench, rows: list[Fact]) -> None:
    beliefs, _ = bench.tables(rows)
    for moment, at in GRID:
        assert held(beliefs, moment, at) == {
            name: [value] for name, value in true(rows, moment, at, "changes").items()
        }, (moment, at)


@LAWS
@given(rows=facts(periods=True))
def test_periods_agree_with_looking_at_each_moment(bench: Bench, rows: list[Fact]) -> None:
    beliefs, _ = bench.tables(rows, "periods")
    for moment, at in GRID:
        assert held(beliefs, moment, at) == {
            name: [value] for name, value in true(rows, moment, at, "periods").items()
        }, (moment, at)


@LAWS
@given(rows=facts(periods=True), form=st.sampled_from(["periods", "changes"]))
def test_intervals_never_overlap_and_at_most_one_is_current(
    bench: Bench, rows: list[Fact], form: str
) -> None:
    rows = rows if form == "periods" else [replace(fact, until=None) for fact in rows]
    beliefs, history = bench.tables(rows, form)
    for frame in (
        history,
        *(
            beliefs.filter((pl.col("recorded_from") <= t) & (pl.col("recorded_to") > t))
            for t in map(day, range(0, 13, 3))
        ),
    ):
        ordered = frame.sort("id", "valid_from").with_columns(
            pl.col("valid_from").shift(-1).over("id").alias("next")
        )
        assert ordered.filter(pl.col("next") < pl.col("valid_to")).is_empty()
        assert ordered.filter(pl.col("valid_to") <= pl.col("valid_from")).is_empty()
    assert history.filter(pl.col("is_current"))["id"].is_unique().all()


@LAWS
@given(rows=facts())
def test_inside_a_life_there_is_exactly_one_row_and_now_is_the_current_one(
    bench: Bench, rows: list[Fact]
) -> None:
    _, history = bench.tables(rows)
    told = known(rows, LAST + 0.9, "changes")
    for name in {fact.id for fact in told}:
        own = history.filter(pl.col("id") == name)
        for moment in range(min(fact.since for fact in told if fact.id == name), 16):
            when = day(moment) + dt.timedelta(hours=1)
            assert (
                own.filter((pl.col("valid_from") <= when) & (pl.col("valid_to") > when)).height == 1
            )
        end = day(LAST + 1)
        now = own.filter((pl.col("valid_from") < end) & (pl.col("valid_to") >= end))
        assert own.filter(pl.col("is_current"))["record"].to_list() == now["record"].to_list()


@LAWS
@given(
    rows=facts(periods=True),
    seed=st.randoms(use_true_random=False),
    form=st.sampled_from(["periods", "changes"]),
)
def test_any_order_of_arrival_gives_the_same_history(
    bench: Bench, rows: list[Fact], seed: object, form: str
) -> None:
    rows = rows if form == "periods" else [replace(fact, until=None) for fact in rows]
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    for one, other in zip(bench.tables(rows, form), bench.tables(shuffled, form), strict=True):
        assert one.equals(other)


@LAWS
@given(rows=facts(), late=facts(many=3))
def test_a_later_fact_never_changes_what_was_known_earlier(
    bench: Bench, rows: list[Fact], late: list[Fact]
) -> None:
    """Everything known at the end of day 5 stays what it was, whatever is recorded from day 6
    on, versions of old records among it.
    """
    rows = [replace(fact, written=min(fact.written, 5)) for fact in rows]
    more = [
        replace(
            fact, written=max(fact.written, 6), record=fact.record if number % 2 else f"new{number}"
        )
        for number, fact in enumerate(late)
    ]
    before, after = bench.tables(rows)[0], bench.tables([*rows, *more])[0]
    for moment, at in GRID:
        if at <= 5:
            assert held(after, moment, at) == held(before, moment, at)


@LAWS
@given(rows=facts(periods=True), form=st.sampled_from(["periods", "changes"]))
def test_an_earlier_as_of_day_sees_what_was_known_then(
    bench: Bench, rows: list[Fact], form: str
) -> None:
    """The report of day 6 comes out the same when it is made again on day 12."""
    rows = rows if form == "periods" else [replace(fact, until=None) for fact in rows]
    then, _ = bench.tables(rows, form, last=6)
    now, _ = bench.tables(rows, form, last=LAST)
    for moment, _ in GRID:
        assert held(then, moment, 6.9) == held(now, moment, 6.9)


def test_before_the_first_change_held_what_it_replaced_whoever_came_first(bench: Bench) -> None:
    rows = [Fact("r1", "y", 5, written=5, before="x"), Fact("r2", "x", 2, written=8, before="w")]
    beliefs, _ = bench.tables(rows)
    assert [held(beliefs, moment, 6)["a"] for moment in (1, 3, 6)] == [["x"], ["x"], ["y"]]
    assert [held(beliefs, moment, 9)["a"] for moment in (1, 3, 6)] == [["w"], ["x"], ["y"]]


def test_a_source_that_does_not_say_when_it_wrote_is_known_as_it_is_true(bench: Bench) -> None:
    rows = [Fact("r1", "x", 1, until=4, written=None), Fact("r2", "y", 6, written=None)]
    beliefs, _ = bench.tables(rows, "periods")
    assert [
        held(beliefs, moment, at).get("a")
        for moment, at in ((2, 3), (5, 3), (5, 4), (7, 5), (7, 6))
    ] == [["x"], ["x"], None, None, ["y"]]
