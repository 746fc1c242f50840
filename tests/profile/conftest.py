"""A small project of three systems, landed, with what it plants written beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from builders import a_project

from workbook import entities
from workbook.engine import Engine, Plan, Table
from workbook.model import Model, load_model
from workbook.sources import profile

PROJECT = (
    "name: Test\nas_of: 2025-06-30\ndepartments: {sales: head of sales, finance: head of finance}\n"
)
SOURCES = """
owner: sales
systems: {crm: {}, shop: {owner: finance}, desk: {freshness: {warn_after: 2 days,
  error_after: 10 days}}}
freshness: {warn_after: 1 day, error_after: 30 days}
sources:
  crm.firms: {row_is: one firm, primary_key: firm_no, recorded: seen_at,
    fields: {firm_no: id, mail: email, seen_at: timestamp}}
  shop.payers: {primary_key: payer_no, fields: {payer_no: id, firm_no: id, seats: integer}}
  shop.sales: {primary_key: sale_no, valid: sold_on,
    fields: {sale_no: id, payer_no: id, total: {type: money, currency: EUR}, sold_on: date}}
  desk.callers: {primary_key: caller_no, recorded: seen_on,
    fields: {caller_no: id, mail: email, seen_on: date}}
identifiers:
  firm_no: {in: [crm.firms, shop.payers]}
  payer_no: {in: [shop.payers, shop.sales]}
  caller_no: {in: desk.callers}
  mail: {in: [crm.firms, desk.callers]}
trace: [firm_no, payer_no, caller_no]
"""
ENTITIES = """
entities:
  firm: {from: crm.firms}
  payer: {from: shop.payers}
  sale: {from: shop.sales}
relationships:
  sale_payer: {from: sale, to: payer, by: payer_no}
  payer_firm: {from: payer, to: firm, by: firm_no, required: false}
"""
# f1 pays by two payers, f2 by one that nobody sold to, f3 and f4 by none; payer p4 belongs to a
# firm that CRM has not.
FIRMS = (
    "firm_no,mail,seen_at\nf1,A@x.example,2025-06-30 12:00\nf2,b@x.example,2025-06-01"
    " 00:00\nf3,a@x.example ,2025-07-02 00:00\nf4,,2025-06-30 12:00\n"
)
PAYERS = "payer_no,firm_no,seats\np1,f1,3\np2,f1,many\np3,f2,1\np4,f9,\np4,f9,2\n"
SALES = (
    "sale_no,payer_no,total,sold_on\ns1,p1,10.00,2025-06-29\ns2,p1,5.00,2025-06-30\n"
    "s3,p2,1.00,2025-06-30\ns4,,2.00,2025-06-30\ns5,p1\n"
)
CALLERS = "caller_no,mail,seen_on\nc1,a@x.example,2025-06-18\nc2,z@x.example,2025-06-10\n"
FILES = {"crm_firms": FIRMS, "shop_payers": PAYERS, "shop_sales": SALES, "desk_callers": CALLERS}


@dataclass(frozen=True)
class Opened:
    """A model, its plan, and the engine that answers questions about it."""

    model: Model
    plan: Plan
    engine: Engine

    def rows(self, sql: str) -> list[dict[str, object]]:
        return self.engine.query(self.plan, sql).to_dicts()

    def has(self, name: str) -> bool:
        return name in self.plan

    def frame(self, name: str) -> pl.DataFrame:
        return self.engine.frame(self.plan, name)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Opened]:
    """The project of this file; any file or step may be given instead, and tables added."""

    def build(
        sources: str = SOURCES,
        entity: str = ENTITIES,
        files: dict[str, str] | None = None,
        extra: tuple[Table, ...] = (),
        **steps: str,
    ) -> Opened:
        parts = {"sources": sources, "entities": entity, **steps}
        model = load_model(a_project(tmp_path, {**FILES, **(files or {})}, PROJECT, **parts))
        plan = Plan([*profile.tables(model), *entities.tables(model), *extra])
        return Opened(model, plan, Engine(tmp_path / "store", data_roots=[tmp_path]))

    return build


@pytest.fixture
def sources_text() -> str:
    """The 03_sources.yml of the project, to change a word of it."""
    return SOURCES
