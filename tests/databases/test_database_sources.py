"""Sources in databases: planned without one, landed with its counts, read anew by a run, pinned
for the pages.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_project
from typer.testing import CliRunner

from workbook import Workbook
from workbook.cli.commands import app
from workbook.errors import DataError, ModelError
from workbook.model import load_model

PROJECT = "name: Test\nas_of: 2025-06-30\nconnections: {shop: SHOP_URL}\n"
SOURCES = """
systems: {shop: {}}
sources:
  shop.people:
    connection: shop
    table: crm.people
    primary_key: person_no
    recorded: seen_at
    fields: {person_no: id, name: full_name, spent: {type: money, currency: EUR},
        seen_at: timestamp, active: boolean}
  shop.big: {connection: shop, query: "select person_no, spent from crm.people where spent >= 10",
      primary_key: person_no, fields: {person_no: id, spent: decimal}}
"""
ENTITIES = "entities: {person: {row_is: one human, from: shop.people}}\n"
TABLE = (
    "create table crm.people(person_no bigint primary key, name text, spent numeric(12,2), seen_at"
    " timestamptz, active boolean)"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return a_project(tmp_path, settings=PROJECT, sources=SOURCES, entities=ENTITIES)


def people(book: Workbook) -> list[tuple[object, ...]]:
    return book.engine.query(
        book.plan,
        "select person_no, name, spent, cast(seen_at as varchar), active from shop__people order"
        " by 1",
    ).rows()


def test_a_table_and_a_query_land_with_the_databases_own_count(
    project: Path, postgres: str, schema: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema(
        TABLE,
        "insert into crm.people values (9007199254740993, 'Ann Lee', 12.50, '2025-06-01 10:30+02',"
        " true), (2, null, 3, null, false)",
    )
    monkeypatch.setenv("SHOP_URL", postgres)
    book = Workbook.open(project)
    ann = ("9007199254740993", "Ann Lee", 12.50, "2025-06-01 08:30:00", True)
    assert [(a, b, float(c), d, e) for a, b, c, d, e in people(book)] == [
        ("2", None, 3.0, None, False),
        ann,
    ]
    assert book.engine.query(
        book.plan, "select person_no, cast(spent as varchar) from shop__big"
    ).rows() == [("9007199254740993", "12.500000")]
    assert not [f for f in book.sources.conclude() if f.severity == "fail"]
    book.close()


def test_an_open_project_stays_with_what_was_read_and_a_run_reads_anew(
    project: Path, postgres: str, schema: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema(TABLE, "insert into crm.people values (1, 'Ann Lee', 12.50, null, true)")
    monkeypatch.setenv("SHOP_URL", postgres)
    Workbook.open(project).close()
    schema("update crm.people set spent = 99")
    monkeypatch.delenv("SHOP_URL")
    book = Workbook.open(project)  # a page of the run: no address, the rows that the run read
    assert float(people(book)[0][2]) == 12.5
    book.close()
    with pytest.raises(DataError, match="SHOP_URL is not set"):
        Workbook.open(project, fetch="all")
    monkeypatch.setenv("SHOP_URL", postgres)
    book = Workbook.open(project, fetch="all")
    assert float(people(book)[0][2]) == 99
    book.close()


def test_check_asks_no_database(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_URL", raising=False)
    assert CliRunner().invoke(app, ["check", str(project)]).exit_code == 0
    assert not (project / ".workbook" / "extracts").exists()


def test_a_column_that_is_gone_is_told_with_its_neighbours(
    project: Path, postgres: str, schema: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    schema(TABLE.replace("seen_at", "seen_on"))
    monkeypatch.setenv("SHOP_URL", postgres)
    book = Workbook.open(project)
    with pytest.raises(DataError, match=r"no column 'seen_at'.*seen_on"):
        people(book)
    book.close()


def test_a_sqlite_file_is_a_source_like_any_other(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_sqlite(project, monkeypatch)
    book = Workbook.open(project)
    assert [(a, b, float(c), d, e) for a, b, c, d, e in people(book)] == [
        ("7", "Bo", 12.5, "2025-06-01 10:30:00", True)
    ]
    book.close()


def in_sqlite(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project over a SQLite file of one person."""
    with sqlite3.connect(project / "shop.db") as made:
        made.execute(
            "create table people(person_no integer primary key, name text, spent numeric, seen_at"
            " text, active integer)"
        )
        made.execute("insert into people values (7, 'Bo', 12.5, '2025-06-01 10:30:00', 1)")
    made.close()
    (project / "model" / "03_sources.yml").write_text(SOURCES.replace("crm.people", "people"))
    monkeypatch.setenv("SHOP_URL", f"sqlite:///{project}/shop.db")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-9],
        lambda data: data.replace(b"7", b"8"),
        lambda _: b"[]",
        lambda _: b"\xff",
    ],
)
@pytest.mark.parametrize("which", ["*.parquet", "*.json"])
def test_what_was_read_and_is_damaged_is_read_again(
    which: str, damage: Callable, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_sqlite(project, monkeypatch)
    Workbook.open(project).close()
    for file in (project / ".workbook" / "extracts").glob(which):
        file.write_bytes(damage(file.read_bytes()))
    book = Workbook.open(project)
    assert [("7", "Bo", "2025-06-01 10:30:00")] == [
        (row[0], row[1], row[3]) for row in people(book)
    ]
    assert not [f for f in book.sources.conclude() if f.severity == "fail"]
    book.close()


def test_half_an_extract_of_a_process_that_ended_is_removed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_sqlite(project, monkeypatch)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder = project / ".workbook" / "extracts"
    folder.mkdir(parents=True)
    left = folder / f".{ended.pid}-shop.people.parquet"
    left.write_bytes(b"half of the people")
    Workbook.open(project).close()
    assert not left.exists()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("connection: shop\n", "connection: shopp\n", "model.sources.unknown_connection"),
        (
            "table: crm.people",
            "table: crm.people\n    query: select 1",
            "model.sources.table_and_query",
        ),
        (
            "table: crm.people",
            "table: crm.people\n    file: x.csv",
            "model.sources.word_of_another_format",
        ),
        ('query: "select person_no', 'query: "delete person_no', "model.sources.not_a_select"),
        ("connection: shop\n    table", "table", "model.sources.no_connection"),
    ],
)
def test_what_check_says(project: Path, before: str, after: str, told: str) -> None:
    file = project / "model" / "03_sources.yml"
    assert before in SOURCES
    file.write_text(SOURCES.replace(before, after, 1))
    with pytest.raises(ModelError) as caught:
        load_model(project)
    assert told in [
        each.code for each in caught.value.problems if each.file == "model/03_sources.yml"
    ]


def test_an_address_in_place_of_a_variables_name_is_refused_and_not_repeated(project: Path) -> None:
    (project / "workbook.yml").write_text(
        PROJECT.replace("SHOP_URL", "'postgresql://u:hunter2@h/d'")
    )
    with pytest.raises(ModelError) as caught:
        load_model(project)
    assert caught.value.code == "model.yaml.not_a_variable"
    assert "hunter2" not in str(caught.value)
