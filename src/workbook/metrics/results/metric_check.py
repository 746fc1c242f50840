"""One thing that was measured about a number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "control",
    "key",
    "rows",
    "link",
    "segments",
    "months",
    "periods",
    "movement",  # does it add up
    # what a reader must know of its rows
    "rate",
    "past rate",
    "crossed",
    "old rate",
    "written later",
    "contested",
    "direction",
    "direction unsaid",
    "date",
    "undated",
    "negative",
    "unmeasured",
    "at once",
    "empty",
    "gaps",
    "held rates",
    "source ended",
    "no past",
    "no amount",
    "recorded later",
    "still open",
]
# The kinds that test whether rows are counted twice or lost.
ADDING_UP = ("key", "rows", "link", "segments", "months", "periods", "movement")
Verdict = Literal["pass", "look", "fail"]


@dataclass(frozen=True)
class MetricCheck:
    """One thing that was measured about a metric (or a movement): what was expected, what was
    found.

    `about` is the dimension, entity, relationship or currency concerned; `rows` how many rows
    (or months, or segments) are concerned, and `amount` how much they come to.
    """

    metric: str
    kind: Kind
    about: str
    verdict: Verdict
    expected: Decimal | None = None
    found: Decimal | None = None
    rows: int = 0
    amount: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        """How far what was found lies from what was expected; exactly 0 where it adds up."""
        return None if self.expected is None or self.found is None else self.found - self.expected
