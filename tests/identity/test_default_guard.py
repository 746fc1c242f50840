"""Limits that nobody wrote: shared mailboxes stay apart, what happened to one customer stays together."""

from __future__ import annotations

import polars as pl
import pytest
from rows_in import Resolved, resolve

from workbook.identity.guard import CLUSTER_SIZE, cluster_size
from workbook.identity.measure import split
from workbook.model.schema import EntityIdentity

MAIL, COOKIE = {"name": "mail", "match": "email"}, {"name": "cookie", "match": "cookie"}


def records(count: int, source: str = "shop.people", first: int = 0) -> pl.DataFrame:
    """Records of one source that share a mailbox and a cookie."""
    names = [f"{source}:{number:03}" for number in range(first, first + count)]
    return pl.DataFrame(
        {"record": names, "email": ["office@firm.test"] * count, "cookie": ["c-1"] * count}
    )


def customers(made: Resolved) -> int:
    return int(made["clusters"]["id"].n_unique())


@pytest.mark.parametrize(
    ("count", "rule", "types", "events", "expected"),
    [
        (20, MAIL, {"email": "email"}, (), 1),  # within the limit
        (21, MAIL, {"email": "email"}, (), 21),  # a shared mailbox
        (21, {**MAIL, "confidence": "certain"}, {"email": "email"}, (), 1),  # the team is certain
        (21, COOKIE, {"cookie": "device_id"}, (), 1),  # an id names one thing
        (300, COOKIE, {"cookie": "id"}, (), 1),
        (21, COOKIE, {"cookie": "text"}, (), 21),  # nobody said that it is an id
        (21, COOKIE, {"cookie": "text"}, ("shop.people",), 1),  # events of one source
        (300, MAIL, {"email": "email"}, ("shop.people",), 1),  # orders of one mailbox
        (
            21,
            {"name": "both", "match": ["email", "cookie"]},
            {"email": "email", "cookie": "device_id"},
            (),
            1,
        ),
    ],
)
def test_a_default_limit_holds_for_what_people_share(
    count: int, rule: dict, types: dict, events: tuple, expected: int
) -> None:
    assert (
        customers(resolve(records(count), {"rules": [rule]}, types=types, events=events))
        == expected
    )


def test_events_of_a_source_count_as_one_beside_the_records_of_others() -> None:
    """30 events and 19 people are 20 records, within the limit; one person more is over it."""
    events = records(30, "shop.orders")
    for people, expected in ((19, 1), (20, 50)):
        rows = pl.concat([events, records(people, "shop.people", 900)]).sort("record")
        assert (
            customers(
                resolve(rows, {"rules": [MAIL]}, types={"email": "email"}, events=("shop.orders",))
            )
            == expected
        )


def test_a_limit_that_is_written_counts_every_record_under_every_rule() -> None:
    spec = {"rules": [{**COOKIE, "confidence": "certain"}], "guard": {"records_per_value": 20}}
    assert (
        customers(
            resolve(records(21), spec, types={"cookie": "device_id"}, events=("shop.people",))
        )
        == 21
    )


def test_the_size_of_a_customer_says_nothing_where_ids_match() -> None:
    def limit(*rules: dict, **guard: int) -> int | None:
        return cluster_size(
            EntityIdentity.model_validate({"rules": rules, "guard": guard}),
            {"email": "email", "cookie": "device_id"},
        )

    assert (limit(MAIL), limit(COOKIE), limit(MAIL, COOKIE)) == (CLUSTER_SIZE, None, CLUSTER_SIZE)
    assert limit({**MAIL, "confidence": "certain"}) is None
    assert limit(COOKIE, cluster_size=7) == 7


def test_customers_that_a_limit_made() -> None:
    """a-b-c would be one, d-e another: five customers are three more than two."""
    pairs = pl.DataFrame(
        [("a", "b"), ("a", "c"), ("d", "e")], schema=["left_id", "right_id"], orient="row"
    )
    assert split(pairs) == 3
    assert split(pairs.clear().cast(pl.String)) == 0
