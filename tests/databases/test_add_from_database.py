"""`add-source shop:crm.orders`: what a database knows is written as such, and `check` and a build follow without an edit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.errors import DataError
from workbook.model import load_model
from workbook.onboard import add_sources

TABLES = (
    "create table crm.people(id bigint primary key, mail text, born date, joined timestamptz, updated_at timestamp, vip boolean, tags text[], code uuid)",
    "create table crm.orders(order_no int, line int, buyer bigint references crm.people(id), total numeric(12,2), note text, primary key (order_no, line))",
    "create table crm.nothing(k int primary key, v text)",
    "insert into crm.people select n, 'p' || n || '@shop.test', date '1980-01-01' + n::int, timestamptz '2025-01-01 10:00+02' + n * interval '1 day', "
    "'2025-06-01', n % 2 = 0, array['a','b'], gen_random_uuid() from generate_series(1, 30) as n",
    "insert into crm.orders select n, 1, 1 + n % 30, n * 10.5, 'x' from generate_series(1, 40) as n",
)


@pytest.fixture
def project(tmp_path: Path, postgres: str, schema: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Path:
    schema(*TABLES)
    monkeypatch.setenv("SHOP_URL", postgres)
    (tmp_path / "model").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "workbook.yml").write_text("name: Test\nas_of: 2025-06-30\nconnections: {shop: SHOP_URL}\n")
    return tmp_path


def test_a_schema_is_added_with_what_the_database_knows(project: Path) -> None:
    report = add_sources(project, ["shop:crm"])
    assert set(report.sources) == {"crm.people", "crm.orders", "crm.nothing"}
    model = load_model(project)
    assert model.sources is not None
    people, orders = model.sources.sources["crm.people"], model.sources.sources["crm.orders"]
    assert (people.connection, people.primary_key, orders.primary_key) == ("shop", ("person_id",), ("order_no", "line"))
    assert "primary_key" not in (*people.guess, *orders.guess)
    kinds = {name: field.type for name, field in people.fields.items()}
    assert kinds == {
        "person_id": "id", "mail": "email", "born": "date", "joined": "timestamp", "updated_at": "timestamp",
        "vip": "boolean", "tags": "text", "code": "id",
    }  # fmt: skip
    assert all("type" not in people.fields[name].guess for name in ("person_id", "born", "joined", "vip", "tags", "code"))
    assert (people.fields["tags"].split, people.fields["tags"].guess) == ("json", ())
    assert orders.fields["buyer"].type == "id"
    buyer = [each for each in model.sources.identifiers.values() if "crm.orders.buyer" in each.in_]
    assert [set(each.in_) for each in buyer] == [{"crm.people.person_id", "crm.orders.buyer"}]
    assert not buyer[0].guess


def test_what_was_added_builds_without_an_edit(project: Path) -> None:
    add_sources(project, ["shop:crm"])
    book = Workbook.open(project)
    counted = book.engine.query(book.plan, "select (select count(*) from crm__people) as p, (select count(*) from crm__orders) as o")
    assert counted.rows() == [(30, 40)]
    bad = book.engine.query(book.plan, "select count(*) as n from crm__people__bad")
    assert bad.rows() == [(0,)]
    book.close()


def test_one_table_and_a_system_by_name(project: Path) -> None:
    assert add_sources(project, ["shop:crm.orders"], "billing").sources == ("billing.orders",)
    source = load_model(project).sources.sources["billing.orders"]  # type: ignore[union-attr]
    assert (source.connection, source.table) == ("shop", "crm.orders")


@pytest.mark.parametrize(("asked", "told"), [("shp:crm.orders", "Did you mean 'shop'"), ("shop:crm.order", "Did you mean 'crm.orders'")])
def test_a_name_that_is_not_there(project: Path, asked: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        add_sources(project, [asked])
