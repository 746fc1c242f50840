"""Kanoniv: five systems without a shared key.

Every control total of its manifest, through the whole plan.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from workbook import Workbook

Opened = Callable[..., Workbook]
PEOPLE = {"crm": 1839, "billing": 1200, "support": 1400, "app": 1300, "partner": 800}


def query(book: Workbook, sql: str) -> list[tuple]:
    return book.engine.query(book.plan, sql).rows()


def value(book: Workbook, metric: str) -> object:
    (row,) = query(book, f'select value from "m__{metric}__total"')
    return row[0]


def test_records_per_system(opened: Opened) -> None:
    rows = query(
        opened("kanoniv"), "select _system, count(*) from person__records group by _system"
    )
    assert dict(rows) == PEOPLE


def test_every_record_belongs_to_exactly_one_person(opened: Opened) -> None:
    book = opened("kanoniv")
    assert query(book, "select count(*), count(distinct record) from person__clusters") == [
        (6539, 6539)
    ]
    (people,) = query(book, "select count(*), count(distinct id) from person")
    assert (
        people[0]
        == people[1]
        == query(book, "select count(distinct id) from person__clusters")[0][0]
    )


def test_control_totals_hold_through_every_merge(opened: Opened) -> None:
    book = opened("kanoniv")
    assert value(book, "invoiced") == Decimal("7773434.77")
    assert value(book, "paid_revenue") == Decimal("4602366.42")
    assert value(book, "active_accounts") == 722
    assert value(book, "mrr") == Decimal("1356100.00")


def test_invoices_reach_people_without_loss(opened: Opened) -> None:
    rows = query(
        opened("kanoniv"),
        """select count(*), sum(i.amount_cents) from invoice i
        join account_invoices a on a.from_id = i.id join person_pays p on p.from_id = a.to_id
            where p.to_id is not null""",
    )
    assert rows == [(2974, Decimal("7773434.77"))]


@pytest.mark.parametrize(
    ("table", "where", "count"),
    [
        ("support__tickets", "resolved_at < created_at", 952),
        ("billing__invoices", "status = 'paid' and paid_at is null", 248),
        ("billing__invoices", "status = 'open' and paid_at is not null", 543),
        ("billing__invoices", "status = 'void' and paid_at is not null", 481),
        ("billing__accounts", "strpos(account_name, ',') > 0", 343),
    ],
)
def test_planted_defects_are_found_with_their_exact_counts(
    opened: Opened, table: str, where: str, count: int
) -> None:
    assert query(opened("kanoniv"), f"select count(*) from {table} where {where}") == [(count,)]


def test_events_before_signup(opened: Opened) -> None:
    sql = (
        "select count(*) from app__events e join app__signups s on s.app_user_id = e.app_user_id"
        " where e.timestamp < s.created_at"
    )
    assert query(opened("kanoniv"), sql) == [(1210,)]


def test_names_are_read_both_ways(opened: Opened) -> None:
    """`Smith, Karen` and `Karen Smith` give the same parts: no family name keeps a comma, none
    is lost.
    """
    sql = (
        "select count(*), count(last_name), sum(case when strpos(last_name, ',') > 0 then 1 else 0"
        " end) from person__records where _system = 'billing'"
    )
    assert query(opened("kanoniv"), sql) == [(1200, 1200, 0)]
