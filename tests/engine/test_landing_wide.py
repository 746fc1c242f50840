"""Sources of hundreds of columns: what their tables cost to plan, and where their bad cells
stand.
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, Table, landing_tables

KINDS = (
    "id",
    "integer",
    "money",
    "decimal",
    "boolean",
    "date",
    "timestamp",
    "category",
    "text",
    "currency",
)


def _wide(columns: int, file: str = "a.csv") -> SourceSpec:
    """Columns of every kind, with words for nothing and declared values."""
    fields = tuple(
        FieldSpec(
            f"c{n}",
            type=KINDS[n % len(KINDS)],
            values=("a", "b", "c", "d", "e", "f", "g") if n % 10 == 7 else (),
        )
        for n in range(columns)
    )
    fields += (
        FieldSpec("price", type="money", unit="cents", currency="c9"),
        FieldSpec("fee", type="money", currency="c9"),
    )
    return SourceSpec(
        "crm.wide", (file,), fields, missing=("", "N/A", "-", "none", "null", "?", "unknown")
    )


def _tables(spec: SourceSpec) -> tuple[duckdb.DuckDBPyConnection, Table, Table]:
    """The typed table, and that of bad cells, beside the raw one that they read."""
    _, typed, bad = landing_tables(spec.name, spec)
    connection = duckdb.connect(":memory:")
    columns = ", ".join(f"{field.name} varchar" for field in spec.fields)
    connection.execute(f"create table raw__crm__wide (_row bigint, _reject varchar, {columns})")
    connection.execute(f"create table crm__wide as {typed.sql}")
    return connection, typed, bad


def test_no_column_costs_a_join() -> None:
    connection, typed, bad = _tables(_wide(20))
    plans = [
        "".join(connection.execute(f"explain {table.sql}").fetchall()[0]).upper()
        for table in (typed, bad)
    ]
    assert [0, 1] == [plan.count("JOIN TYPE") for plan in plans]  # raw and typed rows meet once


@pytest.mark.parametrize("place", [1, 2])
def test_the_cost_of_a_plan_grows_with_its_columns_and_not_with_their_square(place: int) -> None:
    seconds = []
    for columns in (60, 360):
        made = _tables(_wide(columns))
        began = time.process_time()
        made[0].execute(f"explain {made[place].sql}").fetchall()
        seconds.append(time.process_time() - began)
    assert seconds[1] < 18 * seconds[0]  # six times the columns; their square would be 36


def test_each_bad_cell_of_a_wide_source_is_found(tmp_path: Path, engine: Engine) -> None:
    names = [f"n{number}" for number in range(300)]
    rows = [
        ",".join("x" if column == row else str(column) for column in range(300))
        for row in range(300)
    ]
    file = tmp_path / "wide.csv"
    file.write_text("\n".join([",".join(names), *rows]) + "\n")
    spec = SourceSpec(
        "crm.wide", (str(file),), tuple(FieldSpec(name, type="integer") for name in names)
    )
    plan = Plan(landing_tables(spec.name, spec))
    found = engine.frame(plan, "crm__wide__bad").sort("_row").rows()
    assert [(row + 1, f"n{row}", "x", "not a whole number") for row in range(300)] == found
    sums = engine.frame(plan, "crm__wide").select(names).sum_horizontal().to_list()
    assert [44_850 - row for row in range(300)] == sums  # 0 to 299, less the one that is no number


def test_the_reason_of_a_value_inside_json_is_that_of_its_type(
    tmp_path: Path, engine: Engine
) -> None:
    file = tmp_path / "a.csv"
    file.write_text('k,extra\n1,"{""n"": ""abc""}"\n2,no json\n3,"{""n"": 7}"\n4,"{}"\n')
    fields = (FieldSpec("k", type="id"), FieldSpec("n", column="extra", path="n", type="integer"))
    spec = SourceSpec("crm.wide", (str(file),), fields)
    plan = Plan(landing_tables(spec.name, spec))
    assert [None, None, 7, None] == engine.frame(plan, "crm__wide")["n"].to_list()
    found = engine.frame(plan, "crm__wide__bad").sort("_row").select("_row", "reason").rows()
    assert [(1, "not a whole number"), (2, "not JSON")] == found


@pytest.mark.parametrize(
    ("ids", "repeated"),
    [("a b c d", 0), ("d b a c", 0), ("a b a c", 1), ("a a a", 2), ("b  a", 0), ("a   b", 1)],
)
def test_long_sources_keep_the_order_of_the_file_and_count_keys_that_repeat(
    ids: str, repeated: int, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook.engine.materialize._MANY", 1)
    file, keys = tmp_path / "a.csv", ids.split(" ")
    file.write_text("k,v\n" + "".join(f"{key},x\n" for key in keys))
    fields = (FieldSpec("k", type="id"), FieldSpec("v"))
    spec = SourceSpec("crm.long", (str(file),), fields, primary_key=("k",))
    plan = Plan(landing_tables(spec.name, spec))
    assert repeated == engine.artifact(plan, "crm__long").duplicate_keys
    rows = [(number, key or None) for number, key in enumerate(keys, 1)]
    assert rows == engine.frame(plan, "crm__long").select("_row", "k").rows()
