"""Which relationships lead to at most one row, and which identifier names an entity in another
source.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbook.model import Model
from workbook.model.links import LIMITS, strongest_identifier, to_one_links
from workbook.model.table_names import raw_table_of, table_of

LINKS = """
entities:
  person: {from: shop.people}
  order: {from: shop.orders}
relationships:
  buys: {from: order, to: person, by: person_no}
  only_one: {from: person, to: order, by: person_no, cardinality: one to one}
  pays: {from: order, to: person, by: person_no, cardinality: many to many}
  owns: {from: person, to: order, by: person_no, cardinality: one to many}
"""
SOURCES = """
systems: {shop: {}}
sources:
  shop.people: {primary_key: person_no, fields: {person_no: id, mail: email, card: text,
    nick: text}}
  shop.orders: {primary_key: order_no, fields: {order_no: id, person_no: id, mail: email,
    card: text, nick: text}}
identifiers:
"""
NICK = "  nick: {strength: weak, in: [shop.people, shop.orders]}\n"
MAIL = "  mail: {in: [shop.people, shop.orders]}\n"
CARD = "  card: {in: [shop.people, shop.orders]}\n"
KEY = "  person_no: {strength: weak, in: [shop.people, shop.orders]}\n"


def names(model: Model, start: str = "", end: str = "") -> list[str]:
    """The to-one relationships, by name."""
    return [name for name, _ in to_one_links(model, start, end)]


def test_one_to_many_and_many_to_many_lead_to_several(a_model: Callable[..., Model]) -> None:
    model = a_model(sources=SOURCES + KEY, entities=LINKS)
    assert names(model) == ["buys", "only_one"]
    assert names(model, "order", "person") == ["buys"]
    assert names(model, "person") == ["only_one"] == names(model, end="order")
    assert names(model, "person", "person") == []


def test_without_entities_nothing_leads_anywhere(a_model: Callable[..., Model]) -> None:
    assert names(a_model(entities="")) == []


def test_each_cardinality_limits_the_side_that_is_one() -> None:
    assert {
        name: (most_from is not None, most_to is not None)
        for name, (most_from, most_to) in LIMITS.items()
    } == {
        "many to one": (False, True),
        "one to one": (True, True),
        "one to many": (True, False),
        "many to many": (False, False),
    }


@pytest.mark.parametrize(
    ("identifiers", "found"),
    [
        (NICK + MAIL + CARD + KEY, "person_no"),  # the key of its source, though it is weak
        (NICK + CARD + MAIL, "card"),  # then a strong one, the first that is declared
        (NICK + MAIL + CARD, "mail"),
        (NICK, "nick"),
    ],
)
def test_the_strongest_identifier(
    a_model: Callable[..., Model], identifiers: str, found: str
) -> None:
    model = a_model(
        sources=SOURCES + identifiers, entities="entities: {person: {from: shop.people}}\n"
    )
    assert strongest_identifier(model, "person", "shop.orders") == (found, found)


def test_no_identifier(a_model: Callable[..., Model]) -> None:
    model = a_model(
        sources=SOURCES + "  card: {in: shop.people}\n",
        entities="entities: {person: {from: shop.people}}\n",
    )
    assert strongest_identifier(model, "person", "shop.orders") is None


def test_tables_of_a_source() -> None:
    assert (table_of("shop.people"), raw_table_of("shop.people")) == (
        "shop__people",
        "raw__shop__people",
    )
