"""Limits that nobody wrote: shared mailboxes stay apart, what happened to one customer stays
together.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from rows_in import Resolved, resolve

from workbook import Workbook
from workbook.identity.event_sources import Events
from workbook.identity.guard import CLUSTER_SIZE, cluster_size
from workbook.identity.cluster_stats import split
from workbook.model.schema import EntityIdentity

ORDERS = Events("shop.people", declared=True)  # the model says that each row is something else
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
        (21, COOKIE, {"cookie": "text"}, (ORDERS,), 1),  # events of one source
        (300, MAIL, {"email": "email"}, (ORDERS,), 1),  # orders of one mailbox
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
                resolve(
                    rows,
                    {"rules": [MAIL]},
                    types={"email": "email"},
                    events=(Events("shop.orders", declared=True),),
                )
            )
            == expected
        )


def test_a_limit_that_is_written_counts_every_record_under_every_rule() -> None:
    spec = {"rules": [{**COOKIE, "confidence": "certain"}], "guard": {"records_per_value": 20}}
    assert (
        customers(resolve(records(21), spec, types={"cookie": "device_id"}, events=(ORDERS,))) == 21
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


def project(folder: Path, fields: str, rows: list[str], more: str = "", entities: str = "") -> int:
    """How many persons a project of one source has, matched by mailbox; `at` is when each row
    happened or was made.
    """
    head = "no," + ",".join(name.split(":")[0].strip() for name in fields.split(";"))
    for path, text in {
        "workbook.yml": "name: T\nas_of: 2025-06-30\ndata: data\n",
        "model/02_grain.yml": "primary: person\nsentence: A person is a human.\n",
        "model/03_sources.yml": (
            "systems: {shop: {}}\nsources:\n  shop.rows: {primary_key: no, valid: at, fields: {no:"
            " id, "
            + fields.replace(";", ",")
            + "}}\nidentifiers: {email: {in: shop.rows}"
            + more
            + "}\n"
        ),
        "model/04_entities.yml": (
            "entities: {person: {row_is: one person, from: shop.rows}" + entities + "}\n"
        ),
        "model/04b_identity.yml": "identity: {person: {rules: [{name: mail, match: email}]}}\n",
        "data/shop_rows.csv": "\n".join([head, *rows, ""]),
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    with closing(Workbook.open(folder)) as book:
        return int(book.engine.query(book.plan, "select count(*) as n from person")["n"][0])


def mailboxes(count: int, *cells: str) -> list[str]:
    """`count` rows of one mailbox, cells with {n} numbered, and one row of each of two others."""
    shared = [f"{n},office@firm.test,2025-01-{n % 28 + 1:02}" for n in range(count)]
    other = [f"{count + n},{who}@firm.test,2025-01-01" for n, who in enumerate(("bo", "cy"))]
    lines = [*shared, *other]
    return [
        ",".join([line, *(each.format(n=n, w=WHO[n % 26]) for each in cells)])
        for n, line in enumerate(lines)
    ]


WHO = (
    "Abel",
    "Brunhild",
    "Cosima",
    "Dagobert",
    "Eleonore",
    "Friedrich",
    "Gisela",
    "Hubert",
    "Ingeborg",
    "Joachim",
    "Kunigunde",
    "Leopold",
    "Mechthild",
    "Norbert",
    "Ottilie",
    "Pankraz",
    "Quirin",
    "Rosamunde",
    "Sigismund",
    "Theodora",
    "Ulrich",
    "Viktoria",
    "Waldemar",
    "Xaver",
    "Yvonne",
    "Zacharias",
)
MADE = "email: email; at: date"


@pytest.mark.parametrize(
    ("fields", "rows", "more", "entities", "expected"),
    [
        # 25 contacts share a mailbox and bear 25 names: nobody is joined, 25 + 2
        (f"{MADE}; name: full_name", mailboxes(25, "{w} Lee"), "", "", 27),
        # no names at all, and the number of a contact is known to others
        (MADE, mailboxes(25), ", no: {in: shop.rows}", "", 27),
        # no names, and the other mailboxes stand once each: nothing says that rows repeat a key by
        # design
        (MADE, mailboxes(25), "", "", 27),
        # 25 orders of one customer, who is named in each: three customers
        (f"{MADE}; name: full_name", mailboxes(25, "Ann Lee"), "", "", 3),
        # orders without a name: they bear amounts
        (f"{MADE}; total: money", mailboxes(25, "9.50"), "", "", 3),
        # the model says that a row is an order, whose number others know
        (
            MADE,
            mailboxes(25),
            ", no: {in: shop.rows}",
            ", order: {row_is: one order, from: shop.rows}",
            3,
        ),
        # a log: the other mailbox of two stands twice
        (MADE, [*mailboxes(25)[:26], "90,bo@firm.test,2025-02-01"], "", "", 2),
    ],
)
def test_what_bears_one_time_is_an_event_only_where_something_says_so(
    tmp_path: Path, fields: str, rows: list[str], more: str, entities: str, expected: int
) -> None:
    assert project(tmp_path, fields, rows, more, entities) == expected
