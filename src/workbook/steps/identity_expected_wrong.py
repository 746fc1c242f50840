"""How many suggested pairs are expected to be wrong, as 04b states it: a range and its source."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from workbook.identity.expected_wrong import (
    LEAST_JUDGED,
    OFF,
    PAIR,
    WrongRange,
    expected_wrong,
    judged_pairs,
    wrong_probabilities,
)
from workbook.identity.match_ledger import PAIR as ONE_PAIR
from workbook.scenarios.context import Context
from workbook.steps.identity_accuracy import LabelAccuracy
from workbook.words import words_of

_WORDS = words_of("identity")


class ExpectedWrong:
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
        decided = self.context.frame(f"{self.entity}__decisions").filter(
            (pl.col("kind") == ONE_PAIR) & pl.col("stands")
        )
        known = judged_pairs(found, LabelAccuracy(self.context, self.entity).known, decided)
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


def range_text(found: WrongRange) -> str:
    """A range of counts.

    >>> range_text(WrongRange(1, 1400, 2000)), range_text(WrongRange(3, 3, 3, 3))
    ('1 to 1,400', '3')
    """
    return _WORDS.text("expected.range", low=found.low, high=found.high)


def basis_text(found: WrongRange) -> str:
    """Whether a range is calibrated, and how many pairs are judged.

    >>> basis_text(WrongRange(1, 14, 100, 60)), basis_text(WrongRange(0, 16, 100))
    ('Calibrated on 60 judged pairs', 'Not calibrated')
    >>> basis_text(WrongRange(0, 16, 100, 1))
    'Not calibrated (1 judged pair)'
    """
    name = "calibrated" if found.calibrated else "uncalibrated"
    return _WORDS.text(f"expected.{name}", judged=found.judged)


def range_cells(found: WrongRange | None) -> dict[str, str]:
    """The cells of a row that state how many of its pairs are expected to be wrong."""
    return {"wrong": range_text(found), "by": basis_text(found)} if found else {}


def range_caption() -> str:
    """How the ranges are calculated."""
    return _WORDS.text("expected.caption", least=LEAST_JUDGED, odds=int(2**OFF))
