"""Identifiers that connect sources: columns of one kind whose values meet, and traps where they
only seem to.
"""

from __future__ import annotations

import polars as pl

from workbook.sources.onboard.shared_identifiers import Holder, compared, shared


def holder(
    place: str, *values: str, kind: str = "id", key: bool = False, new: bool = True
) -> Holder:
    source, _, field = place.rpartition(".")
    thing = source.partition(".")[2].removesuffix("s")
    return Holder(source, field, kind, pl.Series(values, dtype=pl.String), key, new, thing)


CODES = [f"a{n}" for n in range(30)]
COUNTED = [str(n) for n in range(1, 31)]


def test_same_name_and_values_that_meet() -> None:
    found = shared(
        [
            holder("crm.people.person_id", *CODES, key=True),
            holder("shop.orders.person_id", *CODES[:5]),
        ],
        {},
    )
    assert found.blocks == {
        "person_id": {
            "strength": "strong",
            "in": ["crm.people.person_id", "shop.orders.person_id"],
            "guess": ["strength", "in"],
        }
    }


def test_same_name_and_values_that_do_not_meet() -> None:
    assert not shared(
        [holder("crm.people.person_id", "x"), holder("shop.orders.person_id", "y")], {}
    ).blocks


def test_another_name_is_found_by_its_values_and_called_as_the_key() -> None:
    found = shared(
        [holder("shop.orders.buyer", *CODES), holder("crm.people.person_id", *CODES, key=True)], {}
    )
    assert list(found.blocks) == ["person_id"]


def test_numbers_that_count_from_one_meet_everywhere_and_mean_nothing() -> None:
    assert not shared(
        [
            holder("crm.people.person_id", *COUNTED, key=True),
            holder("shop.orders.order_no", *COUNTED),
        ],
        {},
    ).blocks
    assert shared(
        [
            holder("crm.people.person_id", *COUNTED, key=True),
            holder("shop.orders.crm_person_id", *COUNTED),
        ],
        {},
    ).blocks


def test_two_keys_of_different_names_are_two_things() -> None:
    assert not shared(
        [
            holder("crm.people.person_id", *CODES, key=True),
            holder("crm.firms.firm_id", *CODES, key=True),
        ],
        {},
    ).blocks


def test_a_row_that_refers_to_another_of_its_source_keeps_its_own_name() -> None:
    holders = [
        holder("crm.firms.firm_id", *CODES, key=True),
        holder("crm.firms.parent_firm_id", *CODES[:9]),
        holder("shop.orders.firm_id", *CODES),
    ]
    found = shared(holders, {})
    assert found.blocks["firm_id"]["in"] == ["crm.firms.firm_id", "shop.orders.firm_id"]
    assert found.aside == {"crm.firms.parent_firm_id": "firm_id"}


def test_what_everybody_has_is_called_by_its_kind_and_phones_are_weak() -> None:
    holders = [
        holder("a.x.mail", "m", kind="email"),
        holder("b.y.contact", "m", kind="email"),
        holder("a.x.tel", "1", kind="phone"),
        holder("b.y.tel", "1", kind="phone"),
    ]
    assert {name: block["strength"] for name, block in shared(holders, {}).blocks.items()} == {
        "email": "strong",
        "phone": "weak",
    }


def test_a_new_place_joins_the_identifier_that_the_model_has() -> None:
    found = shared(
        [
            holder("a.x.mail", "m", kind="email", new=False),
            holder("b.y.contact", "m", kind="email"),
        ],
        {"address": ["a.x.mail"]},
    )
    assert (found.blocks, found.more) == ({}, {"address": ["b.y.contact"]})


def test_a_name_that_is_taken_gets_the_systems_name() -> None:
    found = shared(
        [holder("a.x.mail", "m", kind="email"), holder("b.y.mail", "m", kind="email")],
        {"email": ["c.z.mail"]},
    )
    assert list(found.blocks) == ["a_email"]


def test_old_places_alone_are_left_as_they_are() -> None:
    old = [
        holder("a.x.mail", "m", kind="email", new=False),
        holder("b.y.mail", "m", kind="email", new=False),
    ]
    assert shared(old, {}) == shared([], {})


BIG = [str(9_000_000_000 + 37 * n) for n in range(40)]


def test_text_and_numbers_that_name_a_key_become_ids() -> None:
    found = shared(
        [
            holder("stripe.customers.customer_id", *CODES, key=True),
            holder("stripe.subscriptions.customer", *CODES, kind="text"),
        ],
        {},
    )
    assert found.blocks["customer_id"]["in"] == [
        "stripe.customers.customer_id",
        "stripe.subscriptions.customer",
    ]
    assert found.types == {"stripe.subscriptions.customer": "id"}


def test_words_that_meet_are_no_identifier() -> None:
    assert not shared(
        [holder("a.x.plan", *CODES, kind="text"), holder("b.y.tier", *CODES, kind="text")], {}
    ).blocks


def test_two_systems_that_only_count_their_customers_are_not_connected_and_it_is_said() -> None:
    found = shared(
        [
            holder("crm.customers.customer_id", *COUNTED, key=True),
            holder("pay.customers.customer_id", *COUNTED, key=True),
        ],
        {},
    )
    assert (found.blocks, found.counters) == (
        {},
        ["crm.customers.customer_id and pay.customers.customer_id"],
    )
    assert shared(
        [
            holder("crm.customers.customer_id", *BIG, key=True),
            holder("pay.customers.customer_id", *BIG, key=True),
        ],
        {},
    ).blocks


def test_keys_of_unrelated_tables_with_one_generic_name_are_two_things() -> None:
    numbers = [str(501 + n) for n in range(60)]
    assert not shared(
        [
            holder("hub.companies.record_id", *numbers, key=True),
            holder("hub.contacts.record_id", *numbers[:30], key=True),
        ],
        {},
    ).blocks


def test_a_generic_key_is_called_by_what_its_rows_are() -> None:
    found = shared(
        [
            holder("hub.contracts.record_id", *BIG, key=True),
            holder("hub.people.associated_contract_ids", *BIG[:30]),
        ],
        {},
    )
    assert list(found.blocks) == ["contract_id"]


def test_a_second_way_to_the_same_key_is_a_relationship_and_no_identifier() -> None:
    holders = [
        holder("hub.contracts.record_id", *BIG, key=True),
        holder("hub.people.contract_ids", *BIG),
        holder("hub.people.main_contract", *BIG[:20]),
    ]
    found = shared(holders, {})
    assert found.blocks["contract_id"]["in"] == [
        "hub.contracts.record_id",
        "hub.people.contract_ids",
    ]
    assert list(found.blocks) == ["contract_id"]
    assert found.aside == {"hub.people.main_contract": "contract_id"}


def test_an_identifier_is_not_called_like_another_field_of_its_sources() -> None:
    holders = [
        holder("a.x.login", "m", kind="email"),
        holder("b.y.mail", "m", kind="email"),
        holder("b.y.email", "n", kind="phone"),
    ]
    assert list(shared(holders, {}).blocks) == ["a_email"]


def test_ids_of_salesforce_meet_whatever_their_length() -> None:
    short = pl.Series([f"001Hs00003aB{n:03d}" for n in range(30)])
    long = short + "IAM"
    assert compared(long, "salesforce_id").sort().equals(compared(short, "salesforce_id").sort())


def test_ids_are_compared_exactly_and_mailboxes_are_not() -> None:
    values = pl.Series(["aB", "ab"])
    assert (compared(values, "id").len(), compared(values, "email").len()) == (2, 1)


def test_pages_and_domains_meet_by_their_host() -> None:
    assert compared(
        pl.Series(["https://www.x.example/about", "X.example"]), "domain"
    ).to_list() == ["x.example"]
