"""Names that SQL cannot tell apart: every attribute has a column of its own, and every table a
name of its own where a query runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from named import PLAIN, project

from workbook.engine import Engine, Function, Plan, Table, misfits, tables_read
from workbook.engine.sql import shown_as, unambiguous
from workbook.model import load_model
from workbook.model.distinct_columns import OWN, distinct_columns

WORDS = st.lists(
    st.sampled_from(
        [
            "id",
            "Id",
            "ID",
            "id_2",
            "Email",
            "email",
            "email_2",
            "EMAIL",
            "_record",
            "größe",
            "GRÖSSE",
            "x",
        ]
    ),
    unique=True,
)


@given(WORDS)
def test_columns_differ_without_case_and_free_names_stay(words: list[str]) -> None:
    found = distinct_columns(words)
    folded = [column.casefold() for column in found.values()]
    assert list(found) == words
    assert len(set(folded)) == len(folded)
    assert not set(folded) & set(OWN)
    first = {word.casefold(): word for word in reversed(words)}
    assert all(found[word] == word for key, word in first.items() if key not in OWN)


@pytest.mark.parametrize(
    ("given", "columns"),
    [
        ({}, {"note_x": "note_x", "worth_x": "worth_x"}),
        ({"note": "id"}, {"id": "id_2", "worth_x": "worth_x"}),
        ({"note": "Id", "worth": "iD"}, {"Id": "Id_2", "iD": "iD_3"}),
        ({"note": "Mail", "mail_id": "mail"}, {"Mail": "Mail", "mail": "mail_2"}),
        ({"note": "record", "worth": "system"}, {"record": "record", "system": "system"}),
    ],
)
def test_an_attribute_has_its_name_as_its_column_unless_that_is_taken(
    tmp_path: Path, given: dict[str, str], columns: dict[str, str]
) -> None:
    model = load_model(project(tmp_path, given))
    assert {name: model.column_of("person_x", name) for name in columns} == columns


def given_table(name: str, **columns: list[object]) -> Table:
    frame = pl.DataFrame(columns)
    return Table(
        name,
        "one row",
        "test",
        function=Function(
            f"given {name}", 1, lambda inputs, params: frame, params={"rows": repr(frame.rows())}
        ),
    )


def answer(tmp_path: Path, tables: list[Table], sql: str) -> list[tuple[object, ...]]:
    with Engine(tmp_path / "store") as engine:
        return engine.query(Plan(tables), sql).rows()


def test_two_tables_whose_names_differ_in_case_are_two_tables(tmp_path: Path) -> None:
    tables = [given_table("Plan", n=[1]), given_table("plan", n=[2])]
    assert answer(
        tmp_path, tables, 'select "Plan".n, b.n as m from "Plan" join "plan" as b on true'
    ) == [(1, 2)]
    assert answer(
        tmp_path, tables, 'select n from "plan" union all select n from "Plan" order by 1'
    ) == [(1,), (2,)]
    with Engine(tmp_path / "store") as engine:  # one after the other, over one connection
        assert [
            engine.query(Plan(tables), f'select n from "{name}"').item()
            for name in ("Plan", "plan", "Plan")
        ] == [1, 2, 1]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ('with held as (select n + 10 as n from "held") select n from held', [(11,)]),
        (
            (
                'with held as (select n + 10 as n from "held") select held.n, e.n as m from held'
                ' join "held" as e on e.n = 1'
            ),
            [(11, 1)],
        ),
        (
            (
                'with a as (select n from "held"), Held as (select n * 2 as n from a) select Held.n'
                " from Held"
            ),
            [(2,)],
        ),
        ('select n from "held"', [(1,)]),
    ],
)
def test_a_cte_of_the_name_of_a_table_hides_nothing(
    tmp_path: Path, sql: str, rows: list[tuple[int]]
) -> None:
    assert tables_read(sql) == ("held",)
    assert answer(tmp_path, [given_table("held", n=[1])], sql) == rows


def test_a_query_without_such_names_is_run_as_it_is_written() -> None:
    sql = 'with ranked as (select * from "held") select * from ranked'
    assert unambiguous(sql, shown_as(["held"])) is sql


TRIED: Mapping[str, tuple[str, str]] = {
    "two columns of one name": ("select 1 as a, 2 as A", "one name in SQL"),
    "the same column twice": ("select 1 as a, 2 as a", "twice"),
    "a column that is not there": ('select nobody from "given"', "nobody"),
    "types that do not meet": ('select day + text as x from "given"', "DATE, VARCHAR"),
    "a text that is no date": ("""select day < 'u' as x from "given\"""", "date"),
    "a key that is not there": ("select 1 as a", "no column 'k'"),
    "outside of the portable subset": ("select list(1) as a", "portable"),
}


@pytest.mark.parametrize("case", TRIED)
def test_what_fails_whatever_the_data_is_found_without_any(case: str) -> None:
    sql, word = TRIED[case]
    keys = ("k",) if "key" in case else ()
    first = Table(
        "given",
        "one row",
        "test",
        sql="select cast('x' as varchar) as text, cast('2025-01-01' as date) as day",
    )
    bad, below = (
        Table("bad", "one row", "test", keys=keys, sql=sql),
        Table("below", "one row", "test", sql='select * from "bad"'),
    )
    (found,) = misfits(Plan([first, bad, below]))
    assert found.table.name == "bad"
    assert word in found.why


def test_a_function_is_asked_for_its_columns_with_empty_tables() -> None:
    def call(inputs: Mapping[str, pl.DataFrame], params: object) -> pl.DataFrame:
        return inputs["given"].select(n=pl.col("n").cast(pl.Int64))

    first = Table("given", "one row", "test", sql="select cast(1 as bigint) as n")
    made = Table(
        "made", "one row", "test", keys=("n",), function=Function("f", 1, call, ("given",))
    )
    assert not misfits(
        Plan([first, made, Table("sum", "one row", "test", sql='select sum(n) as s from "made"')])
    )
    (found,) = misfits(
        Plan([first, made, Table("sum", "one row", "test", sql='select sum(m) as s from "made"')])
    )
    assert found.table.name == "sum"


def test_plain_names_are_what_the_other_tests_compare_with() -> None:
    assert len(set(PLAIN.values())) == len(PLAIN)
