"""`add-source shop:crm.orders`: what a database knows is written as such, and `check` and a
build follow without an edit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.errors import DataError
from workbook.model import load_model
from workbook.sources.onboard.add import add_sources

TABLES = (
    (
        "create table crm.people(id bigint primary key, mail text, born date, joined timestamptz,"
        " updated_at timestamp, vip boolean, tags text[], code uuid)"
    ),
    (
        "create table crm.orders(order_no int, line int, buyer bigint references crm.people(id),"
        " total numeric(12,2), note text, primary key (order_no, line))"
    ),
    "create table crm.nothing(k int primary key, v text)",
    (
        "insert into crm.people select n, 'p' || n || '@shop.test', date '1980-01-01' + n::int,"
        " timestamptz '2025-01-01 10:00+02' + n * interval '1 day', '2025-06-01', n % 2 = 0,"
        " array['a','b'], gen_random_uuid() from generate_series(1, 30) as n"
    ),
    (
        "insert into crm.orders select n, 1, 1 + n % 30, n * 10.5, 'x' from generate_series(1, 40)"
        " as n"
    ),
)


@pytest.fixture
def project(
    tmp_path: Path, postgres: str, schema: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Path:
    schema(*TABLES)
    monkeypatch.setenv("SHOP_URL", postgres)
    (tmp_path / "model").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "workbook.yml").write_text(
        "name: Test\nas_of: 2025-06-30\nconnections: {shop: SHOP_URL}\n"
    )
    return tmp_path


def test_a_schema_is_added_with_what_the_database_knows(project: Path) -> None:
    report = add_sources(project, ["shop:crm"])
    assert set(report.sources) == {"crm.people", "crm.orders", "crm.nothing"}
    model = load_model(project)
    assert not model.is_open("sources")
    people, orders = model.sources.sources["crm.people"], model.sources.sources["crm.orders"]
    assert (people.connection, people.primary_key, orders.primary_key) == (
        "shop",
        ("person_id",),
        ("order_no", "line"),
    )
    assert "primary_key" not in (*people.guess, *orders.guess)
    kinds = {name: field.type for name, field in people.fields.items()}
    assert kinds == {
        "person_id": "id",
        "mail": "email",
        "born": "date",
        "joined": "timestamp",
        "updated_at": "timestamp",
        "vip": "boolean",
        "tags": "text",
        "code": "id",
    }
    assert all(
        "type" not in people.fields[name].guess
        for name in ("person_id", "born", "joined", "vip", "tags", "code")
    )
    assert (people.fields["tags"].split, people.fields["tags"].guess) == ("json", ())
    assert orders.fields["buyer"].type == "id"
    buyer = [each for each in model.sources.identifiers.values() if "crm.orders.buyer" in each.in_]
    assert [set(each.in_) for each in buyer] == [{"crm.people.person_id", "crm.orders.buyer"}]
    assert not buyer[0].guess


def test_what_was_added_builds_without_an_edit(project: Path) -> None:
    add_sources(project, ["shop:crm"])
    book = Workbook.open(project)
    counted = book.engine.query(
        book.plan,
        "select (select count(*) from crm__people) as p, (select count(*) from crm__orders) as o",
    )
    assert counted.rows() == [(30, 40)]
    bad = book.engine.query(book.plan, "select count(*) as n from crm__people__bad")
    assert bad.rows() == [(0,)]
    book.close()


def test_amounts_and_lists_of_postgresql_are_proposed_as_such(
    project: Path, schema: Callable[..., None]
) -> None:
    schema(
        "create table crm.sales(sale_no int primary key, fee money, mails text[], tags text[],"
        " parts int[], many numeric[])",
        "insert into crm.sales select n, n * 1000.5, array['p' || n || '@shop.test', 'q' || n ||"
        " '@shop.test'], array['a', 'b'], array[n, 2], array[1.5] from generate_series(1, 30) as n",
    )
    add_sources(project, ["shop:crm.sales"])
    fields = load_model(project).sources.sources["crm.sales"].fields
    assert {name: (field.type, field.split) for name, field in fields.items()} == {
        "sale_no": ("id", ""),
        "fee": ("money", ""),
        "mails": ("email", "json"),
        "tags": ("text", "json"),
        "parts": ("id", "json"),
        "many": ("json", ""),
    }
    book = Workbook.open(project)
    found = book.engine.query(book.plan, "select sum(fee) as fees from crm__sales").rows()
    listed = book.engine.query(book.plan, "select count(*) as n from crm__sales__mails").rows()
    book.close()
    assert (str(found[0][0]), listed) == ("465232.50", [(60,)])


def test_one_table_and_a_system_by_name(project: Path) -> None:
    assert add_sources(project, ["shop:crm.orders"], "billing").sources == ("billing.orders",)
    source = load_model(project).sources.sources["billing.orders"]  # type: ignore[union-attr]
    assert (source.connection, source.table) == ("shop", "crm.orders")


@pytest.mark.parametrize(
    ("asked", "told"),
    [("shp:crm.orders", "Did you mean 'shop'"), ("shop:crm.order", "Did you mean 'crm.orders'")],
)
def test_a_name_that_is_not_there(project: Path, asked: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        add_sources(project, [asked])


SAAS = (
    (
        "create table crm.firms(id uuid primary key, name text, site text, parent_id uuid"
        " references crm.firms(id), tags text[])"
    ),
    (
        "create table crm.deals(id int primary key, buyer_id uuid references crm.firms(id),"
        " seller_id uuid references crm.firms(id), amount bigint, currency char(3), ip inet, number"
        " text)"
    ),
    (
        "insert into crm.firms select md5(n::text)::uuid, 'Firm ' || n || ' GmbH', case when n % 5"
        " = 0 then 'N/A' else 'f' || n || '.example.com' end, case when n > 30 then md5((n -"
        " 30)::text)::uuid end, case when n % 2 = 0 then array['eu', 'top'] else '{}' end from"
        " generate_series(1, 40) as n"
    ),
    (
        "insert into crm.deals select n, md5((1 + n % 40)::text)::uuid, md5((1 + n %"
        " 7)::text)::uuid, n * 100 + 1900, 'EUR', ('192.0.2.' || n)::inet, 'D-2024-' || 1000 + n"
        " from generate_series(1, 60) as n"
    ),
)


@pytest.fixture
def saas(project: Path, schema: Callable[..., None]) -> Path:
    """The project over firms with parents, and deals that name two firms each."""
    schema("drop table crm.orders", "drop table crm.people", "drop table crm.nothing", *SAAS)
    return project


def test_one_field_of_a_source_is_an_identifier_and_other_keys_are_relationships(
    saas: Path,
) -> None:
    report = add_sources(saas, ["shop:crm"])
    identifiers = load_model(saas).sources.identifiers  # type: ignore[union-attr]
    assert {name: set(each.in_) for name, each in identifiers.items()} == {
        "firm_id": {"crm.firms.firm_id", "crm.deals.buyer_id"}
    }
    assert not identifiers["firm_id"].guess
    said = next(each for each in report.sentences if each.startswith("Not part of an identifier"))
    assert "crm.deals.seller_id (firm_id)" in said
    assert "crm.firms.parent_id (firm_id)" in said


def test_a_database_is_read_by_its_values_too(saas: Path) -> None:
    report = add_sources(saas, ["shop:crm"])
    fields = load_model(saas).sources.sources  # type: ignore[union-attr]
    firms, deals = fields["crm.firms"].fields, fields["crm.deals"].fields
    assert (firms["site"].type, firms["tags"].split, firms["tags"].guess) == ("domain", "json", ())
    assert (deals["ip"].type, deals["number"].type) == ("ip", "id")
    assert any("amount holds whole numbers only" in each for each in report.sentences)
    book = Workbook.open(saas)
    rows = book.engine.query(
        book.plan, "select min(ip) as ip, sum(amount) as amount from crm__deals"
    ).rows(named=True)
    # 60 × 1900 + 100 × (1 + … + 60) = 114,000 + 183,000
    assert (rows[0]["ip"], int(rows[0]["amount"])) == ("192.0.2.1", 297_000)
    book.close()


def test_what_sqlite_calls_a_number_stays_a_time_and_an_amount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect(tmp_path / "app.db") as db:
        db.execute(
            "create table sales(no text primary key, created_ts integer, total_cents integer,"
            " is_paid integer, placed datetime)"
        )
        db.executemany(
            "insert into sales values (?, ?, ?, ?, ?)",
            [(f"A-{n}", 1740000000 + n, 100 * n, n % 2, "2025-03-01") for n in range(20)],
        )
    monkeypatch.setenv("APP_URL", f"sqlite:///{tmp_path / 'app.db'}")
    (tmp_path / "model").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "workbook.yml").write_text(
        "name: Test\nas_of: 2025-06-30\nconnections: {app: APP_URL}\n"
    )
    add_sources(tmp_path, ["app:sales"])
    sales = load_model(tmp_path).sources.sources["app.sales"].fields  # type: ignore[union-attr]
    assert {name: field.type for name, field in sales.items()} == {
        "no": "id",
        "created_ts": "timestamp",
        "total_cents": "money",
        "is_paid": "boolean",
        "placed": "timestamp",
    }
    assert (sales["created_ts"].format, sales["total_cents"].unit) == (("UNIX",), "cents")
    book = Workbook.open(tmp_path)
    rows = book.engine.query(
        book.plan,
        "select min(created_ts) as first, sum(total_cents) as total, count(placed) as placed from"
        " app__sales",
    ).rows()
    # 1,740,000,000 seconds since 1970 are 2025-02-19 21:20:00; 100 × (0 + … + 19) cents = 190.00
    assert (str(rows[0][0]), float(rows[0][1]), rows[0][2]) == ("2025-02-19 21:20:00", 190.0, 20)
    book.close()
