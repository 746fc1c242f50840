"""MetricFlow as the oracle: the same metrics of drawn companies through its SQL; any other
answer fails.

What differs by design, and so is compared as far as it can be:

- MetricFlow has one group for rows without a value and rows that reach nobody; ours are
  `(none)` and `(not linked)`. Where both occur, amounts and counts are compared added up; what
  cannot be added is compared elsewhere.
- It knows no as-of: it is given the rows that had begun by then.
- It has no level between a start and an end: it is given one row per day in force, and takes
  the last day of which it has a row. Where nothing was in force at a month's end ours is 0, and
  its answer is of another day: not compared.
- The latest row of each client is by month the latest within that month; ours is the latest
  until then. Not compared.
- A month or a window without a row is absent, and so is what is made of it; ours is 0, or has
  no value.
- Numbers of months counted back from a month's end keep the day of the month; ours keep the
  month's end. Only windows of days and weeks, and to-date ones, are compared.
- What held `then` splits a window by the value at its end there, and each row by that of its
  own day here, so that months add up to a year; the latest row of each client is split there by
  its own day, and here by the value at the end of the period; rows without a day have none
  then. Of these only flows and levels between a start and an end are compared.
- Averages and ratios are doubles there, and decimals here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from generated_model import AS_OF, THEN, Drawn, Thing, draw, write
from small_company import Company, plan_of

from workbook import metrics
from workbook.engine import Engine, Table
from workbook.model import load_model

pytest.importorskip("metricflow")
from metricflow_side import MetricFlow, period_ends

SEEDS = [1, pytest.param(4, marks=pytest.mark.long)]  # `make soak ROW=oracle` draws eight more
ADDS = ("count", "sum")
NOBODYS = (metrics.NO_VALUE, metrics.NOT_LINKED)


@dataclass
class Compared:
    """How many answers of a seed were compared, and those that differ."""

    ours: Company
    theirs: MetricFlow
    drawn: Drawn
    pairs: int = 0
    values: int = 0
    wrong: list[tuple] = field(default_factory=list)

    def same(self, metric: str, by: str, ours: dict, theirs: dict) -> None:
        """Compare two answers, key by key; what is absent is nothing."""
        self.pairs += 1
        # a number made of others is kept to six
        digits = 9 if self.parts(metric) == [metric] else 6
        for key in sorted({*ours, *theirs}, key=str):
            self.values += 1
            mine = ours.get(key)
            if not equal(mine, theirs.get(key), digits) and not (key not in theirs and mine == 0):
                self.wrong.append((metric, by, key, ours.get(key), theirs.get(key)))

    def parts(self, metric: str) -> list[str]:
        """The simple or cumulative metrics that a metric is made of."""
        part = self.drawn.seven["metrics"][metric]
        words = [part[word] for word in ("numerator", "denominator") if part.get(word)]
        words += [
            name
            for name in self.drawn.seven["metrics"]
            if name in part.get("expr", "").replace("(", " ").replace(")", " ").split()
        ]
        return words or [metric]

    def kind(self, metric: str) -> str:
        return metrics.resolved(self.ours.model, self.parts(metric)[0]).kind

    def measure(self, metric: str) -> dict:
        return self.drawn.measure(self.drawn.seven["metrics"][self.parts(metric)[0]]["measure"])

    def is_counted(self, metric: str, grain: str = "", start: object = None) -> bool:
        """Whether every part of a level counts a row in all, or at a period's end."""
        for part in self.parts(metric):
            frame = self.ours.frame(
                metrics.period_table(part, grain) if grain else metrics.value_table(part)
            )
            counted = frame.filter(pl.col(grain) == start) if grain else frame
            if not counted["rows_counted"].sum():
                return False
        return True


def equal(mine: object, their: object, digits: int) -> bool:
    """Whether two values are one, to so many digits: a double is never exact."""
    if mine is None or their is None:
        return mine is their
    if isinstance(mine, (dt.date, dt.datetime)):
        return str(mine)[:10] == str(their)[:10]
    one, other = Decimal(str(mine)), Decimal(str(their))
    return abs(one - other) <= max(abs(one), abs(other), Decimal(1)) * Decimal(1).scaleb(-digits)


@pytest.mark.parametrize("seed", SEEDS)
def test_metricflow_gives_the_same_answers(seed: int, tmp_path: Path) -> None:
    compared = compare(seed, tmp_path)
    assert compared.wrong == []
    assert compared.pairs >= 40, "the seed draws too little to compare"


def compare(seed: int, folder: Path) -> Compared:
    """Every metric of a drawn company, by nothing, by each of its dimensions, by month and two
    other periods, and by both.
    """
    drawn = draw(seed)
    write(folder / "project", drawn)
    model = load_model(folder / "project")
    with Engine(folder / "store", data_roots=[model.data_root]) as engine:
        made = Company(model, plan_of(model), engine)
        engine.build(made.plan, made.plan.order)
        assert [each for each in metrics.refusals(model) if not each.part] == []
        compared = Compared(made, MetricFlow(drawn, made), drawn)
        for name in drawn.seven["metrics"]:
            _total(compared, name)
            for dimension in drawn.seven["metrics"][name]["by"]:
                _segments(compared, name, dimension)
            for grain in metrics.grains_of(made.model, name):
                _periods(compared, name, grain)
                for dimension in drawn.seven["metrics"][name]["by"]:
                    _segments_of_periods(compared, name, dimension, grain)
    return compared


def _total(compared: Compared, name: str) -> None:
    kind = compared.kind(name)
    ours = {None: compared.ours.frame(metrics.value_table(name))["exact"][0]}
    if kind == "cumulative":
        compared.same(
            name,
            "",
            *placed(
                compared,
                name,
                ours,
                {
                    None: value
                    for at, value in compared.theirs.rows(name, "metric_time__day")
                    if at == AS_OF
                },
            ),
        )
    elif kind != "level" or compared.is_counted(name):
        compared.same(name, "", ours, {None: compared.theirs.rows(name)[0][0]})


def _segments(compared: Compared, name: str, dimension: str) -> None:
    kind = compared.kind(name)
    if (kind == "level" and not compared.is_counted(name)) or not is_same_then(
        compared, name, dimension
    ):
        return
    word = word_of(dimension)
    if kind == "cumulative":
        rows = [
            (key, value)
            for at, key, value in compared.theirs.rows(name, "metric_time__day", word)
            if at == AS_OF
        ]
    else:
        rows = compared.theirs.rows(name, word)
    theirs = {segment(key): value for key, value in rows}
    ours = dict(
        compared.ours.frame(metrics.segment_table(name, dimension))
        .select("segment", "exact")
        .rows()
    )
    ours, theirs = one_nobody(compared, name, ours, theirs)
    if kind == "cumulative":
        ours, theirs = placed(compared, name, ours, theirs)
    compared.same(name, dimension, ours, theirs)


def placed(compared: Compared, name: str, ours: dict, theirs: dict) -> tuple[dict, dict]:
    """Answers over windows: a window without a row has no value there, so what is made of it is
    not compared.
    """
    if compared.parts(name) == [name]:
        return ours, theirs
    known = {key: value for key, value in theirs.items() if value is not None}
    return {key: value for key, value in ours.items() if key in known}, known


def segment(key: object) -> str | None:
    """A value of a dimension as a segment is called."""
    return (
        None
        if key is None
        else {True: "yes", False: "no"}[key]
        if isinstance(key, bool)
        else str(key)
    )


def one_nobody(compared: Compared, name: str, ours: dict, theirs: dict) -> tuple[dict, dict]:
    """The segments with our groups of nobody as the one that MetricFlow has, where that can be
    calculated.
    """
    nobodys = [ours[bucket] for bucket in NOBODYS if bucket in ours]
    kept = {key: value for key, value in ours.items() if key not in NOBODYS}
    adds = compared.parts(name) == [name] and compared.measure(name)["agg"] in ADDS
    if len(nobodys) == 1 or (nobodys and adds):
        return kept | {None: sum(nobodys) if adds else nobodys[0]}, theirs
    return kept, (
        {key: value for key, value in theirs.items() if key is not None} if nobodys else theirs
    )


def word_of(dimension: str) -> str:
    """A dimension as MetricFlow calls it."""
    return dimension.removesuffix(" then").replace(".", "__")


def is_same_then(compared: Compared, name: str, dimension: str) -> bool:
    """Whether both mean the same moment by what held then."""
    latest = any(compared.measure(part).get("latest_per") for part in compared.parts(name))
    return dimension != THEN or (compared.kind(name) != "cumulative" and not latest)


def is_asked(compared: Compared, name: str, table: str) -> bool:
    """Whether both know what a number is within earlier periods."""
    kind = compared.kind(name)
    return (
        kind not in ("still", "state")
        and not any(compared.measure(part).get("latest_per") for part in compared.parts(name))
        and compared.ours.has(table)
    )


def _periods(compared: Compared, name: str, grain: str) -> None:
    kind, table = compared.kind(name), metrics.period_table(name, grain)
    if not is_asked(compared, name, table):
        return
    ours = dict(compared.ours.frame(table).select(grain, "exact").rows())
    if kind == "cumulative":
        found = dict(compared.theirs.rows(name, "metric_time__day"))
        ours, theirs = placed(
            compared,
            name,
            ours,
            {start: found[end] for end, start in period_ends(grain).items() if end in found},
        )
    else:
        theirs = {key: value for key, value in compared.theirs.rows(name, f"metric_time__{grain}")}
    if compared.parts(name) != [name]:
        theirs.pop(None, None)  # a number made of others has no undated part
        # where a part counts no row in a period, it is 0 here and nothing there
        unlike = {start for start, value in theirs.items() if value is None}
        unlike -= {start for start in unlike if compared.is_counted(name, grain, start)}
        ours, theirs = (
            {start: value for start, value in each.items() if start not in unlike}
            for each in (ours, theirs)
        )
    if kind == "level":
        counted = {start for start in ours if compared.is_counted(name, grain, start)}
        ours, theirs = (
            {start: value for start, value in each.items() if start in counted}
            for each in (ours, theirs)
        )
    compared.same(name, grain, ours, theirs)


def _segments_of_periods(compared: Compared, name: str, dimension: str, grain: str) -> None:
    """Both at once; a segment that counts no row in a period has none there, whatever they say
    of it.
    """
    kind, table, word = (
        compared.kind(name),
        metrics.period_table(name, grain, dimension),
        word_of(dimension),
    )
    if not is_asked(compared, name, table) or not is_same_then(compared, name, dimension):
        return
    ours: dict = {}
    for start, member, value in compared.ours.frame(table).select(grain, "segment", "exact").rows():
        ours.setdefault(start, {})[member] = value
    theirs: dict = {}
    ends = period_ends(grain)
    for at, member, value in compared.theirs.rows(
        name, f"metric_time__{'day' if kind == 'cumulative' else grain}", word
    ):
        if kind != "cumulative" or at in ends:
            theirs.setdefault(ends[at] if kind == "cumulative" else at, {})[segment(member)] = value
    if kind == "level":
        ours = {
            start: each for start, each in ours.items() if compared.is_counted(name, grain, start)
        }
        theirs = {start: each for start, each in theirs.items() if start in ours}
    if compared.parts(name) != [name]:
        theirs.pop(None, None)
    for start in {*ours, *theirs}:
        mine, their = one_nobody(compared, name, ours.get(start, {}), theirs.get(start, {}))
        if kind == "cumulative":
            mine, their = placed(compared, name, mine, their)
        compared.same(name, f"{dimension} in the {grain} of {start}", mine, their)


def test_where_a_key_repeats_metricflow_says_384_and_ours_refuses(tmp_path: Path) -> None:
    """The declared key of a hub is wrong: h0 stands there twice, and each of its rows is
    counted twice by the join.

    hub   fact              units by sort of the hub: 234 is the truth, 384 what the declared
    key gives h0    h0 100, h0 50 h0    h1 84 h1
    """
    hub, fact = Thing("client", "hub"), Thing("bill", "fact", ("client",))
    rows = {
        "client": [{"client_id": "h0", "sort": "a"}, {"client_id": "h1", "sort": "b"}],
        "bill": [],
    }
    rows["bill"] = [
        {"bill_id": f"b{units}", "client_id": who, "units": units, "made_on": "2025-01-01"}
        for who, units in (("h0", "100"), ("h0", "50"), ("h1", "84"))
    ]
    drawn = Drawn((hub, fact), rows)
    drawn.seven = {
        "owner": "finance",
        "rules": {f"is_{name}": {"of": name, "all": ["units >= 0"]} for name in ("client", "bill")},
        "semantic_models": {
            "clients": {"of": "client", "measures": {}},
            "bills": {"of": "bill", "measures": {"units": {"agg": "sum", "expr": "units"}}},
        },
        "metrics": {"units": {"measure": "units", "filter": "", "by": ["client.sort"]}},
    }
    model = load_model(write(tmp_path / "project", drawn))
    twice = Table(
        "client",
        "one client, and one of them twice",
        "test",
        keys=("id",),
        sql=(
            "select v.id as id, v.id as client_id, v.sort as sort, true as flag, 0 as units, cast(0"
            " as decimal(18, 2)) as worth from (values ('h0', 'a'), ('h0', 'a'), ('h1', 'b')) as"
            " v(id, sort)"
        ),
    )
    with Engine(tmp_path / "store", data_roots=[model.data_root]) as engine:
        made = Company(model, plan_of(model, (twice,)), engine)
        assert (
            sum(value for _, value in MetricFlow(drawn, made).rows("units", "client__sort")) == 384
        )
        assert set(made.segments("units", "client.sort").values()) == {None}
        assert made.value("units") == 234
