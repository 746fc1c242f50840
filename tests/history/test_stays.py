"""A stay is longer than expected by the calendar: a month from the first of February is 28
days, from the first of January 31.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest
from history_shop import Shop

from workbook.history import period_state
from workbook.history.lifecycle_stats import STAYS, durations
from workbook.model.schema import State


def over(began: str, days: int, expected: str) -> int | None:
    """How many of one ended stay are longer than expected."""
    row = ("person", "p1", "trial", None, True, False, days, 1, dt.date.fromisoformat(began))
    stays = pl.DataFrame([row], schema=STAYS, orient="row")
    found: int | None = durations(stays, {"trial": State(starts="begun", expected=expected)})[0][
        "over"
    ]
    return found


@pytest.mark.parametrize(
    ("began", "days", "expected", "count"),
    [
        ("2025-01-01", 31, "1 month", 0),
        ("2025-01-01", 32, "1 month", 1),
        ("2025-02-01", 28, "1 month", 0),
        ("2025-02-01", 29, "1 month", 1),
        ("2025-01-31", 28, "1 month", 0),
        ("2024-01-01", 366, "1 year", 0),
        ("2025-01-01", 90, "1 quarter", 0),
        ("2025-01-01", 91, "1 quarter", 1),
        ("2025-01-01", 14, "2 weeks", 0),
        ("2025-01-01", 15, "14 days", 1),
        ("2025-01-01", 500, "", None),
    ],
)
def test_longer_than_expected(began: str, days: int, expected: str, count: int | None) -> None:
    assert over(began, days, expected) == count


def test_whoever_returns_to_a_state_is_counted_apart() -> None:
    day = dt.date(2025, 1, 1)
    rows = [
        ("person", "a", "new", None, True, False, 5, 1, day),
        ("person", "a", "old", "new", True, False, 9, 2, day),
        ("person", "a", "new", "old", True, True, 40, 3, day),  # back, and late
        ("person", "b", "new", None, True, True, 40, 1, day),  # late, never left
        ("person", "c", "old", "new", True, True, 3, 2, day),
    ]
    stays = pl.DataFrame(rows, schema=STAYS, orient="row")
    states = {"new": State(starts="came", expected="30 days"), "old": State(starts="stayed")}
    new, old = durations(stays, states)
    assert (new["still"], new["back"], new["back_from"]) == (2, 1, ["old"])
    assert (new["over_still"], new["over_back"]) == (2, 1)
    assert (old["still"], old["back"], old["back_from"]) == (1, 0, [])


SETTLED = """
events:
  met: {from: shop.clients, of: client, at: made}
  began: {from: shop.contracts, of: client, at: starts}
  told: {from: shop.answers, of: client, first: true}
  left: {from: shop.contracts, of: client, at: ends, last: true}
lifecycle:
  client:
    known: {starts: met, next: [paying, settled]}
    paying: {starts: began, next: [settled, gone]}
    settled: {starts: told, next: [gone]}
    gone: {starts: left}
"""


def test_who_is_in_a_state_after_a_period_and_never_had_one(shop: Callable[..., Shop]) -> None:
    """a had a contract before it was settled, b is settled without one, c pays, d is known, and
    nothing is recorded of e.
    """
    opened = shop(
        {
            "shop.clients": "a | | | 2024-01-01 |\nb | | | 2024-01-01 |\nc | | | 2024-01-01 |\n"
            "d | | | 2024-01-01 |\ne | | | |",
            "shop.contracts": "1 | a | | 2024-02-01 | |\n2 | c | | 2024-02-01 | |",
            "shop.answers": "1 | a | yes | 2024-03-01 |\n2 | b | yes | 2024-03-01 |",
        },
        six=SETTLED,
    )
    period = period_state(opened.model, "client")
    assert period is not None
    assert (period.state, period.event, period.states) == ("paying", "began", ("paying", "settled"))
    assert opened.evidence.without_period == {"client": {"settled": 1}}
    assert opened.evidence.stateless == {"client": (1, 5)}
