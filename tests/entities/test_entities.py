"""Entities from landed files: records, rows by key, relationships, and what is measured of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from builders import a_project

from workbook import entities as room
from workbook.engine import Engine, Plan, Table, landing_spec, landing_tables, lint
from workbook.model import Model, load_model

PROJECT = "name: Test\nas_of: 2025-06-30\n"
SOURCES = """
systems: {shop: {}, desk: {}}
sources:
  shop.people: {primary_key: person_no, recorded: seen_at,
    fields: {person_no: member_no, name: full_name, boss: member_no, seen_at: timestamp}}
  shop.orders: {primary_key: order_no, fields: {order_no: id, person_no: member_no, total: money}}
  desk.callers: {primary_key: caller_no, fields: {caller_no: id, person_no: member_no,
    caller: full_name}}
  desk.teams: {primary_key: [person_no, order_no], fields: {person_no: member_no, order_no: id}}
types: {member_no: {is: id, normalise: category}}
identifiers:
  person_no: {in: [shop.people, shop.orders, desk.callers, desk.teams]}
  order_no: {in: [shop.orders, desk.teams]}
"""
ENTITIES = """
entities:
  person: {from: [shop.people, desk.callers], attributes: {first: [shop.people.name.first,
    desk.callers.caller.first], last: [shop.people.name.last, desk.callers.caller.last]}}
  order: {from: shop.orders}
relationships:
  buys: {from: order, to: person, by: person_no, cardinality: many to one}
  reports_to: {from: person, to: person, by: shop.people.boss, as: person_no, required: false,
    rolls_up: true}
  team: {from: person, to: order, through: desk.teams, cardinality: many to many}
"""
PEOPLE = (
    'person_no,name,boss,seen_at\np1,Ann Lee,,2025-01-01\np2,"Mc Coy, Bo",P1 ,2025-01-01\np2,Bo'
    " Coy,p9,2024-01-01\np3,Cher,p2,2025-01-01\n"
)
ORDERS = "order_no,person_no,total\no1,p1,10\no2,P2,5\no3,p8,1\no4,,2\no1,p1,10\no1,p1,11\n"
CALLERS = "caller_no,person_no,caller\nc1,p1,Ann B. Lee\n"
TEAMS = "person_no,order_no\np1,o2\np2,o2\np2,o9\n"


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], tuple[Model, Engine, Plan]]:
    """The project of this file, landed, with every record its own person."""

    def build() -> tuple[Model, Engine, Plan]:
        files = {
            "shop.people": PEOPLE,
            "shop.orders": ORDERS,
            "desk.callers": CALLERS,
            "desk.teams": TEAMS,
        }
        model = load_model(a_project(tmp_path, files, PROJECT, sources=SOURCES, entities=ENTITIES))
        landed = [
            t
            for source in model.source_names
            for t in landing_tables(source, landing_spec(model, source))
        ]
        clusters = Table(
            "person__clusters",
            "one record",
            "test",
            keys=("record",),
            sql='select _record as record, _record as id from "person__records"',
        )
        return (
            model,
            Engine(tmp_path / "store", data_roots=[tmp_path]),
            Plan([*landed, *room.tables(model), clusters]),
        )

    return build


def test_records_hold_the_attributes_of_every_system(
    opened: Callable[[], tuple[Model, Engine, Plan]],
) -> None:
    _, engine, plan = opened()
    records = engine.frame(plan, "person__records").select(
        "_record", "_system", "first", "last", "person_no"
    )
    assert records.rows() == [
        ("desk.callers:c1", "desk", "Ann", "Lee", "p1"),
        ("shop.people:p1", "shop", "Ann", "Lee", "p1"),
        ("shop.people:p2", "shop", "Bo", "Mc Coy", "p2"),  # the newest row of the key
        ("shop.people:p3", "shop", "Cher", None, "p3"),
    ]


def test_a_key_that_repeats_loses_copies_and_keeps_facts(
    opened: Callable[[], tuple[Model, Engine, Plan]],
) -> None:
    """order_no o1 stands three times: a row, its exact copy, and another amount.

    The copy goes, the amount stays.

    o1  p1  10
    o1  p1  10   -> set aside
    o1  p1  11   -> o1~2
    """
    _, engine, plan = opened()
    assert engine.frame(plan, "order").select("id", "total").rows() == [
        ("o1", pytest.approx(10)),
        ("o1~2", pytest.approx(11)),
        ("o2", pytest.approx(5)),
        ("o3", pytest.approx(1)),
        ("o4", pytest.approx(2)),
    ]
    assert engine.frame(plan, "order__set_aside").height == 1


def test_a_relationship_compares_keys_as_people_do_and_keeps_orphans(
    opened: Callable[[], tuple[Model, Engine, Plan]],
) -> None:
    _, engine, plan = opened()
    assert engine.frame(plan, "buys").sort("from_id", "to_id").rows() == [
        ("o1", "desk.callers:c1"),
        ("o1", "shop.people:p1"),
        ("o1~2", "desk.callers:c1"),
        ("o1~2", "shop.people:p1"),
        ("o2", "shop.people:p2"),
        ("o3", None),
        ("o4", None),
    ]


def test_a_relationship_may_stand_on_a_field_or_a_bridge(
    opened: Callable[[], tuple[Model, Engine, Plan]],
) -> None:
    _, engine, plan = opened()
    bosses = engine.frame(plan, "reports_to").filter(pl.col("to_id").is_not_null()).rows()
    assert sorted(bosses) == [
        ("shop.people:p2", "desk.callers:c1"),
        ("shop.people:p2", "shop.people:p1"),
        ("shop.people:p3", "shop.people:p2"),
    ]
    team = engine.frame(plan, "team").sort("from_id", "to_id").rows()
    assert team == [("desk.callers:c1", "o2"), ("shop.people:p1", "o2"), ("shop.people:p2", "o2")]


def test_what_was_declared_is_measured(opened: Callable[[], tuple[Model, Engine, Plan]]) -> None:
    model, engine, plan = opened()
    rows = {
        row["relationship"]: row
        for row in engine.query(plan, room.relationship_sql(plan, model)).to_dicts()
    }
    buys = room.verdict(model.entities.relationships["buys"], rows["buys"])
    assert buys.measured == "many to many" and not buys.agrees
    assert buys.breaches == (
        room.Breach("several_to", {"rows": 2, "of": 5, "entity": "person", "most": 2}),
        room.Breach("unlinked", {"rows": 2, "of": 5, "entity": "order", "other": "person"}),
    )
    counts = {
        row["entity"]: row for row in engine.query(plan, room.entity_sql(plan, model)).to_dicts()
    }
    assert counts["order"] == {"entity": "order", "records": 5, "things": 5, "set_aside": 1}
    # p2 stands twice among its people
    assert counts["person"] == {"entity": "person", "records": 4, "things": 4, "set_aside": 1}


def test_every_table_is_portable(opened: Callable[[], tuple[Model, Engine, Plan]]) -> None:
    model, _, _ = opened()
    for table in room.tables(model):
        if table.sql:
            lint(table.sql, table.name)


def test_a_hierarchy_is_walked_to_its_top_and_circles_are_counted() -> None:
    found = room.hierarchy([("a", "b"), ("b", "c"), ("d", "c"), ("x", "y"), ("y", "x")])
    assert (found.children, found.tops, found.levels, found.in_circles, found.largest) == (
        5,
        1,
        3,
        2,
        3,
    )
