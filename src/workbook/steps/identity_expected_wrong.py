"""How many suggested pairs are expected to be wrong, as 04b states it: a range and its source."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from workbook.identity.expected_wrong import (
    PAIR,
    WrongRange,
    expected_wrong,
    judged_pairs,
    wrong_probabilities,
)
from workbook.identity.ledger import PAIR as ONE_PAIR
from workbook.scenarios.context import Context
from workbook.steps.identity_accuracy import LabelAccuracy


class Expected:
    """The suggested pairs of one entity: how probably each is wrong, and what is known."""

    def __init__(self, context: Context, entity: str) -> None:
        self.context, self.entity = context, entity

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """One row per suggestion: records, score, band, pattern, low, high, wrong, waits.

        Wrong is null where nobody judged the pair.
        """
        found = self.context.frame(f"{self.entity}__suggestions").select(
            *PAIR, "score", "band", "pattern"
        )
        chances = wrong_probabilities(self.context.frame(f"{self.entity}__suggestion_evidence"))
        said = self.context.frame(f"{self.entity}__decisions").filter(
            (pl.col("kind") == ONE_PAIR) & pl.col("stands")
        )
        known = judged_pairs(found, LabelAccuracy(self.context, self.entity).known, said)
        waits = self.context.frame(f"{self.entity}__waiting").select(
            *PAIR, waits=pl.lit(value=True)
        )
        found = found.join(chances, on=PAIR, how="left").join(known, on=PAIR, how="left")
        return found.join(waits, on=PAIR, how="left").with_columns(
            pl.col("waits").fill_null(value=False)
        )

    def of(self, which: pl.Expr) -> WrongRange | None:
        """The range of the waiting pairs that `which` chooses; None where none waits."""
        alike = self.pairs.filter(which)
        waits = alike.filter("waits")
        return expected_wrong(waits, alike) if waits.height else None
