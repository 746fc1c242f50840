"""A mailbox that many share, inside a rule on mailbox and name: the guard counts the mailbox by
itself too.
"""

from __future__ import annotations

import pytest
from rows_in import Resolved, records_of, resolve

from workbook.identity.event_sources import Events

RULE = {"name": "mail_and_name", "match": ["email", "last_name"]}
OFFICE = """
    record | email | last_name
    a | office@firm.test | lee
    b | office@firm.test | lee
    c | office@firm.test | smith
    d | office@firm.test | jones
    e | mia@home.test | lee
    f | mia@home.test | lee
"""


def guarded(rule: dict, limit: int | None, types: dict, **more: object) -> Resolved:
    guard = {"records_per_value": limit} if limit else {}
    return resolve(records_of(OFFICE), {"rules": [rule], "guard": guard}, types=types, **more)


@pytest.mark.parametrize(
    ("rule", "limit", "types", "lists", "groups"),
    [
        (RULE, 3, {"email": "email"}, (), [["a"], ["b"], ["c"], ["d"], ["e", "f"]]),
        (RULE, 3, {"email": "email"}, ("email",), [["a"], ["b"], ["c"], ["d"], ["e", "f"]]),
        (
            RULE,
            4,
            {"email": "email"},
            (),
            [["a", "b"], ["c"], ["d"], ["e", "f"]],
        ),  # within the limit
        (RULE, 3, {"email": "text"}, (), [["a", "b"], ["c"], ["d"], ["e", "f"]]),  # no contact
        (
            {**RULE, "confidence": "certain"},
            None,
            {"email": "email"},
            (),
            [["a", "b"], ["c"], ["d"], ["e", "f"]],
        ),
    ],
)
def test_the_value_counts_as_well_as_the_combination(
    rule: dict, limit: int | None, types: dict, lists: tuple, groups: list
) -> None:
    """office@ stands on four records, the combination of office@ and lee on two."""
    assert guarded(rule, limit, types, lists=lists).groups == groups


def test_the_reason_names_the_attribute_and_the_combination_is_told() -> None:
    made = guarded(RULE, 3, {"email": "email"})
    (row,) = made["guarded"].to_dicts()
    assert (row["attribute"], row["records"], row["links_not_made"]) == ("email + last_name", 2, 1)
    assert row["reason"] == "on more than 3 records by its email alone"


@pytest.mark.parametrize(
    ("events", "customers"), [((), 25), ((Events("shop.orders", declared=True),), 2)]
)
def test_without_a_written_limit_rows_that_are_events_count_once(
    events: tuple, customers: int
) -> None:
    """25 orders of one mailbox, 5 of lee and 20 of smith: over the default limit of 20 unless
    they are events of one.
    """
    rows = [
        f"shop.orders:{n:02} | office@firm.test | {'lee' if n < 5 else 'smith'}" for n in range(25)
    ]
    records = records_of("\n".join(["record | email | last_name", *rows]))
    made = resolve(records, {"rules": [RULE]}, types={"email": "email"}, events=events)
    assert len(made.groups) == customers
