"""Which day `as_of: latest` means: that of the newest fact, and of no rate, calendar, plan or
slip of the pen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import a_project

from workbook import Workbook
from workbook.finding import Finding

SOURCES = """
systems: {shop: {}, bank: {}}
sources:
  shop.orders: {primary_key: no, valid: bought, fields: {no: id, bought: date,
    amount: {type: money, currency: EUR}}}
  shop.plans: {primary_key: no, valid: [starts, ends], recorded: written,
    fields: {no: id, starts: date, ends: date, written: date}}
  bank.rates: {primary_key: [currency, day], valid: day,
    fields: {currency: currency, day: date, rate: decimal}}
  bank.days: {primary_key: day, valid: day, fields: {day: date, open: boolean}}
"""
METRICS = "currency: {report_in: EUR, rates: bank.rates.rate}\n"
ORDERS = [f"o{n},2025-06-{n:02d},1.00" for n in range(1, 21)]  # the last on the 20th
FILES = {
    "shop_orders": ["no,bought,amount", *ORDERS],
    "shop_plans": ["no,starts,ends,written", "p1,2025-09-01,,2025-06-21"],  # it begins in autumn
    "bank_rates": ["currency,day,rate", "USD,2026-01-01,0.9"],
    "bank_days": ["day,open", "2027-12-31,true"],
}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    made: list[Workbook] = []

    def build(as_of: str = "", project: str = "latest", **files: list[str]) -> Workbook:
        tables = {name: "\n".join(rows) + "\n" for name, rows in {**FILES, **files}.items()}
        settings = {"name": "T", "as_of": project}
        a_project(tmp_path, tables, settings, sources=SOURCES, metrics=METRICS)
        made.append(Workbook.open(tmp_path, as_of=as_of or None))
        return made[-1]

    yield build
    for book in made:
        book.close()


def told(book: Workbook) -> dict[str, Finding]:
    return {
        each.code: each
        for each in book.sources.conclude()
        if each.code.startswith(("sources.as_of", "sources.dates"))
    }


def test_rates_calendars_and_plans_set_no_day(opened: Callable[..., Workbook]) -> None:
    book = opened()
    assert book.as_of == dt.date(2025, 6, 21)  # the day on which the plan was written
    assert told(book)["sources.as_of_latest"].about == ("shop.plans",)
    assert "sources.dates_beyond" not in told(book)


def test_one_date_of_the_far_future_sets_no_day(opened: Callable[..., Workbook]) -> None:
    """Of 21 orders one is of the year 7979: the other facts end on 21 June, and the order is
    named.
    """
    book = opened(shop_orders=["no,bought,amount", *ORDERS, "o21,7979-05-26,1.00"])
    assert book.as_of == dt.date(2025, 6, 21)
    beyond = told(book)["sources.dates_beyond"]
    assert (beyond.count, beyond.severity, beyond.about) == (1, "look", ("shop.orders",))


def test_a_source_of_few_rows_that_are_all_far_ahead_sets_no_day(
    opened: Callable[..., Workbook],
) -> None:
    book = opened(shop_plans=["no,starts,ends,written", "p1,2031-09-01,,2030-06-21"])
    assert book.as_of == dt.date(2025, 6, 20)
    assert told(book)["sources.dates_beyond"].about == ("shop.plans",)


def test_a_source_that_begins_where_another_ended_long_ago_sets_the_day(
    opened: Callable[..., Workbook],
) -> None:
    """The shop moved: 1,000 orders of 2020, and 20 of 2025, five years later.

    No source is judged by another's size.
    """
    old = [f"x{n},2020-01-01,1.00" for n in range(1000)]
    plans = [f"p{n},2020-01-01,,2020-01-01" for n in range(20)]
    book = opened(
        shop_orders=["no,bought,amount", *old],
        shop_plans=[
            "no,starts,ends,written",
            *plans,
            *(f"q{n},2025-06-01,,2025-06-{n:02d}" for n in range(1, 21)),
        ],
    )
    assert book.as_of == dt.date(2025, 6, 20)


def test_a_day_beyond_the_data_is_a_finding(opened: Callable[..., Workbook]) -> None:
    assert "sources.as_of_beyond_data" in told(opened("2025-07-23", "2025-07-23"))  # 32 days
    assert "sources.as_of_beyond_data" not in told(opened("2025-07-22", "2025-07-22"))  # 31 days


@pytest.mark.parametrize("project", ["latest", "2025-06-21"])
def test_a_look_back_takes_later_facts_for_no_fault(
    project: str, opened: Callable[..., Workbook]
) -> None:
    """On 10 June ten orders have not come; they are no dates of the future, as the data ends
    later.
    """
    book = opened("2025-06-10", project)
    states = {
        v.check.name: (v.state, v.failing)
        for v in book.checks.verdicts
        if v.check.family == "impossible_dates"
    }
    assert states["impossible_dates__shop__orders__bought"] == ("pass", 0)


def test_a_date_after_the_day_of_the_project_is_a_fault(opened: Callable[..., Workbook]) -> None:
    book = opened(project="2025-06-18")
    states = {
        v.check.name: (v.state, v.failing)
        for v in book.checks.verdicts
        if v.check.family == "impossible_dates"
    }
    assert states["impossible_dates__shop__orders__bought"] == ("look", 2)


def test_on_an_earlier_day_the_age_of_what_was_written_over_since_is_not_told(
    opened: Callable[..., Workbook],
) -> None:
    plans = ["no,starts,ends,written", "p1,2025-06-01,,2025-06-02", "p2,2025-06-01,,2025-06-19"]
    now = {age.source: age for age in opened("2025-06-20", shop_plans=plans).sources.ages}
    assert (now["shop.plans"].gap, now["shop.orders"].gap) == (1.0, 0.0)
    # p2 was written over on the 19th: whether it was written on the 10th, too, nobody knows
    then = {age.source: age for age in opened("2025-06-10", shop_plans=plans).sources.ages}
    assert (then["shop.plans"].gap, then["shop.plans"].state) == (None, "untested")
    assert (then["shop.orders"].gap, then["shop.orders"].state) == (0.0, "pass")
