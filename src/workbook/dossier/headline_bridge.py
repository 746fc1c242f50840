"""Splits each movement of a headline number into the past restated, new data, and our
decisions; the three add up.

then    the earlier run's decisions, its data, its day
A       its decisions, today's data, its day        A - then     the past restated
B       its decisions, today's data, today's day    B - A        new data
now     today's decisions, data and day             now - B      our decisions
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from workbook.errors import WorkbookError
from workbook.model.as_of import NO_DATE, UNDATED
from workbook.words import words_of

Answer = Decimal | dt.date | None
NO_PARTS = {"restated": "", "new_data": "", "decisions": ""}


class Number(Protocol):
    """A headline number."""

    @property
    def answer(self) -> Answer:
        """Its value or its day."""

    def by(self, now: Answer, then: Answer) -> str:
        """By how much the second is above the first, in its unit or by days; nothing where they
        are one.
        """


class Counterfactual(Protocol):
    """What can compute the headline numbers again."""

    @property
    def as_of(self) -> dt.date:
        """The day that the run is about."""

    def headlines(
        self, decisions: Path | None = None, as_of: dt.date | None = None
    ) -> Mapping[str, Number]:
        """The headline numbers by label; under the decisions in another folder, or at another
        day.
        """


def movements(
    book: Counterfactual,
    then: Mapping[str, Any],
    *,
    same_decisions: bool,
    same_data: bool,
    kept: Path | None,
) -> dict[str, Any]:
    """`rows`: one per number that moved, in words; `unsplit`: why they cannot be split, where
    they cannot.
    """
    now = book.headlines()
    before = {label: _read(text) for label, text in then["headline_values"].items()}
    moved = [
        label
        for label, each in now.items()
        if each.answer is not None and label in before and each.answer != before[label]
    ]
    if not moved:
        return {"rows": [], "unsplit": ""}
    if not same_decisions and kept is None:
        return {
            "rows": [],
            "unsplit": words_of("dossier").text("cover.changed.decisions_lost"),
        }
    said = then["project"]["as_of"]
    day = NO_DATE if said == UNDATED else dt.date.fromisoformat(said)
    try:
        today = now if same_decisions else book.headlines(kept)
        its_day = (
            today if day == book.as_of else book.headlines(None if same_decisions else kept, day)
        )
    except WorkbookError:
        return {
            "rows": [],
            "unsplit": words_of("dossier").text("cover.changed.decisions_unreadable"),
        }
    return {
        "rows": [
            row
            for label in moved
            if (row := _row(label, now[label], before[label], today, its_day, same_data=same_data))
        ],
        "unsplit": "",
    }


def _row(
    label: str,
    number: Number,
    then: Answer,
    today: Mapping[str, Number],
    its_day: Mapping[str, Number],
    *,
    same_data: bool,
) -> dict[str, str] | None:
    b = today[label].answer if label in today else None
    a = then if same_data else its_day[label].answer if label in its_day else None
    if number.answer is None or a is None or b is None:
        return None
    return {
        "metric": label,
        "restated": number.by(then, a),
        "new_data": number.by(a, b),
        "decisions": number.by(b, number.answer),
    }


def _read(text: str) -> Answer:
    """A value as a run keeps it: a number, or a day."""
    if not re.match(r"\d{4}-", text):
        return Decimal(text)
    return (
        dt.datetime.fromisoformat(text)
        if len(text) > len("2025-06-30")
        else dt.date.fromisoformat(text)
    )
