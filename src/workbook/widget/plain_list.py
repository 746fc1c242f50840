"""What waits, as a plain table without a value of the data: where no widget can run, and in a
saved notebook.
"""

from __future__ import annotations

import polars as pl

from workbook.identity.review_session import PairReview
from workbook.show import Column, Figure, table
from workbook.widget.pair_view import signed
from workbook.words import number

_MOST = 20  # rows; the rest is one row
_COLUMNS = (
    Column("band", "Band", detail="pattern"),
    Column("pairs", "Pairs that wait", "int"),
    Column("weights", "Match weight"),
)


def waiting_figure(desk: PairReview) -> Figure:
    """One row per band and evidence pattern: how many pairs wait, and their lowest and highest
    match weight.
    """
    groups: dict[tuple[str, str], list[float]] = {}
    for pair in desk.pairs():
        groups.setdefault((pair.band, pair.pattern), []).append(pair.weight)
    rows = [
        (band, pattern, len(weights), _range(weights))
        for (band, pattern), weights in groups.items()
    ]
    if len(rows) > _MOST:
        rest = rows[_MOST - 1 :]
        rows = [*rows[: _MOST - 1], (f"{len(rest):,} more", "", sum(row[2] for row in rest), "")]
    frame = pl.DataFrame(
        rows,
        schema={"band": pl.String, "pattern": pl.String, "pairs": pl.Int64, "weights": pl.String},
        orient="row",
    )
    pairs = number.plural(sum(len(weights) for weights in groups.values()), "pair")
    caption = (
        "Records are compared in the review itself, which this view cannot show: run the cell in"
        " JupyterLab, or use workbook match sample."
    )
    return Figure(
        "",
        f"Which pairs of {desk.entity.replace('_', ' ')} records wait for a decision?",
        f"{pairs} by confidence band and evidence pattern",
        table(frame, list(_COLUMNS)),
        caption,
    )


def _range(weights: list[float]) -> str:
    low, high = signed(min(weights)), signed(max(weights))
    return low if low == high else f"{low} to {high}"
