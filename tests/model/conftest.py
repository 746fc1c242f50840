"""Builders of the model's tests: a project folder from a few lines of YAML a step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import builders
import pytest

from workbook.model import Model, load_model

PROJECT = (
    "name: Test\nas_of: 2025-06-30\ndepartments: {sales: head of sales, finance: head of finance}\n"
)
SOURCES = """
systems: {shop: {owner: sales}, desk: {}}
sources:
  shop.people: {primary_key: person_no, recorded: seen_at,
    fields: {person_no: id, mail: email, name: full_name, city: text, seen_at: timestamp}}
  shop.orders: {primary_key: order_no, valid: bought_on,
    fields: {order_no: id, person_no: id, total: {type: money, currency: EUR}, state: text,
    bought_on: date}}
  desk.callers: {primary_key: caller_no, fields: {caller_no: id, mail: email, town: text}}
identifiers:
  person_no: {in: [shop.people, shop.orders]}
  mail: {in: [shop.people, desk.callers]}
trace: [person_no]
"""
ENTITIES = """
entities:
  person: {row_is: one human, from: [shop.people, desk.callers],
    attributes: {city: [shop.people, desk.callers.town], first: shop.people.name.first}}
  order: {row_is: one order, from: shop.orders}
relationships:
  buys: {from: order, to: person, by: person_no, cardinality: many to one}
"""


@pytest.fixture
def a_project(tmp_path: Path) -> Callable[..., Path]:
    """A project folder; `sources` and `entities` have a default, any step may be given as YAML."""

    def build(project: str = PROJECT, **steps: str) -> Path:
        parts = {"sources": SOURCES, "entities": ENTITIES, **steps}
        return builders.a_project(tmp_path, settings=project, **parts)

    return build


@pytest.fixture
def a_model(a_project: Callable[..., Path]) -> Callable[..., Model]:
    """The model of such a project."""

    def build(**steps: str) -> Model:
        return load_model(a_project(**steps))

    return build
