"""A literal that is compared with a personal column is somebody's value, wherever in the model
it stands; no page repeats it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbook.model import Model
from workbook.model.personal_literals import personal_literals, readable

METRICS = """
rules:
  one: {of: person, all: ["first = 'Nora'", "city = 'Ulm'"],
      none: ["first in ('Bo', 'Cy')", "coalesce(first, 'nobody') like 'Di%'"]}
  two: {of: person, any: [{some: order, where: "person.first <> 'Eve' and state = 'paid'"}]}
semantic_models:
  people: {of: person, measures: {people: {agg: count},
      coded: {agg: sum, expr: "case when first = 'Flo' then 1 else 0 end"}}}
metrics:
  some: {measure: people, filter: "one or first = 'Gus' or state_of = 'x'"}
dashboards:
  sheet: {competes_with: some, sql: "select count(*) as value from shop__people as p
      where p.name = 'Hal Ito' and p.city = 'Kiel'"}
"""
SOURCES = """
systems: {shop: {}}
sources:
  shop.people: {primary_key: person_no, valid: seen_at, recorded: seen_at,
    fields: {person_no: id, mail: email, name: full_name, city: {type: text, class: internal},
    seen_at: timestamp}}
  shop.orders: {primary_key: order_no, valid: bought_on,
    fields: {order_no: id, person_no: id, state: {type: text, class: internal}, bought_on: date}}
identifiers:
  person_no: {in: [shop.people, shop.orders]}
"""
ENTITIES = """
entities:
  person: {row_is: one human, from: shop.people, where: "not mail like 'ivy%' and city <> 'Jena'",
    attributes: {city: shop.people, first: shop.people.name.first}}
  order: {row_is: one order, from: shop.orders}
relationships:
  buys: {from: order, to: person, by: person_no, cardinality: many to one}
"""
HISTORY = "events:\n  seen: {from: shop.people, of: person, where: mail <> 'kai'}\n"
VIEWS = "views:\n  v: {of: person, purpose: p, only: first <> 'Lea', fields: [person.city]}\n"
CONTEXT = (
    "roles:\n  r: {may: p, rows: first <> 'Max'}\npurposes:\n  p: {classes: [internal, personal],"
    " only_if: person.first <> 'Ned'}\n"
)


@pytest.fixture
def model(a_model: Callable[..., Model]) -> Model:
    metrics = METRICS.replace(" or state_of = 'x'", "")
    return a_model(
        sources=SOURCES,
        entities=ENTITIES,
        metrics=metrics,
        history=HISTORY,
        customer_360=VIEWS,
        ai_context=CONTEXT,
    )


def test_every_place_of_an_expression_is_seen(model: Model) -> None:
    theirs = {
        "Nora",
        "Bo",
        "Cy",
        "nobody",
        "Di%",
        "Eve",
        "Flo",
        "Gus",
        "Hal Ito",
        "ivy%",
        "kai",
        "Lea",
        "Max",
        "Ned",
    }
    assert personal_literals(model) == theirs


def test_what_is_compared_with_a_harmless_column_stays_readable(model: Model) -> None:
    assert readable(model, "first = 'Nora' and city = 'Ulm'") == "first = '…' and city = 'Ulm'"


def test_a_value_that_the_model_lists_is_nobodys_secret(a_model: Callable[..., Model]) -> None:
    sources = SOURCES.replace(
        "seen_at: timestamp}",
        "seen_at: timestamp, answer: {type: text, class: personal, values: [granted, denied]}}",
    )
    entities = ENTITIES.replace("attributes: {", "attributes: {answer: shop.people, ")
    views = VIEWS.replace("first <> 'Lea'", "first <> 'Lea' and answer = 'granted'")
    model = a_model(
        sources=sources,
        entities=entities,
        metrics=METRICS.replace(" or state_of = 'x'", ""),
        customer_360=views,
        ai_context=CONTEXT,
    )
    assert (
        readable(model, "first <> 'Lea' and answer = 'granted'")
        == "first <> '…' and answer = 'granted'"
    )
