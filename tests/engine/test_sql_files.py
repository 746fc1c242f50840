"""Queries in files: the head says what is read, every parameter is used and filled by its kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workbook
from workbook.engine import lint, tables_read
from workbook.engine.sql_files import KINDS, OPTIONAL, SqlFile, filled_sql, read_sql, sql_file
from workbook.errors import PlanError

SRC = Path(workbook.__file__).parent
FILES = sorted(path for path in SRC.glob("*/sql/*.sql") if "_bundled" not in path.parts)
NAMES = [f"{path.parts[-3]}/{path.stem}" for path in FILES]
SAMPLES = {
    "table": "table of {0}",
    "word": "day",
    "text": "it's",
    "number": 3,
    "type": "varchar",
    "expression": "x",
    "expressions": "(1, 2)",
    "columns": "x",
    "condition": "x = 1",
    "filter": "x = 1",
    "joins": 'left join "table of {0}" as joined on joined.x = 1',
    "rows": '"table of {0}"',
    "query": 'select x from "table of {0}"',
    "union": 'select x from "table of {0}"',
    "ctes": '{0} as (select x from "table of {0}")',
}


def filled(file: SqlFile, without: tuple[str, ...] = ()) -> str:
    """The query with a sample of each kind; the CTEs of another file are that file."""
    values = {}
    for name, kind in file.parameters.items():
        shared = f"{file.name.partition('/')[0]}/{name}"
        if kind in without:
            values[name] = ""
        elif kind == "ctes" and shared in NAMES:
            values[name] = filled(sql_file(shared), without)
        else:
            values[name] = str(SAMPLES[kind]).format(name)
    return file.fill(**values)


def whole(file: SqlFile, without: tuple[str, ...] = ()) -> str:
    """The same as one query, where a file holds CTEs that others begin with."""
    sql, last = filled(file, without), file.name.partition("/")[2]
    return sql if sql.startswith(("select", "with")) else f"with {sql}\nselect * from {last}"


def tables_of(file: SqlFile, without: tuple[str, ...] = ()) -> set[str]:
    """The tables that its head says it reads, and those of the CTEs of another file."""
    found = set()
    for name in file.reads:
        shared = f"{file.name.partition('/')[0]}/{name}"
        if file.parameters[name] == "ctes" and shared in NAMES:
            found |= tables_of(sql_file(shared), without)
        elif file.parameters[name] not in without:
            found.add(f"table of {name}")
    return found


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_reads_what_its_head_says_and_is_portable(name: str) -> None:
    file = sql_file(name)
    assert set(tables_read(whole(file))) == tables_of(file)
    lint(whole(file))


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_empty_may_be_left_out(name: str) -> None:
    file = sql_file(name)
    left_out = tuple(kind for kind in OPTIONAL if kind != "ctes")
    assert set(tables_read(whole(file, left_out))) == tables_of(file, left_out)


def test_every_file_is_used_by_its_room_alone() -> None:
    used: dict[str, set[str]] = {}
    for path in SRC.rglob("*.py"):
        if "_bundled" not in path.parts:
            room = path.relative_to(SRC).parts[0]
            for name in re.findall(r'filled_sql\(\s*"([^"]+)"', path.read_text("utf-8")):
                used.setdefault(name, set()).add(room)
    assert used == {name: {name.partition("/")[0]} for name in NAMES}


HEAD = """-- one row is: one thing
-- reads: {reads}
-- parameters:
--   things (table): the things
--   kind (text): of which kind
"""


def small(body: str, reads: str = "things", more: str = "") -> SqlFile:
    return read_sql("room/small", HEAD.replace("{reads}", reads) + more + body)


def test_names_and_texts_are_quoted_and_never_filled_twice() -> None:
    file = small("select a from {things}\n-- why\nwhere kind = {kind}")
    assert file.fill(things='my "things"', kind="it's {things}") == (
        'select a from "my ""things"""\nwhere kind = \'it\'\'s {things}\''
    )


def test_an_abbreviation_is_written_out_with_its_parameters() -> None:
    more = "-- abbreviations:\n--   same: kind = {kind}\n--     or kind = ''\n"
    file = small("select a from {things} where {same}", more=more)
    assert file.fill(things="t", kind="k") == "select a from \"t\" where kind = 'k' or kind = ''"


@pytest.mark.parametrize(
    ("body", "reads", "word"),
    [
        ("select a from {thing} where kind = {kind}", "things", ":6: 'thing'"),
        ("select a from {things}", "things", "'kind' of the head is not used"),
        ("select a from {things} where k = {kind}; select 1", "things", ":6: a brace or semicolon"),
        ("select a from {things} where k = {kind}", "kind", "reads 'kind'"),
        ("select a from {things} where k = {kind}", "other", "reads 'other'"),
    ],
)
def test_a_file_that_contradicts_its_head_is_refused(body: str, reads: str, word: str) -> None:
    with pytest.raises(PlanError, match=re.escape(word)):
        small(body, reads)


@pytest.mark.parametrize("part", ["-- one row is: one thing\n", "-- reads: things\n"])
def test_a_head_that_lacks_a_part_is_refused(part: str) -> None:
    whole_text = HEAD.replace("{reads}", "things") + "select a from {things} where k = {kind}"
    with pytest.raises(PlanError, match="its head lacks"):
        read_sql("room/small", whole_text.replace(part, ""))


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(PlanError, match=r"room/small.sql:4: no kind 'tabel'. .*'table'"):
        read_sql("room/small", HEAD.replace("(table)", "(tabel)") + "select {things} {kind}")


def test_a_missing_and_an_unknown_parameter_are_refused() -> None:
    file = small("select a from {things} where kind = {kind}")
    with pytest.raises(PlanError, match="needs a value for 'kind'"):
        file.fill(things="t")
    with pytest.raises(PlanError, match=r"no parameter 'kinds'. .*'kind'"):
        file.fill(things="t", kind="k", kinds="k")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("word", "day; drop"),
        ("word", "Day"),
        ("number", "1 or 1"),
        ("type", "varchar) as x, (y"),
        ("expression", ""),
        ("expression", "1, 2"),
        ("expression", "x) or (y"),
        ("expression", "f(x"),
        ("expression", "x -- and the rest"),
        ("expression", "x /* rest */"),
        ("expression", "'open"),
        ("expression", "x; drop table t"),
        ("expressions", "x) from t, (select y"),
        ("columns", "x from t; select y"),
        ("condition", "x, y"),
        ("filter", "x) or (y"),
        ("joins", "where x = 1"),
        ("rows", "t, u"),
        ("query", "drop table t"),
        ("query", "select 1; select 2"),
        ("ctes", "a as (select 1)) select ("),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused(kind: str, value: str) -> None:
    body = "select a from {things} where kind = {kind}"
    file = read_sql("room/small", HEAD.format(reads="things").replace("(text)", f"({kind})") + body)
    with pytest.raises(PlanError, match="room/small.sql: 'kind' must be"):
        file.fill(things="t", kind=value)


@pytest.mark.parametrize(
    ("kind", "value", "filled"),
    [
        ("word", "fiscal_quarter", "fiscal_quarter"),
        ("number", 3, "3"),
        ("number", "0.02", "0.02"),
        ("type", "DECIMAL(18, 4)", "DECIMAL(18, 4)"),
        ("expression", "f(x, '; ) --')", "f(x, '; ) --')"),
        ("expressions", "(1, 2), (3, 4)", "(1, 2), (3, 4)"),
        ("columns", "x, y", ", x, y"),
        ("columns", "", ""),
        ("condition", "x = 1", " and x = 1"),
        ("filter", "x = 1", "\nwhere x = 1"),
        ("joins", "left join t on true", "\nleft join t on true"),
        ("query", "select 1 union all select 2", "select 1 union all select 2"),
        ("ctes", "a as (select 1)", "a as (select 1),"),
        ("ctes", "", ""),
    ],
)
def test_a_value_is_filled_in_by_its_kind(kind: str, value: str | int, filled: str) -> None:
    head = HEAD.format(reads="things").replace("(text)", f"({kind})")
    file = read_sql("room/small", head + "select {things} [{kind}]")
    assert file.fill(things="t", kind=value) == f'select "t" [{filled}]'


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(PlanError, match="history/lifecycles"):
        filled_sql("history/lifecycles")
