"""Lives: how long states last, which moves are made, which paths lead to an end; from the stays
of one entity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from workbook.history.survival import median_stay, survival
from workbook.model.durations import Duration, optional_duration
from workbook.model.schema import State

STAYS = {
    "entity": pl.String,
    "id": pl.String,
    "state": pl.String,
    "previous_state": pl.String,
    "valid_move": pl.Boolean,
    "is_current": pl.Boolean,
    "days": pl.Int64,
    "turn": pl.Int64,
    "began": pl.Date,
}


def durations(stays: pl.DataFrame, states: Mapping[str, State]) -> list[dict[str, Any]]:
    """One row per state: quartiles of the days of ended stays, the median with those that have
    not ended (None: not reached), stays ended, still in it, days so far, longer than expected;
    of those still in it how many came back from a later state.
    """
    rows, order = [], list(states)
    for name, state in states.items():
        here = stays.filter(pl.col("state") == name)
        ended, still = here.filter(~pl.col("is_current")), here.filter(pl.col("is_current"))
        quarters = (
            [ended["days"].quantile(share, "nearest") for share in (0.25, 0.5, 0.75)]
            if ended.height
            else None
        )
        limit = optional_duration(state.expected)
        back = still.filter(pl.col("previous_state").is_in(order[order.index(name) + 1 :]))
        over = here.filter(pl.col("days") > _days_after(limit)) if limit else None
        late = over.filter(pl.col("is_current")) if over is not None else still.clear()
        rows.append(
            {
                "state": name,
                "starts": state.starts,
                "expected": state.expected,
                "quarters": quarters,
                "median": median_stay(survival(here)),
                "median_ended": quarters[1] if quarters else None,
                "ended": ended.height,
                "still": still.height,
                "back": back.height,
                "back_from": sorted(back["previous_state"].unique().to_list(), key=order.index),
                "so_far": still["days"].median() if still.height else None,
                "over": over.height if over is not None else None,
                "over_still": late.height,
                "over_back": late.join(back, on="id", how="semi").height,
            }
        )
    return rows


def _days_after(length: Duration) -> pl.Expr:
    """How many days a length is, counted from the day on which a stay began."""
    offset = f"{length.months}mo" if length.months else f"{length.fixed.days}d"
    return (pl.col("began").dt.offset_by(offset) - pl.col("began")).dt.total_days()


def moves(stays: pl.DataFrame) -> list[dict[str, Any]]:
    """One row per pair of states: how often it was made, whether the model names it, median
    days in the state before; unnamed first.
    """
    before = stays.with_columns(
        pl.col("days").shift(1).over("id", order_by="turn").alias("days_before")
    )
    result = before.filter(pl.col("previous_state").is_not_null()).group_by(
        "previous_state", "state", "valid_move"
    )
    counted = result.agg(pl.len().alias("count"), pl.col("days_before").median().alias("days"))
    return counted.sort(
        ["valid_move", "count", "previous_state", "state"], descending=[False, True, False, False]
    ).to_dicts()


def paths(stays: pl.DataFrame, into: tuple[str, ...], most: int = 5) -> list[dict[str, Any]]:
    """The most frequent ways from the first state into one of these: the states in order, how
    many, median days; last the others together (`path` is '').
    """
    reached = (
        stays.filter(pl.col("state").is_in(list(into)))
        .group_by("id")
        .agg(pl.col("turn").min().alias("end"))
    )
    until = stays.join(reached, on="id").filter(pl.col("turn") <= pl.col("end")).sort("id", "turn")
    ways = until.group_by("id", maintain_order=True).agg(
        pl.col("state"), pl.col("days").slice(0, pl.len() - 1).sum()
    )
    counted = (
        ways.with_columns(pl.col("state").list.join(" → ").alias("path"))
        .group_by("path")
        .agg(pl.len().alias("count"), pl.col("days").median())
    )
    ranked = counted.sort(["count", "path"], descending=[True, False])
    rest = ranked.slice(most)
    others = (
        [{"path": "", "count": int(rest["count"].sum()), "days": None, "ways": rest.height}]
        if rest.height
        else []
    )
    return [*ranked.head(most).to_dicts(), *others]
