"""Rows of a sheet or of a text: how full they are, and whether they call themselves totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

Row = Sequence[str | None]  # an empty row is a line on which nothing is

_SPARSE = 0.6  # a row that fills less of what is usual is no record of its own
_TOTAL = re.compile(
    r"((grand |sub-?|net )?totals?|sums?|(gesamt|end|zwischen)?summen?|gesamt|total"
    r" (général|general)"
    r"|somme|suma|totaal|averages?|avg\.?|mean|durchschnitt|mittelwert|count|anzahl)"
    r"\s*(\(.*\)|(of|for|in|per|eur|usd|gbp|chf|€|\$)\b.*)?\s*[:=]?",
    re.IGNORECASE,
)


def is_total(row: Row) -> bool:
    """Whether a row calls itself a total, an average or a count."""
    return any(_TOTAL.fullmatch(cell.strip()) for cell in row if cell)


def filled(row: Row) -> list[int]:
    """The places at which a row holds anything."""
    return [place for place, cell in enumerate(row) if cell and cell.strip()]


def is_sparse(row: Row, usual: float) -> bool:
    """Whether a row leaves out much of what others say."""
    return len(filled(row)) < _SPARSE * usual


def usual_fill(rows: Sequence[Row]) -> float:
    """How many cells a record usually fills."""
    return median([len(filled(row)) for row in rows if filled(row)] or [0])
