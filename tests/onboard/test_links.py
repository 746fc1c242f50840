"""Identifiers that connect sources: columns of one kind whose values meet, and traps where they only seem to."""

from __future__ import annotations

import polars as pl

from workbook.onboard.links import Holder, shared


def holder(place: str, *values: str, kind: str = "id", key: bool = False, new: bool = True) -> Holder:
    source, _, field = place.rpartition(".")
    thing = source.partition(".")[2].removesuffix("s")
    return Holder(source, field, kind, pl.Series(values, dtype=pl.String), key, new, thing)


CODES = [f"a{n}" for n in range(30)]
COUNTED = [str(n) for n in range(1, 31)]


def test_same_name_and_values_that_meet() -> None:
    found = shared([holder("crm.people.person_id", *CODES, key=True), holder("shop.orders.person_id", *CODES[:5])], {})
    assert found.blocks == {"person_id": {"strength": "strong", "in": ["crm.people.person_id", "shop.orders.person_id"], "guess": ["strength", "in"]}}


def test_same_name_and_values_that_do_not_meet() -> None:
    assert not shared([holder("crm.people.person_id", "x"), holder("shop.orders.person_id", "y")], {}).blocks


def test_another_name_is_found_by_its_values_and_called_as_the_key() -> None:
    found = shared([holder("shop.orders.buyer", *CODES), holder("crm.people.person_id", *CODES, key=True)], {})
    assert list(found.blocks) == ["person_id"]


def test_numbers_that_count_from_one_meet_everywhere_and_mean_nothing() -> None:
    assert not shared([holder("crm.people.person_id", *COUNTED, key=True), holder("shop.orders.order_no", *COUNTED)], {}).blocks
    assert shared([holder("crm.people.person_id", *COUNTED, key=True), holder("shop.orders.crm_person_id", *COUNTED)], {}).blocks


def test_two_keys_of_different_names_are_two_things() -> None:
    assert not shared([holder("crm.people.person_id", *CODES, key=True), holder("crm.firms.firm_id", *CODES, key=True)], {}).blocks


def test_a_row_that_refers_to_another_of_its_source_keeps_its_own_name() -> None:
    holders = [holder("crm.firms.firm_id", *CODES, key=True), holder("crm.firms.parent_firm_id", *CODES[:9]), holder("shop.orders.firm_id", *CODES)]
    found = shared(holders, {})
    assert found.blocks["firm_id"]["in"] == ["crm.firms.firm_id", "shop.orders.firm_id"]
    assert found.aside == ["crm.firms.parent_firm_id (as firm_id)"]


def test_what_everybody_has_is_called_by_its_kind_and_phones_are_weak() -> None:
    holders = [holder("a.x.mail", "m", kind="email"), holder("b.y.contact", "m", kind="email"), holder("a.x.tel", "1", kind="phone"), holder("b.y.tel", "1", kind="phone")]
    assert {name: block["strength"] for name, block in shared(holders, {}).blocks.items()} == {"email": "strong", "phone": "weak"}


def test_a_new_place_joins_the_identifier_that_the_model_has() -> None:
    found = shared([holder("a.x.mail", "m", kind="email", new=False), holder("b.y.contact", "m", kind="email")], {"address": ["a.x.mail"]})
    assert (found.blocks, found.more) == ({}, {"address": ["b.y.contact"]})


def test_a_name_that_is_taken_gets_the_systems_name() -> None:
    found = shared([holder("a.x.mail", "m", kind="email"), holder("b.y.mail", "m", kind="email")], {"email": ["c.z.mail"]})
    assert list(found.blocks) == ["a_email"]


def test_old_places_alone_are_left_as_they_are() -> None:
    old = [holder("a.x.mail", "m", kind="email", new=False), holder("b.y.mail", "m", kind="email", new=False)]
    assert shared(old, {}) == shared([], {})
