"""How long stays last, with those that have not ended: the product-limit estimate of Kaplan and
Meier, and retention by start cohort.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import polars as pl

FEW = 10  # stays, and people of a cohort, below which nothing is drawn: few say little
_Z = 1.959964  # the normal quantile of a 95 % interval
_SURVIVAL = {
    "day": pl.Int64,
    "at_risk": pl.Int64,
    "ended": pl.Int64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
_RETENTION = {
    "cohort": pl.String,
    "month": pl.Int64,
    "started": pl.Int64,
    "kept": pl.Int64,
    "share": pl.Float64,
}


def survival(stays: pl.DataFrame) -> pl.DataFrame:
    """One row per day, counted from the beginning of a stay, on which at least one ended: how
    many had lasted until then, how many ended, the share that lasts longer, and its 95 %
    interval.

    The share is the product of 1 − ended ÷ at risk over all such days; the interval is that of
    Greenwood's variance on the log–log scale (Kalbfleisch and Prentice), so that it stays
    between 0 and 1. It is empty where the share is 0.

    >>> stays = pl.DataFrame({"days": [1, 2, 3], "is_current": [False, True, False]})
    >>> survival(stays).select("day", "at_risk", "share").rows()
    [(1, 3, 0.6666666666666667), (3, 1, 0.0)]
    """
    known = stays.filter(pl.col("days").is_not_null() & (pl.col("days") >= 0))
    counted = known.group_by("days").agg(
        (~pl.col("is_current")).sum().alias("ended"), pl.len().alias("left")
    )
    rows, at_risk, share, spread = [], known.height, 1.0, 0.0
    for day, ended, left in counted.sort("days").select("days", "ended", "left").rows():
        if ended:
            share *= 1 - ended / at_risk
            spread += ended / (at_risk * (at_risk - ended)) if at_risk > ended else 0.0
            low, high = _interval(share, spread)
            rows.append((day, at_risk, ended, share, low, high))
        at_risk -= left
    return pl.DataFrame(rows, _SURVIVAL, orient="row")


def median_stay(curve: pl.DataFrame) -> int | None:
    """The first day on which at most half of the stays last longer; None where more than half
    have not ended as long as anybody was seen.
    """
    reached = curve.filter(pl.col("share") <= 0.5)
    return reached["day"].min() if reached.height else None  # type: ignore[return-value]


def _interval(share: float, spread: float) -> tuple[float | None, float | None]:
    if not 0 < share < 1:
        return None, None
    width = _Z * math.sqrt(spread) / abs(math.log(share))
    return share ** math.exp(width), share ** math.exp(-width)


@dataclass(frozen=True)
class CohortRetention:
    """The rows, how many months a cohort is made of, and whom it leaves out."""

    rows: pl.DataFrame
    months: int
    small: int


def retention(
    stays: pl.DataFrame, started: tuple[str, ...], ended: tuple[str, ...], as_of: dt.date
) -> CohortRetention:
    """One row per cohort and full month since the start: how many began in these states in the
    cohort's months, how many of them were not in an ended state a month, two, … later.

    A cohort is the months of one, three, six or twelve in which somebody first came to a state
    of `started`, the shortest with at most six cohorts of at least ten. Its line ends with the
    months that its youngest has lived through.
    """
    first = (
        stays.filter(pl.col("state").is_in(list(started)))
        .group_by("id")
        .agg(pl.col("began").min().alias("start"))
    )
    lives = stays.select("id", "state", "began", "turn").join(first, on="id")
    for months in (1, 3, 6, 12):
        named = first.with_columns(_cohort(months).alias("cohort"))
        sizes = named.group_by("cohort").len()
        whole = sizes.filter(pl.col("len") >= FEW)
        if whole.height <= 6 or months == 12:
            break
    few = sizes.filter(pl.col("len") < FEW)["len"].sum()
    rows = []
    for cohort in sorted(whole["cohort"].to_list()):
        members = named.filter(pl.col("cohort") == cohort)
        lived = _months_between(members["start"].max(), as_of)  # type: ignore[arg-type]
        for month in range(lived + 1):
            day = pl.col("start").dt.offset_by(f"{month}mo")
            then = (
                lives.filter(pl.col("began") <= day)
                .sort("turn")
                .group_by("id")
                .agg(pl.col("state").last())
                .join(members, on="id", how="semi")
            )
            kept = members.height - then.filter(pl.col("state").is_in(list(ended))).height
            rows.append((cohort, month, members.height, kept, kept / members.height))
    return CohortRetention(pl.DataFrame(rows, _RETENTION, orient="row"), months, int(few or 0))


def _cohort(months: int) -> pl.Expr:
    """The name of a cohort: its year, and its part of the year."""
    year, start = pl.col("start").dt.year().cast(pl.String), pl.col("start").dt.month()
    part = ((start - 1) // months + 1).cast(pl.String)
    if months == 12:
        return year
    if months == 1:
        return pl.col("start").dt.strftime("%Y-%m")
    return year + (" Q" if months == 3 else " H") + part


def _months_between(start: dt.date, end: dt.date) -> int:
    """Full months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months - (1 if end.day < start.day else 0))
