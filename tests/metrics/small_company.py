"""A small company of one system, written as a real project: its sources, its entities, and the
07 that a test gives.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from workbook import entities, history, metrics
from workbook.engine import Engine, Plan, Table, landing_spec, landing_tables
from workbook.model import Model, load_model
from workbook.sources.profile import newest_tables

SOURCES = """
systems: {shop: {owner: sales}, bank: {owner: finance}}
sources:
  shop.clients:
    primary_key: client_id
    fields: {client_id: id, parent_id: id, country: country, kind: text,
      score: {type: integer, class: sensitive}}
  shop.contracts:
    primary_key: contract_id
    valid: [starts, ends]
    recorded: written
    fields: {contract_id: id, client_id: id, monthly: {type: money, currency: currency},
      currency: currency, seats: integer, starts: date, ends: date, written: date}
  shop.bills:
    primary_key: bill_id
    valid: billed
    fields: {bill_id: id, client_id: id, amount: {type: money, currency: currency},
      currency: currency, state: text, billed: date}
  shop.visits:
    primary_key: visit_id
    valid: seen
    fields: {visit_id: id, client_id: id, page: text, seen: timestamp}
  shop.teams:
    primary_key: [client_id, team]
    fields: {client_id: id, team: text}
  shop.tiers:
    primary_key: tier_id
    valid: since
    fields: {tier_id: id, client_id: id, tier: {type: text, class: internal}, since: date,
      lively: boolean}
  bank.rates:
    primary_key: [currency, day]
    valid: day
    fields: {currency: currency, day: date, rate: decimal}
identifiers:
  client_id: {in: [shop.clients, shop.contracts, shop.bills, shop.visits, shop.teams, shop.tiers]}
"""
ENTITIES = """
entities:
  client: {row_is: one client, from: shop.clients}
  contract: {row_is: one contract, from: shop.contracts}
  bill: {row_is: one bill, from: shop.bills}
  visit: {row_is: one visit, from: shop.visits}
  team: {row_is: one team of one client, from: shop.teams}
relationships:
  client_contracts: {from: contract, to: client, by: client_id, cardinality: many to one}
  client_bills: {from: bill, to: client, by: client_id, cardinality: many to one}
  client_visits: {from: visit, to: client, by: client_id, cardinality: many to one, required: false}
  teams_of: {from: client, to: team, by: client_id, cardinality: many to one}
"""
HEADS = {
    "shop.clients": "client_id,parent_id,country,kind,score",
    "shop.contracts": "contract_id,client_id,monthly,currency,seats,starts,ends,written",
    "shop.bills": "bill_id,client_id,amount,currency,state,billed",
    "shop.visits": "visit_id,client_id,page,seen",
    "shop.teams": "client_id,team",
    "shop.tiers": "tier_id,client_id,tier,since,lively",
    "bank.rates": "currency,day,rate",
}


class Company:
    """A project whose metrics are computed; also the reader that the metrics room asks."""

    def __init__(self, model: Model, plan: Plan, engine: Engine) -> None:
        self.model, self.plan, self.engine = model, plan, engine

    def has(self, name: str) -> bool:
        return name in self.plan

    def frame(self, name: str) -> pl.DataFrame:
        return self.engine.frame(self.plan, name)

    def query(self, sql: str) -> pl.DataFrame:
        return self.engine.query(self.plan, sql)

    def duplicates(self, name: str) -> int:
        return self.engine.artifact(self.plan, name).duplicate_keys

    def value(self, name: str) -> object:
        frame = self.frame(metrics.value_table(name))
        assert frame.height == 1, "a value is one row"
        return frame["value"][0]

    def months(self, name: str) -> dict[str, object]:
        return self.periods(name, "month")

    def periods(self, name: str, grain: str) -> dict[str, object]:
        """By the first day of each period, of a month without its day."""
        return {
            _named(start, grain): value
            for start, value, *_ in self.frame(metrics.period_table(name, grain)).sort(grain).rows()
        }

    def split(self, name: str, dimension: str, grain: str) -> dict[str, dict[str, object]]:
        """By segment, then by period."""
        found: dict[str, dict[str, object]] = {}
        for start, segment, value in (
            self.frame(metrics.period_table(name, grain, dimension))
            .sort(grain)
            .select(grain, "segment", "value")
            .rows()
        ):
            found.setdefault(segment, {})[_named(start, grain)] = value
        return found

    def segments(self, name: str, dimension: str) -> dict[str, object]:
        return {row[0]: row[1] for row in self.frame(metrics.segment_table(name, dimension)).rows()}

    @property
    def refused(self) -> dict[tuple[str, str], str]:
        """The code of each refusal, by metric and part."""
        return {(each.name, each.part): each.code for each in metrics.refusals(self.model)}

    @property
    def outcomes(self) -> Mapping[str, metrics.MetricResult]:
        return metrics.outcomes(self.model, self)

    @property
    def proofs(self) -> list[metrics.MetricCheck]:
        return metrics.reconcile(self.model, self, self.outcomes)


def _named(start: object, grain: str) -> str:
    return "no date" if start is None else str(start)[:7] if grain == "month" else str(start)


def rows_of(text: str) -> str:
    """`a | b` lines as CSV."""
    return "".join(
        ",".join(cell.strip() for cell in line.split("|")) + "\n"
        for line in text.strip().splitlines()
    )


def write_project(
    folder: Path,
    data: Mapping[str, str],
    seven: object,
    as_of: str = "2025-06-30",
    more: Mapping[str, str] | None = None,
) -> Path:
    """A project folder: `data` are rows by source (`a | b`), `seven` is 07 as a mapping or as
    text.
    """
    (folder / "data").mkdir(parents=True)
    (folder / "model").mkdir()
    (folder / "workbook.yml").write_text(
        f"workbook: 2\nname: Small\nas_of: {as_of}\ndata: data\ndepartments: {{sales: a, finance:"
        " b}\n"
    )
    files = {
        "03_sources": SOURCES,
        "04_entities": ENTITIES,
        "07_metrics": seven if isinstance(seven, str) else as_yaml(seven),
        **(more or {}),
    }
    for name, text in files.items():
        (folder / "model" / f"{name}.yml").write_text(text)
    for source, head in HEADS.items():
        system, table = source.split(".")
        (folder / "data" / system).mkdir(exist_ok=True)
        (folder / "data" / system / f"{table}.csv").write_text(
            head + "\n" + rows_of(data.get(source, ""))
        )
    return folder


def as_yaml(value: object) -> str:
    stream = io.StringIO()
    YAML(typ="safe").dump(value, stream)
    return stream.getvalue()


def plan_of(model: Model, extra: tuple[Table, ...] = ()) -> Plan:
    """Landing, entities, history and metrics; `extra` tables stand in for those of their name."""
    tables = [
        table
        for source in model.source_names
        for table in landing_tables(source, landing_spec(model, source))
    ]
    tables += [*entities.tables(model), *history.tables(model), *metrics.tables(model)]
    tables += newest_tables(model)
    named = {table.name: table for table in tables} | {table.name: table for table in extra}
    return Plan(named.values())


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Callable[..., Company]]:
    """A company of these rows whose 07 says this; its metrics are computed when they are asked
    for.
    """
    engines: list[Engine] = []

    def build(
        data: Mapping[str, str],
        seven: object,
        *,
        as_of: str = "2025-06-30",
        extra: tuple[Table, ...] = (),
        more: Mapping[str, str] | None = None,
    ):
        folder = write_project(tmp_path / f"project{len(engines)}", data, seven, as_of, more)
        model = load_model(folder)
        engine = (
            Engine(tmp_path / "store", data_roots=[model.data_root])
            if not engines
            else Engine(engines[0].store, data_roots=[model.data_root])
        )
        engines.append(engine)
        return Company(model, plan_of(model, extra), engine)

    yield build
    for engine in engines:
        engine.close()
