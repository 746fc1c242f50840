"""What a database holds arrives as text, whole, in one snapshot, and no address ever reaches a
message.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from workbook.engine.databases import Wanted, address_of, describe, extract, kept_extract, tables_in
from workbook.errors import DataError

EVERY_TYPE = (
    """create table crm.accounts(account_id bigint primary key, name text not null,
        price numeric(20,4), created timestamptz,
    local timestamp, day date, active boolean, tags text[], meta jsonb, owner uuid,
        ratio double precision, plan char(5), pic bytea)""",
    """insert into crm.accounts values (9007199254740993, 'Köln "AG"', 1234567890123456.3400,
        '2025-06-01 10:30:00.123+02',
    '2025-06-01 10:30:00', '2025-06-01', true, '{a,"b;c"}', '{"x": 1}',
        '11111111-1111-1111-1111-111111111111', 0.1, 'pro', '\\xff00')""",
    "insert into crm.accounts(account_id, name) values (2, '')",
    """create table crm.orders(order_id int, line int,
        account_id bigint references crm.accounts(account_id),
    total numeric(10,2), primary key (order_id, line))""",
    "insert into crm.orders values (1, 1, 2, 10.00)",
)


def rows(folder: Path, file: str) -> list[dict[str, str | None]]:
    return pl.read_parquet(folder / file).to_dicts()


def test_every_type_of_postgresql_arrives_as_text_with_all_its_digits(
    postgres: str, schema: Callable[..., None], tmp_path: Path
) -> None:
    schema(*EVERY_TYPE)
    address = address_of("crm", "CRM", {"CRM": postgres})
    made = extract(tmp_path, address, Wanted("crm.accounts", table="crm.accounts"))
    assert made.rows == 2
    empty, full = rows(tmp_path, made.file)
    assert full == {
        "account_id": "9007199254740993",
        "name": 'Köln "AG"',
        "price": "1234567890123456.3400",
        "created": "2025-06-01 08:30:00.123+00",
        "local": "2025-06-01 10:30:00",
        "day": "2025-06-01",
        "active": "true",
        "tags": '["a","b;c"]',
        "meta": '{"x": 1}',
        "owner": "11111111-1111-1111-1111-111111111111",
        "ratio": "0.1",
        "plan": "pro",
        "pic": "ff00",
    }
    assert {value for name, value in empty.items() if name not in ("account_id", "name")} == {None}


def test_amounts_and_lists_arrive_as_digits_and_json_from_a_table_and_from_a_query(
    postgres: str, schema: Callable[..., None], tmp_path: Path
) -> None:
    schema(
        "create domain crm.price as money",
        "create table crm.sales(n int primary key, paid money, list crm.price, parts money[],"
        " tags text[], owners uuid[], counts int[])",
        "insert into crm.sales values (1, 1234567.5, -0.05, '{1.5,1000}', '{\"a,b\",c}', '{}',"
        " '{1,2}')",
    )
    address = address_of("crm", "CRM", {"CRM": postgres})
    told = {
        "n": "1",
        "paid": "1234567.50",
        "list": "-0.05",
        "parts": "[1.50,1000.00]",
        "tags": '["a,b","c"]',
        "owners": "[]",
        "counts": "[1,2]",
    }
    made = extract(tmp_path, address, Wanted("crm.sales", table="crm.sales"))
    assert rows(tmp_path, made.file) == [told]
    query = "select * from crm.sales"
    asked = extract(tmp_path, address, Wanted("crm.asked", query=query))
    assert rows(tmp_path, asked.file) == [told | {"list": "-$0.05"}]
    nothing = extract(tmp_path, address, Wanted("crm.none", query=query + " where n > 1"))
    assert (nothing.rows, rows(tmp_path, nothing.file)) == (0, [])


def test_the_catalogue_tells_types_keys_and_links(
    postgres: str, schema: Callable[..., None]
) -> None:
    schema(*EVERY_TYPE)
    address = address_of("crm", "CRM", {"CRM": postgres})
    assert tables_in(address) == ["crm.accounts", "crm.orders"]
    orders = describe(address, table="crm.orders")
    assert [(c.name, c.type) for c in orders.columns][2:] == [
        ("account_id", "bigint"),
        ("total", "numeric(10,2)"),
    ]
    assert orders.key == ("order_id", "line")
    assert dict(orders.links) == {"account_id": ("crm.accounts", "account_id")}


def test_the_same_rows_give_the_same_file_and_another_question_does_not_find_it(
    postgres: str, schema: Callable[..., None], tmp_path: Path
) -> None:
    schema("create table crm.t(k int, v text)", "insert into crm.t values (2, 'b'), (1, 'a')")
    address = address_of("crm", "CRM", {"CRM": postgres})
    wanted = Wanted("crm.t", query="select v, k from crm.t")
    first = extract(tmp_path, address, wanted)
    assert rows(tmp_path, first.file) == [{"v": "a", "k": "1"}, {"v": "b", "k": "2"}]
    schema("delete from crm.t", "insert into crm.t values (1, 'a'), (2, 'b')")
    assert extract(tmp_path, address, wanted).file == first.file
    assert kept_extract(tmp_path, "crm", wanted) == first
    assert kept_extract(tmp_path, "crm", Wanted("crm.t", query="select k, v from crm.t")) is None
    assert kept_extract(tmp_path, "other", wanted) is None
    schema("insert into crm.t values (3, 'c')")
    assert extract(tmp_path, address, wanted).file != first.file
    assert len(list(tmp_path.glob("*.parquet"))) == 1


@pytest.mark.parametrize(
    "query",
    [
        "with gone as (delete from crm.t returning *) select * from gone",
        "select 1) as x; delete from crm.t; select (1",
        "select nextval('crm.s')",
    ],
)
def test_a_query_cannot_write(
    query: str, postgres: str, schema: Callable[..., None], tmp_path: Path
) -> None:
    schema("create table crm.t(k int)", "insert into crm.t values (1)", "create sequence crm.s")
    address = address_of("crm", "CRM", {"CRM": postgres})
    with pytest.raises(DataError):
        extract(tmp_path, address, Wanted("crm.t", query=query))
    assert extract(tmp_path, address, Wanted("crm.t", table="crm.t")).rows == 1
    assert not list(tmp_path.glob(".*"))


def test_no_message_holds_the_address(postgres: str, tmp_path: Path) -> None:
    wrong = postgres.replace("s3cret-of-tests", "wr0ng-secret")
    for value in (
        wrong,
        "postgresql://someone:wr0ng-secret@127.0.0.1:1/none",
        postgres + "-not-there",
    ):
        with pytest.raises(DataError) as caught:
            tables_in(address_of("crm", "CRM", {"CRM": value}))
        said = str(caught.value)
        assert "wr0ng-secret" not in said and "s3cret" not in said and value not in said
        assert "'crm'" in said
    with pytest.raises(DataError, match="CRM_URL is not set"):
        address_of("crm", "CRM_URL", {})
    with pytest.raises(DataError, match="scheme"):
        address_of("crm", "CRM_URL", {"CRM_URL": "localhost"})
    with pytest.raises(DataError, match="adbc_driver_nosuch"):
        tables_in(address_of("crm", "CRM_URL", {"CRM_URL": "nosuch://x:wr0ng-secret@y"}))


def test_a_table_that_is_not_there_names_the_nearest(
    postgres: str, schema: Callable[..., None], tmp_path: Path
) -> None:
    schema("create table crm.accounts(k int)")
    address = address_of("crm", "CRM", {"CRM": postgres})
    with pytest.raises(DataError, match=r"Did you mean 'crm\.accounts'"):
        extract(tmp_path, address, Wanted("crm.accounts", table="crm.acounts"))


def test_sqlite_gives_numbers_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "shop #1.db"
    with sqlite3.connect(file) as made:
        made.execute("create table people(id integer primary key)")
        made.execute(
            "create table t(a integer primary key, b text, c real, d blob, e numeric, p integer"
            " references people(id))"
        )
        made.execute(
            "insert into t values (1,'x',0.1,x'ff',12.30,1),"
            " (9007199254740993,'é',0.30000000000000004,null,9007199254740993,null)"
        )
    made.close()
    address = address_of("shop", "SHOP", {"SHOP": f"sqlite:///{file}"})
    found = extract(tmp_path / "kept", address, Wanted("shop.t", table="t"))
    assert rows(tmp_path / "kept", found.file) == [
        {"a": "1", "b": "x", "c": "0.1", "d": "FF", "e": "12.3", "p": "1"},
        {
            "a": "9007199254740993",
            "b": "é",
            "c": "0.30000000000000004",
            "d": None,
            "e": "9007199254740993",
            "p": None,
        },
    ]
    info = describe(address, table="t")
    assert (info.key, dict(info.links)) == (("a",), {"p": ("people", "id")})
    with pytest.raises(DataError):
        extract(tmp_path / "kept", address, Wanted("shop.t", query="delete from t"))
    with pytest.raises(DataError, check=lambda error: error.code == "engine.databases.no_file"):
        tables_in(address_of("shop", "SHOP", {"SHOP": f"sqlite:///{tmp_path}/no.db"}))
    assert not (tmp_path / "no.db").exists()
