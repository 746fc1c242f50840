"""A database without foreign keys: keys meet all the same, words that mean nothing are none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from workbook import Workbook
from workbook.model import load_model
from workbook.sources.onboard.add import add_sources


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with sqlite3.connect(tmp_path / "shop.sqlite") as base:
        base.execute("create table customers(id integer primary key, company text)")
        base.execute(
            "create table invoices(id integer primary key, customer_id integer,"
            " unit_amount integer, status text)"
        )
        base.executemany(
            "insert into customers values (?, ?)",
            [(n, "N/A" if n == 3 else f"Firm {n}") for n in range(101, 141)] + [(3, "N/A")],
        )
        base.executemany(
            "insert into invoices values (?, ?, ?, ?)",
            [(n, 101 + n % 40, 100 * n, ("paid", "N/A")[n % 2]) for n in range(1001, 1061)],
        )
    monkeypatch.setenv("SHOP_URL", f"sqlite:///{tmp_path / 'shop.sqlite'}")
    (tmp_path / "data").mkdir()
    (tmp_path / "workbook.yml").write_text(
        "name: Test\nas_of: 2025-06-30\nconnections: {shop: SHOP_URL}\n"
    )
    return tmp_path


def test_a_key_without_a_foreign_key_connects_and_n_a_is_no_value(project: Path) -> None:
    add_sources(project, ["shop:"])
    model = load_model(project)
    places = [ref.name for ref in model.identifier_places["customer_id"]]
    assert places == ["shop.customers.customer_id", "shop.invoices.customer_id"]
    amount = model.field("shop.invoices", "unit_amount")
    assert (amount.type, amount.unit) == ("money", "cents")
    (project / "model" / "04_entities.yml").write_text(
        "entities:\n"
        "  customer: {row_is: one firm, from: shop.customers, attributes: {company: "
        "shop.customers}}\n"
        "  invoice: {row_is: one invoice, from: shop.invoices}\n"
    )
    (project / "model" / "07_metrics.yml").write_text(
        "semantic_models: {i: {of: invoice, measures: {n: {agg: count}}}}\n"
        "metrics: {invoices: {measure: n, by: invoice.status}}\n"
    )
    book = Workbook.open(project)
    try:
        nameless = book.engine.query(
            book.plan, "select count(*) as n from customer where company is null"
        )
        assert nameless["n"].to_list() == [1]
        split = book.engine.query(
            book.plan, "select * from m__invoices__by__invoice__status order by 1"
        ).rows()
        assert [row[:2] for row in split] == [("(none)", 30), ("paid", 30)]
    finally:
        book.close()
