"""Splits each movement of a headline number into the past restated, new data, and our decisions; the three add up.

then    the earlier run's decisions, its data, its day
A       its decisions, today's data, its day        A - then     the past restated
B       its decisions, today's data, today's day    B - A        new data
now     today's decisions, data and day             now - B      our decisions
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from workbook.errors import WorkbookError

NO_PARTS = {"restated": "", "new_data": "", "decisions": ""}


class Number(Protocol):
    """A headline number."""

    @property
    def value(self) -> Decimal | None:
        """Its value."""

    def say(self, value: Decimal | None, *, sign: bool = False) -> str:
        """A value, or a difference, in its unit."""


class Counterfactual(Protocol):
    """What can compute the headline numbers again."""

    @property
    def as_of(self) -> dt.date:
        """The day that the run is about."""

    def headlines(self, decisions: Path | None = None, as_of: dt.date | None = None) -> Mapping[str, Number]:
        """The headline numbers by label; under the decisions in another folder, or at another day."""


def movements(book: Counterfactual, then: Mapping[str, Any], *, same_decisions: bool, same_data: bool, kept: Path | None) -> dict[str, Any]:
    """`rows`: one per number that moved, in words; `unsplit`: why they cannot be split, where they cannot."""
    now = book.headlines()
    before = {label: Decimal(text) for label, text in then["headline_values"].items()}
    moved = [label for label, each in now.items() if each.value is not None and label in before and each.value != before[label]]
    if not moved:
        return {"rows": [], "unsplit": ""}
    if not same_decisions and kept is None:
        return {"rows": [], "unsplit": "The decisions of that run are not kept on this machine, so its movements cannot be split."}
    day = dt.date.fromisoformat(then["project"]["as_of"])
    try:
        today = now if same_decisions else book.headlines(kept)
        its_day = today if day == book.as_of else book.headlines(None if same_decisions else kept, day)
    except WorkbookError:
        return {"rows": [], "unsplit": "The decisions of that run can no longer be read by this version, so its movements cannot be split."}
    return {"rows": [row for label in moved if (row := _row(label, now[label], before[label], today, its_day, same_data=same_data))], "unsplit": ""}


def _row(label: str, number: Number, then: Decimal, today: Mapping[str, Number], its_day: Mapping[str, Number], *, same_data: bool) -> dict[str, str] | None:
    b = today[label].value if label in today else None
    a = then if same_data else its_day[label].value if label in its_day else None
    if number.value is None or a is None or b is None:
        return None
    parts = {"restated": a - then, "new_data": b - a, "decisions": number.value - b}
    return {"metric": label, **{name: number.say(part, sign=True) if part else "" for name, part in parts.items()}}
