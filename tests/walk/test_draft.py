"""What a page proposes where nothing is decided: from the sources that are written alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbook.model import Model, load_model
from workbook.walk.draft_entities import (
    draft_entities,
    draft_orders,
    draft_relationships,
    draft_rules,
)

SOURCES = """
systems: {crm: {label: CRM}, shop: {label: Shop}, desk: {label: Desk}}
sources:
  crm.companies:
    row_is: one company
    primary_key: company_no
    fields: {company_no: id, label: company_name, site: domain, ticket: text}
  shop.customers:
    row_is: one customer
    primary_key: customer_no
    fields: {customer_no: id, name: company_name, web: domain, crm_no: id}
  crm.contacts:
    row_is: one contact
    primary_key: contact_no
    fields:
      contact_no: id
      first_name: person_name
      mail: email
      companies: {type: id, split: ";"}
  desk.users:
    row_is: one user
    primary_key: user_no
    fields: {user_no: id, name: full_name, mail: email}
  shop.orders:
    row_is: one order
    primary_key: order_no
    valid: bought_at
    fields: {order_no: id, customer_no: id, mail: email, bought_at: timestamp}
  desk.leads:
    row_is: one lead
    primary_key: lead_no
    fields: {lead_no: id}
identifiers:
  company_no: {strength: strong, in: [crm.companies, shop.customers.crm_no, crm.contacts.companies]}
  customer_no: {strength: strong, in: [shop.customers, shop.orders]}
  web: {strength: weak, in: [crm.companies.site, shop.customers.web]}
  mail: {strength: strong, in: [crm.contacts, desk.users, shop.orders]}
"""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    (tmp_path / "model").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "workbook.yml").write_text("name: Draft\nas_of: 2025-06-30\n")
    (tmp_path / "model" / "03_sources.yml").write_text(SOURCES)
    return load_model(tmp_path)


@pytest.fixture
def declared(model: Model) -> Model:
    return model.with_change("entities.entities", draft_entities(model))


def sources(draft: dict[str, Any]) -> dict[str, list[str]]:
    return {name: block["from"] for name, block in draft.items()}


def test_sources_of_one_kind_are_one_entity_where_an_identifier_connects_them(
    model: Model,
) -> None:
    assert sources(draft_entities(model)) == {
        "account": ["crm.companies", "shop.customers"],
        "person": ["crm.contacts", "desk.users"],
        "order": ["shop.orders"],
        "desk_person": ["desk.leads"],  # nothing connects it with the other people
    }


def test_fields_that_say_the_same_are_one_attribute(model: Model) -> None:
    draft = draft_entities(model)
    account, person = draft["account"]["attributes"], draft["person"]["attributes"]
    assert account["name"] == ["crm.companies.label", "shop.customers.name"]
    assert person["first_name"] == ["crm.contacts.first_name", "desk.users.name.first"]
    assert {"company_no", "site", "web"}.isdisjoint(account)  # identifiers need not be named


def test_whoever_holds_a_key_of_another_belongs_to_it(declared: Model) -> None:
    found = draft_relationships(declared)
    assert {name: (each["by"], each["cardinality"]) for name, each in found.items()} == {
        "person_account": ("company_no", "many to many"),  # a list of companies
        "order_account": ("customer_no", "many to one"),
        "order_person": ("mail", "many to one"),
    }
    assert declared.with_change("entities.relationships", found)


def test_a_weak_identifier_joins_only_what_no_strong_one_does(declared: Model) -> None:
    rules = {
        name: [r["match"] for r in each["rules"]] for name, each in draft_rules(declared).items()
    }
    assert rules == {"account": ["company_no"], "person": ["mail"]}
    levels = draft_rules(declared)["person"]["rules"][0]["confidence"]
    assert levels == "high"  # an address may be shared


def test_an_order_is_of_systems_that_have_the_entity(declared: Model) -> None:
    assert draft_orders(declared) == {"account": ["crm", "shop"], "person": ["crm", "desk"]}
