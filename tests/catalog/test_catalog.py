"""The catalog: what lies under a number, what an attribute means, which numbers a caveat
touches.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import SETTINGS, a_project

from workbook.catalog import code_of, entries, inventory, traces
from workbook.engine import Origin, Plan, Table
from workbook.model import Model, load_model
from workbook.model.caveats import caveats
from workbook.model.dependencies import Dependencies, dependencies_of

PARTS: dict[str, Any] = {
    "03_sources": {
        "systems": {"shop": {}, "desk": {}},
        "sources": {
            "shop.orders": {
                "primary_key": "order_no",
                "valid": "made",
                "fields": {
                    "order_no": "id",
                    "person_no": "id",
                    "paid": "money",
                    "state": "text",
                    "made": "date",
                },
            },
            "shop.people": {
                "primary_key": "person_no",
                "fields": {"person_no": "id", "name": "full_name", "town": "text"},
            },
            "desk.people": {
                "primary_key": "person_no",
                "fields": {"person_no": "id", "town": "text"},
            },
        },
        "identifiers": {"person_no": {"in": ["shop.orders", "shop.people", "desk.people"]}},
    },
    "04_entities": {
        "entities": {
            "order": {"from": "shop.orders"},
            "person": {
                "from": ["shop.people", "desk.people"],
                "attributes": {"name": "shop.people", "town": ["shop.people", "desk.people"]},
            },
        },
        "relationships": {
            "buys": {
                "from": "order",
                "to": "person",
                "by": "person_no",
                "cardinality": "many to one",
            }
        },
    },
    "07_metrics": {
        "owner": "finance",
        "rules": {
            "local": {"of": "person", "means": "Lives here.", "all": ["town = 'here'"]},
            "buyer": {"of": "person", "all": [{"some": "order", "where": "state = 'ok'"}]},
        },
        "semantic_models": {
            "orders": {"of": "order", "measures": {"paid": {"agg": "sum", "expr": "paid"}}},
            "people": {"of": "person", "measures": {"people": {"agg": "count"}}},
        },
        "metrics": {
            "paid_here": {
                "type": "simple",
                "measure": "paid",
                "filter": "person.local",
                "means": "Paid by people of this town.",
            },
            "buyers": {"type": "simple", "measure": "people", "filter": "buyer"},
            "paid_per_buyer": {"type": "ratio", "numerator": "paid_here", "denominator": "buyers"},
        },
    },
    "09_documentation": {
        "glossary": {"town": {"means": "Where the person lives.", "is": "person.town"}},
        "describe": {"order.state": "What became of it."},
        "caveats": {
            "towns": {
                "about": "person.town",
                "says": "Towns are typed by hand.",
                "until": "2025-06-29",
            },
            "states": {"about": "buyer", "says": "States are late."},
        },
    },
}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    settings = {**SETTINGS, "departments": {"finance": "x"}}
    return load_model(a_project(tmp_path, settings=settings, **PARTS))


def test_what_lies_under_a_number_one_hop_away(model):
    found = dependencies_of(model, ["paid_here"])
    assert (found.rules, found.entities, found.relationships) == (
        {"local"},
        {"order", "person"},
        {"buys"},
    )
    assert found.attributes == {"order.paid", "person.town"}
    assert {
        "shop.orders.paid",
        "shop.orders.made",
        "shop.people.town",
        "desk.people.town",
    } <= found.fields
    assert "shop.orders.state" not in found.fields


def test_what_lies_under_a_rule_about_what_happened(model):
    found = dependencies_of(model, ["buyers"])
    assert (
        found.rules == {"buyer"}
        and "order.state" in found.attributes
        and "buys" in found.relationships
    )


def test_a_ratio_rests_on_both_its_parts(model):
    both = dependencies_of(model, ["paid_here", "buyers"])
    assert dependencies_of(model, ["paid_per_buyer"]).names == both.names | {"paid_per_buyer"}


def test_a_name_that_leads_nowhere(model):
    assert dependencies_of(model, ["nothing"]) == Dependencies()


def test_the_dictionary(model):
    found = {entry.name: entry for entry in entries(model)}
    assert found["order.state"].means == "What became of it."
    assert found["person.town"].means == "town: Where the person lives."
    assert found["person.local"].means == "Lives here." and found["person.local"].owner == "finance"
    assert "shop orders, shop people and desk people" in found["person.person_no"].means
    assert found["person.name"].means == "" and found["person.name"].cls == "personal"
    assert (
        found["person.town"].rule == "source order: shop people, desk people"
        and found["order.paid"].rule == "only source"
    )


def test_a_caveat_touches_every_number_that_rests_on_what_it_is_about(model):
    found = {told.name: told for told in caveats(model)}
    assert found["towns"].metrics == ("paid_here", "paid_per_buyer") and found["towns"].expired
    assert found["states"].metrics == ("buyers", "paid_per_buyer") and not found["states"].expired


def test_a_caveat_follows_the_same_rows_over_another_time_and_never_the_other_way_round(model):
    paid = {"measure": "paid", "filter": "person.local"}
    more = {
        "this_year": {"type": "cumulative", **paid, "grain_to_date": "year"},
        "of_all": {"type": "cumulative", "measure": "paid"},
    }
    for name, metric in more.items():
        model = model.with_change(f"metrics.metrics.{name}", metric)
    model = model.with_change("documentation.caveats.towns.about", "paid_here").with_change(
        "documentation.caveats.states.about", "this_year"
    )
    found = {told.name: told.metrics for told in caveats(model)}
    assert found["towns"] == ("paid_here", "paid_per_buyer", "this_year") and found["states"] == (
        "this_year",
    )


def test_lineage_in_the_words_of_the_model(model):
    origins = [
        Origin("value", "raw__shop__orders", "paid", "direct"),
        Origin("value", "raw__shop__orders", "state", "indirect"),
        Origin("value", "raw__shop__orders", "*", "direct"),
        Origin("value", "raw__shop__orders", "_row", "indirect"),
        Origin("value", "person__clusters", "id", "untraced"),
    ]
    found = traces(model, origins)["value"]
    assert found.comes_from == ("shop.orders.paid", "shop.orders.*")
    assert (found.chosen_by, found.untraced) == (("shop.orders.state",), ("person__clusters.id",))


def test_the_inventory_is_in_the_order_of_patterns():
    plan = Plan(
        [
            Table("b", "one b", "x", "canonical", sql="select 1 as i"),
            Table("a", "one a", "x", sql="select 1 as i"),
            Table("c", "one c", "x", "source-aligned", sql="select 1 as i"),
        ]
    )
    assert [item.name for item in inventory(plan)] == ["c", "b", "a"]
    assert code_of(plan["b"], set()) == "select 1 as i"


def test_an_attribute_of_several_sources_is_answered_for_by_whoever_decides_which_wins(model):
    joined = model.with_change(
        "identity",
        {
            "owner": "finance",
            "identity": {"person": {"rules": [{"name": "same", "match": "person_no"}]}},
        },
    )
    decided = joined.with_change(
        "survivorship", {"owner": "finance", "fields": {"person.town": {"order": ["shop", "desk"]}}}
    )
    found = {entry.name: entry.owner for entry in entries(decided)}
    assert (found["person.town"], found["person.name"], found["order.paid"]) == ("finance", "", "")
