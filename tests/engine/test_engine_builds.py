"""Building: only what changed, only as far as it changes anything, the same for every order and
thread count.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.engine import Engine, Function, Plan, Table, landing_tables
from workbook.errors import DataError, PlanError


def _frames(**frames: pl.DataFrame) -> list[Table]:
    """Tables that hold these frames, made anew when their rows change."""
    return [
        Table(
            name,
            f"one row of {name}",
            "test",
            function=Function(
                "give", 1, _give(frame), params={"rows": frame.rows(), "types": str(frame.schema)}
            ),
        )
        for name, frame in frames.items()
    ]


def _give(frame: pl.DataFrame) -> Callable:
    return lambda inputs, params: frame


ORDERS = pl.DataFrame({"k": [3, 1, 2], "who": ["b", "a", "a"], "cents": [300, 100, 200]})


def test_a_second_engine_builds_nothing(tmp_path: Path, table) -> None:
    plan = Plan(
        [
            *_frames(orders=ORDERS),
            table("spent", "select who, sum(cents) as cents from orders group by who", "who"),
        ]
    )
    with Engine(tmp_path) as engine:
        assert [("a", 300), ("b", 300)] == engine.frame(plan, "spent").rows()
        assert {"built": 2, "cached": 0, "rows": 5} == engine.counts
    with Engine(tmp_path) as engine:
        artifact = engine.artifact(plan, "spent")
        assert artifact.cached
        assert {"who": "VARCHAR", "cents": "BIGINT"} == artifact.columns
        assert {"built": 0, "cached": 2, "rows": 0} == engine.counts


def test_the_same_content_stops_the_rebuild(engine: Engine, table) -> None:
    below = table("spent", "select who, sum(cents) as cents from orders group by who", "who")
    first = Plan(
        [*_frames(all_orders=ORDERS), table("orders", "select * from all_orders", "k"), below]
    )
    second = Plan(
        [
            *_frames(all_orders=ORDERS),
            table("orders", "select k, who, cents from all_orders where k > 0", "k"),
            below,
        ]
    )
    one = engine.artifact(first, "spent")
    before = engine.counts["built"]
    assert one.content == engine.artifact(second, "spent").content
    assert 1 == engine.counts["built"] - before
    assert engine.artifact(first, "orders").recipe != engine.artifact(second, "orders").recipe


def test_a_changed_file_is_read_again(tmp_path: Path, table, a_source) -> None:
    for content, expected in (("a,b\n1,2\n", ["2"]), ("a,b\n1,3\n", ["3"])):
        spec = a_source(content)
        with Engine(tmp_path / "store", data_roots=[tmp_path]) as engine:
            assert (
                expected
                == engine.frame(Plan(landing_tables("shop.orders", spec)), "shop__orders")[
                    "b"
                ].to_list()
            )


def test_a_functions_version_and_parameters_are_its_recipe(engine: Engine) -> None:
    def plan(version: int, **params: object) -> Plan:
        function = Function(
            "count up",
            version,
            lambda inputs, given: pl.DataFrame({"n": [given.get("n", 0)]}),
            params=params,
        )
        return Plan([Table("t", "one number", "test", function=function)])

    recipes = {
        engine.artifact(plan(*args, **params), "t").recipe
        for args, params in [
            ((1,), {"n": 1}),
            ((2,), {"n": 1}),
            ((1,), {"n": 2}),
            ((1,), {"n": 1}),
            ((1,), {"n": 1, "on": {"a", "b"}}),
            ((1,), {"n": 1, "on": {"b", "a"}}),
        ]
    }
    assert 4 == len(recipes)
    with pytest.raises(PlanError, match="no stable text"):
        engine.artifact(plan(1, call=lambda: None), "t")


def test_a_function_reads_frames(engine: Engine) -> None:
    double = Function(
        "double",
        1,
        lambda tables, params: tables["orders"].with_columns(pl.col("cents") * 2),
        reads=("orders",),
    )
    plan = Plan(
        [
            *_frames(orders=ORDERS),
            Table("doubled", "one order", "test", keys=("k",), function=double),
        ]
    )
    assert [(1, "a", 200), (2, "a", 400), (3, "b", 600)] == engine.frame(plan, "doubled").rows()


def test_two_plans_stand_side_by_side(engine: Engine, table) -> None:
    low = Plan(
        [*_frames(orders=ORDERS), table("big", "select * from orders where cents >= 200", "k")]
    )
    high = Plan(
        [*_frames(orders=ORDERS), table("big", "select * from orders where cents >= 300", "k")]
    )
    for _ in range(2):
        assert [(2,)] == engine.query(low, "select count(*) as n from big").rows()
        assert [(1,)] == engine.query(high, "select count(*) as n from big").rows()
    assert 3 == engine.counts["built"]


def test_a_repeated_key_is_measured_not_raised(engine: Engine, table) -> None:
    plan = Plan([*_frames(orders=ORDERS), table("t", "select who, cents from orders", "who")])
    artifact = engine.artifact(plan, "t")
    assert (3, 1) == (artifact.rows, artifact.duplicate_keys)
    assert [("a", 100), ("a", 200), ("b", 300)] == engine.frame(plan, "t").rows()


def test_rows_lie_by_key_then_by_all_columns(engine: Engine, table) -> None:
    shuffled = ORDERS.sample(fraction=1, shuffle=True, seed=1)
    plan = Plan(
        [
            *_frames(orders=shuffled),
            table("none", "select who, cents from orders"),
            table("k", "select * from orders", "k"),
        ]
    )
    assert [("a", 100), ("a", 200), ("b", 300)] == engine.frame(plan, "none").rows()
    assert [1, 2, 3] == engine.frame(plan, "k")["k"].to_list()


def test_a_key_that_is_no_column_is_an_error(engine: Engine, table) -> None:
    with pytest.raises(PlanError, check=lambda error: error.code == "engine.no_key_column"):
        engine.artifact(Plan([table("t", "select 1 as k", "kk")]), "t")


rows = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-(2**40), 2**40)),
        st.one_of(st.none(), st.text(max_size=3)),
        st.one_of(st.none(), st.decimals(-1000, 1000, places=2)),
        st.one_of(st.none(), st.dates()),
    ),
    max_size=12,
)
SCHEMA = {"n": pl.Int64, "t": pl.String, "m": pl.Decimal(18, 2), "d": pl.Date}


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=rows, seed=st.integers(0, 99), threads=st.integers(1, 4))
def test_row_order_and_threads_never_matter(
    values: list, seed: int, threads: int, tmp_path_factory
) -> None:
    contents = []
    for shuffle in (False, True):
        given_rows = list(values)
        if shuffle:
            random.Random(seed).shuffle(given_rows)
        frame = pl.DataFrame(given_rows, schema=SCHEMA, orient="row")
        with Engine(tmp_path_factory.mktemp("store"), threads=threads if shuffle else 1) as engine:
            plan = Plan(_frames(t=frame))
            contents.append(engine.artifact(plan, "t").content)
            assert sorted(map(repr, values)) == sorted(map(repr, engine.frame(plan, "t").rows()))
    assert contents[0] == contents[1]


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=rows.filter(bool), data=st.data())
def test_any_changed_cell_changes_the_content(values: list, data, engine: Engine) -> None:
    at = data.draw(st.integers(0, len(values) - 1))
    changed = [*values]
    changed[at] = ((changed[at][0] or 0) + 1, *changed[at][1:])
    one, other = (
        engine.artifact(Plan(_frames(t=pl.DataFrame(v, schema=SCHEMA, orient="row"))), "t").content
        for v in (values, changed)
    )
    assert one != other


def test_the_content_sees_which_values_stand_together(engine: Engine) -> None:
    """`bit_xor(hash(a, b))` is the same for {(1, 2), (3, 4)} and {(1, 4), (3, 2)}; pairs of
    equal rows cancel out.
    """
    tables = [
        [(1, 2), (3, 4)],
        [(1, 4), (3, 2)],
        [(2, 1), (4, 3)],
        [(1, 2), (1, 2), (3, 4)],
        [(3, 4)],
        [(1, 2), (3, 4)] * 2,
    ]
    frames = [pl.DataFrame(t, schema={"a": pl.Int64, "b": pl.Int64}, orient="row") for t in tables]
    frames += [
        frames[0].rename({"a": "c"}),
        frames[0].cast(pl.Int32),
        frames[0].cast(pl.String),
        frames[0].select("b", "a"),
    ]
    assert len(frames) == len(
        {engine.artifact(Plan(_frames(t=frame)), "t").content for frame in frames}
    )


def test_types_survive_or_are_refused(engine: Engine, table) -> None:
    kept = (
        "select cast(1 as hugeint) as h, cast('a' as enum('a', 'b')) as e, timestamptz '2024-01-05"
        " 10:00:00+02' as z, null as n, cast(1.5 as decimal(18, 2)) as m, date '2024-01-05' as d,"
        " [1, 2] as l"
    )
    plan = Plan([table("t", kept, portable=False)])
    assert {
        "h": "BIGINT",
        "e": "VARCHAR",
        "z": "TIMESTAMP",
        "n": "VARCHAR",
        "m": "DECIMAL(18,2)",
        "d": "DATE",
        "l": "INTEGER[]",
    } == engine.artifact(plan, "t").columns
    expected = (
        1,
        "a",
        dt.datetime(2024, 1, 5, 8),
        None,
        Decimal("1.50"),
        dt.date(2024, 1, 5),
        [1, 2],
    )
    assert [expected] == engine.frame(plan, "t").rows()
    for lost in (
        "interval 1 day",
        "bitstring '101'",
        "{'a': 1}",
        "map {'a': 1}",
        "timetz '10:00:00+02'",
    ):
        with pytest.raises(PlanError, check=lambda error: error.code == "engine.type_not_stored"):
            engine.frame(Plan([table("t", f"select {lost} as x", portable=False)]), "t")
    with pytest.raises(PlanError, match="Table 't' .* failed"):
        engine.frame(
            Plan(
                [table("t", "select cast(9223372036854775807 as hugeint) + 1 as x", portable=False)]
            ),
            "t",
        )


def test_a_frames_odd_types_become_plain(engine: Engine) -> None:
    frame = pl.DataFrame(
        {
            "nothing": [None, None],
            "kind": pl.Series(["a", "b"], dtype=pl.Categorical),
            "at": (
                pl.Series([dt.datetime(2024, 1, 5, 10), None]).dt.replace_time_zone("Europe/Berlin")
            ),
        }
    )
    plan = Plan([Table("t", "one thing", "test", function=Function("give", 1, _give(frame)))])
    assert {"nothing": "VARCHAR", "kind": "VARCHAR", "at": "TIMESTAMP"} == engine.artifact(
        plan, "t"
    ).columns
    assert [dt.datetime(2024, 1, 5, 9), None] == engine.frame(plan, "t").sort("kind")[
        "at"
    ].to_list()
    wrong = Plan(
        [Table("t", "one thing", "test", function=Function("wrong", 1, lambda inputs, params: [1]))]
    )
    with pytest.raises(PlanError, match="'t' returned a list"):
        engine.frame(wrong, "t")


def test_a_query_gives_plain_types_in_its_order(engine: Engine) -> None:
    plan = Plan(_frames(orders=ORDERS))
    got = engine.query(
        plan,
        "select who, sum(cents) as cents, now() as at from orders group by who order by who desc",
    )
    assert [("b", 300), ("a", 300)] == got.select("who", "cents").rows()
    assert {"who": pl.String, "cents": pl.Int64, "at": pl.Datetime("us")} == dict(got.schema)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select * from ordes", "no table 'ordes'. Did you mean 'orders'"),
        ("select nothing from orders", "nothing"),
        ("drop table orders", "one query"),
        ("select 1; select 2", "one query"),
        ("select from where", "SQL"),
        ("copy orders to 'x'", "one query"),
    ],
)
def test_a_query_that_cannot_run_says_why(sql: str, words: str, engine: Engine) -> None:
    with pytest.raises(PlanError, match=words):
        engine.query(Plan(_frames(orders=ORDERS)), sql)


def test_errors_hold_no_values_of_the_data(engine: Engine, table) -> None:
    frame = pl.DataFrame({"k": [1], "t": ["karen@example.com"]})
    plan = Plan([*_frames(people=frame), table("t", "select cast(t as bigint) as n from people")])
    with pytest.raises(PlanError) as caught:
        engine.frame(plan, "t")
    assert "karen" not in str(caught.value)
    assert "Table 't'" in str(caught.value)
    with pytest.raises(PlanError) as caught:
        engine.query(plan, "select cast(t as bigint) as n from people")
    assert "karen" not in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from read_parquet('../*.parquet')",
        "select * from frame_in_python",
        "select * from duckdb_secrets() where (select count(*) from read_blob('/etc/shadow')) > 0",
    ],
)
def test_sql_sees_the_store_and_nothing_else(sql: str, engine: Engine, table) -> None:
    frame_in_python = pl.DataFrame({"a": [1]})  # noqa: F841 - what a replacement scan would find
    with pytest.raises(PlanError):
        engine.query(Plan(_frames(orders=ORDERS)), sql)
    with pytest.raises(PlanError):
        engine.frame(Plan([*_frames(orders=ORDERS), table("t", sql, portable=False)]), "t")


def test_settings_are_locked(engine: Engine) -> None:
    for setting in ("enable_external_access = true", "threads = 8", "allowed_directories = ['/']"):
        with pytest.raises(Exception, match="locked"):
            engine._seats[0].compute.execute(f"set {setting}")


def test_a_source_outside_the_data_folders_is_refused(tmp_path: Path, a_source) -> None:
    spec = a_source("a,b\n1,2\n")
    (tmp_path / "elsewhere").mkdir()
    with (
        Engine(tmp_path / "store", data_roots=[tmp_path / "elsewhere"]) as engine,
        pytest.raises(DataError, match="outside"),
    ):
        engine.frame(Plan(landing_tables("shop.orders", spec)), "shop__orders")
    link = tmp_path / "elsewhere" / "shop_orders.csv"
    link.symlink_to(spec.files[0])
    with (
        Engine(tmp_path / "store", data_roots=[tmp_path / "elsewhere"]) as engine,
        pytest.raises(DataError, match="outside"),
    ):
        engine.frame(
            Plan(
                landing_tables(
                    "shop.orders", a_source("a,b\n1,2\n", file="elsewhere/shop_orders.csv")
                )
            ),
            "shop__orders",
        )


def test_progress_names_each_table(engine: Engine, table) -> None:
    plan = Plan([*_frames(orders=ORDERS), table("t", "select * from orders", "k")])
    seen: list[tuple[str, int, int]] = []
    engine.build(plan, ["t"], progress=lambda *step: seen.append(step))
    assert [("orders", 0, 2), ("t", 1, 2)] == seen


def test_a_known_table_costs_next_to_nothing(engine: Engine) -> None:
    plan = Plan(_frames(orders=ORDERS))
    engine.artifact(plan, "orders")
    started = time.perf_counter()
    for _ in range(100):
        engine.artifact(plan, "orders")
    assert (time.perf_counter() - started) / 100 < 0.001


MANY = 120_000  # enough rows for the engine to look at their order before it sorts


@pytest.mark.parametrize(
    ("keys", "repeated"),
    [
        (lambda: pl.arange(MANY, eager=True), 0),
        (lambda: pl.arange(MANY, eager=True).reverse(), 0),
        (lambda: pl.Series([*range(MANY - 1), MANY - 2]), 1),
        (lambda: pl.Series([*range(MANY - 1), None]), 0),
        (lambda: pl.Series([None, *range(MANY - 1)]), 0),
    ],
    ids=["rising", "falling", "one twice", "one empty at the end", "one empty at the start"],
)
def test_rows_are_stored_in_the_order_of_their_key_whether_or_not_they_came_so(
    engine: Engine, table, keys: Callable[[], pl.Series], repeated: int
) -> None:
    came = pl.DataFrame(
        {"k": keys(), "who": pl.arange(MANY, eager=True) % 7},
        schema={"k": pl.Int64, "who": pl.Int64},
    )
    said = pl.DataFrame({"who": range(5), "name": list("abcde")})
    source = Table(
        "came",
        "one row",
        "test",
        function=Function(
            "give", 1, _give(came), params={"keys": str(came["k"].head(2).to_list())}
        ),
    )
    looked = table(
        "looked",
        "select c.k as k, n.name as name from came as c left join said as n on n.who = c.who",
        "k",
    )
    plan = Plan([source, *_frames(said=said), looked])
    frame, artifact = engine.frame(plan, "looked"), engine.artifact(plan, "looked")
    assert frame["k"].to_list() == came["k"].sort(nulls_last=True).to_list()
    assert artifact.duplicate_keys == repeated
    assert frame.height == MANY
