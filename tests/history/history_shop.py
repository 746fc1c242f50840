"""A small shop whose past is written down in every form: periods, changes, snapshots, events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from workbook import entities, history
from workbook.engine import Engine, Plan, landing_spec, landing_tables
from workbook.model import Model

SOURCES = """
systems: {shop: {owner: sales}}
sources:
  shop.clients: {primary_key: client_id, recorded: seen,
    fields: {client_id: id, tier: {type: text, class: internal},
    plan: {type: text, class: internal}, made: date, seen: timestamp}}
  shop.contracts:
    primary_key: contract_id
    valid: [starts, ends]
    recorded: written
    fields: {contract_id: id, client_id: id, plan: {type: text, class: internal}, starts: date,
      ends: date, written: timestamp}
  shop.changes:
    primary_key: change_id
    valid: changed
    recorded: logged
    fields: {change_id: id, client_id: id, what: {type: text, class: internal},
      was: {type: text, class: internal}, becomes: {type: text, class: internal},
      changed: timestamp, logged: timestamp}
  shop.nights: {primary_key: [client_id, night], valid: night,
    fields: {client_id: id, night: date, score: integer}}
  shop.answers:
    primary_key: answer_id
    valid: answered
    recorded: got
    fields: {answer_id: id, client_id: id, answer: {type: text, class: internal},
      answered: timestamp, got: timestamp}
identifiers:
  client_id: {in: [shop.clients, shop.contracts, shop.changes, shop.nights, shop.answers]}
"""
ENTITIES = """
entities:
  client: {row_is: one client, from: shop.clients}
  contract: {row_is: one contract, from: shop.contracts}
  answer: {row_is: one answer, from: shop.answers}
relationships:
  client_contracts: {from: contract, to: client, by: client_id, cardinality: many to one}
  client_answers: {from: answer, to: client, by: client_id, cardinality: many to one,
    required: false}
"""
HISTORY = """
history:
  client.plan: {from: shop.contracts, as: periods, value: plan}
  client.rank: {from: shop.changes, as: changes, where: what = 'rank', value: becomes, before: was}
  client.score: {from: shop.nights, as: snapshots, value: score}
  client.consent: {from: shop.answers, as: events, value: answer}
events:
  met: {from: shop.clients, of: client, at: made}
  began: {from: shop.contracts, of: client, at: starts}
  left: {from: shop.contracts, of: client, at: ends, last: true}
  answered: {from: shop.answers, of: client}
  first_answer: {from: shop.answers, of: client, first: true}
  latest_answer: {from: shop.answers, of: client, last: true}
lifecycle:
  client:
    known: {starts: met, next: [paying]}
    paying: {starts: began, next: [gone], expected: 30 days}
    gone: {starts: left, next: [paying]}
"""
HEADS = {
    "shop.clients": "client_id,tier,plan,made,seen",
    "shop.contracts": "contract_id,client_id,plan,starts,ends,written",
    "shop.changes": "change_id,client_id,what,was,becomes,changed,logged",
    "shop.nights": "client_id,night,score",
    "shop.answers": "answer_id,client_id,answer,answered,got",
}
NOBODY = {"shop.clients": "a | gold | | | \nb | iron | | |"}


class Shop:
    """A project whose history is computed; also the reader that the history room asks."""

    def __init__(self, model: Model, plan: Plan, engine: Engine) -> None:
        self.model, self.plan, self.engine = model, plan, engine

    def has(self, name: str) -> bool:
        return name in self.plan

    def frame(self, name: str) -> pl.DataFrame:
        return self.engine.frame(self.plan, name)

    def query(self, sql: str) -> pl.DataFrame:
        return self.engine.query(self.plan, sql)

    @property
    def evidence(self) -> history.HistoryEvidence:
        return history.HistoryEvidence(self.model, self)

    def lines(self, table: str, *columns: str) -> list[str]:
        """Columns of a table as `a | b` lines, sorted; midnight is written as its day, the ends
        of time as `ever`.
        """
        return sorted(
            " | ".join(written(value) for value in row)
            for row in self.frame(table).select(*columns).rows()
        )


def written(value: object) -> str:
    text = "~" if value is None else str(value)
    return (
        "ever"
        if text in ("9999-12-31 00:00:00", "1900-01-01 00:00:00")
        else text.removesuffix(" 00:00:00")
    )


def rows_of(text: str) -> str:
    """`a | b` lines as CSV."""
    return "".join(
        ",".join(cell.strip() for cell in line.split("|")) + "\n"
        for line in text.strip().splitlines()
    )


def write_project(
    folder: Path,
    data: Mapping[str, str],
    as_of: str = "2025-06-30",
    six: str = HISTORY,
    more: Mapping[str, str] | None = None,
) -> Path:
    """A project folder: `data` are rows by source (`a | b`), `six` is 06 as text."""
    (folder / "data" / "shop").mkdir(parents=True)
    (folder / "model").mkdir()
    (folder / "workbook.yml").write_text(
        f"workbook: 2\nname: Small\nas_of: {as_of}\ndata: data\ndepartments: {{sales: a}}\n"
    )
    for name, text in {
        "03_sources": SOURCES,
        "04_entities": ENTITIES,
        "06_history": six,
        **(more or {}),
    }.items():
        if text:
            (folder / "model" / f"{name}.yml").write_text(text)
    for source, head in HEADS.items():
        system, table = source.split(".")
        (folder / "data" / system / f"{table}.csv").write_text(
            head + "\n" + rows_of(data.get(source, ""))
        )
    return folder


def plan_of(model: Model) -> Plan:
    """Landing, entities and history."""
    landed = [
        table
        for source in model.source_names
        for table in landing_tables(source, landing_spec(model, source))
    ]
    return Plan([*landed, *entities.tables(model), *history.tables(model)])
