"""Time in a state with those still in it, and retention by start cohort, worked out by hand."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from workbook.history import median_stay, retention, survival


def stays_of(rows: list[tuple[int, bool]]) -> pl.DataFrame:
    """Stays by their days, and whether they go on."""
    return pl.DataFrame(rows, {"days": pl.Int64, "is_current": pl.Boolean}, orient="row")


def test_the_product_limit_estimate_by_hand() -> None:
    """Five stays: two end on day 2, one is still in it on day 3, one ends on day 5, one lasts.

    Day 2: 3/5 last longer. Day 5: of two at risk one ends, so 3/5 × 1/2.
    """
    made = survival(stays_of([(2, False), (2, False), (3, True), (5, False), (8, True)]))
    assert made.select("day", "at_risk", "ended").rows() == [(2, 5, 2), (5, 2, 1)]
    assert made["share"].to_list() == pytest.approx([0.6, 0.3])
    spread = 2 / (5 * 3)  # Greenwood's sum on day 2
    width = 1.959964 * math.sqrt(spread) / -math.log(0.6)
    assert made["low"][0] == pytest.approx(0.6 ** math.exp(width))
    assert made["high"][0] == pytest.approx(0.6 ** math.exp(-width))


def test_who_is_still_in_a_state_counts_until_today() -> None:
    """On the day on which one ends and another was last seen, both were at risk."""
    made = survival(stays_of([(4, False), (4, True)]))
    assert made.select("at_risk", "ended", "share").rows() == [(2, 1, 0.5)]


def test_the_median_with_those_still_in_it_is_later_or_not_reached() -> None:
    assert median_stay(survival(stays_of([(1, False), (2, False), (3, False)]))) == 2
    assert median_stay(survival(stays_of([(1, False), (9, True), (9, True)]))) is None


def test_the_share_never_rises_and_lies_in_its_interval() -> None:
    rows = [(n * 7 % 50, n % 3 == 0) for n in range(60)]
    made = survival(stays_of(rows))
    assert made["share"].to_list() == sorted(made["share"].to_list(), reverse=True)
    inside = made.drop_nulls("low").filter(
        (pl.col("low") > pl.col("share")) | (pl.col("share") > pl.col("high"))
    )
    assert inside.is_empty()


def lives(starts: list[dt.date], lost: dict[int, dt.date]) -> pl.DataFrame:
    """One stay in `on` from its start for each, and one in `gone` for those that were lost."""
    rows = [(str(n), "on", start, 1) for n, start in enumerate(starts)]
    rows += [(str(n), "gone", day, 2) for n, day in lost.items()]
    return pl.DataFrame(rows, ["id", "state", "began", "turn"], orient="row")


def test_retention_of_a_cohort_by_hand() -> None:
    """Ten start on 10 January; one leaves on 9 February, one on 10 March: after one full month
    nine are left, after two eight. The youngest has lived two months on 9 April.
    """
    start = dt.date(2025, 1, 10)
    stays = lives([start] * 10, {0: dt.date(2025, 2, 9), 1: dt.date(2025, 3, 10)})
    found = retention(stays, ("on",), ("gone",), dt.date(2025, 4, 9))
    assert found.rows.select("month", "started", "kept").rows() == [
        (0, 10, 10),
        (1, 10, 9),
        (2, 10, 8),
    ]


def test_a_line_ends_with_the_youngest_of_its_cohort_and_small_ones_are_counted() -> None:
    old, young = [dt.date(2025, 1, 1)] * 10, [dt.date(2025, 6, 1)] * 3
    found = retention(lives(old + young, {}), ("on",), ("gone",), dt.date(2025, 7, 15))
    assert found.months == 1 and found.small == 3
    assert found.rows["cohort"].unique().to_list() == ["2025-01"]
    assert found.rows["month"].max() == 6


def test_who_comes_back_is_retained_again() -> None:
    stays = lives([dt.date(2025, 1, 1)] * 10, {0: dt.date(2025, 1, 15)})
    back = pl.DataFrame([("0", "on", dt.date(2025, 2, 15), 3)], stays.schema, orient="row")
    found = retention(pl.concat([stays, back]), ("on",), ("gone",), dt.date(2025, 4, 1))
    assert found.rows["kept"].to_list() == [10, 9, 10, 10]
