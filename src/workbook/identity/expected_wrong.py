"""How many suggested pairs are two customers: a range, from scores or from judged pairs.

A score is an estimate under assumptions that no data of one entity can test, so what follows from
scores is a range. Where pairs are judged, the share of wrong ones among them replaces the scores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from workbook.identity.candidate_pairs import PRIOR
from workbook.identity.scoring import DEPENDENCE

OFF = 2.0  # bits: the odds of a score may be four times too high or too low
SPREADS = 2.0  # standard deviations of the number of wrong pairs on top
SURE = 0.95
LEAST_JUDGED = 10  # fewer bound the share of errors worse than the scores do (0 of 9: up to 34 %)
PAIR = ["left_record", "right_record"]


@dataclass(frozen=True)
class WrongRange:
    """From `low` to `high` of `pairs` pairs are two customers.

    By `judged` pairs like them or, where those are few, by the scores.
    """

    low: int
    high: int
    pairs: int
    judged: int = 0

    @property
    def calibrated(self) -> bool:
        """Whether judged pairs say so."""
        return self.judged >= LEAST_JUDGED


def wrong_probabilities(evidence: pl.DataFrame) -> pl.DataFrame:
    """One row per suggested pair: its records, and how probably it is wrong (low, high).

    `evidence` holds the bits of each attribute, and of the prior. The prior follows from the
    share of true pairs that rules are taken to find, m, u and the rates of shared attributes are
    estimates from samples: together they are taken to be off by `OFF` bits at most. Where
    dependence was estimated (row `dependence`), the sum holds but for that. Where it was not, u of
    the attributes that agree may be as high as that of the rarest alone, the upper bound of
    Fréchet (1935, Fundamenta Mathematicae 25), so that one of them counts.
    """
    weight, attribute = pl.col("weight"), pl.col("attribute")
    proof = attribute != PRIOR
    found = evidence.group_by(PAIR, maintain_order=True).agg(
        whole=weight.sum(),
        agree=weight.filter(proof & (weight > 0)).sum(),
        strongest=weight.filter(proof & (weight > 0)).max().fill_null(0.0),
        measured=(attribute == DEPENDENCE).any(),
    )
    least = (
        pl.when("measured")
        .then("whole")
        .otherwise(pl.col("whole") - pl.col("agree") + pl.col("strongest"))
    )
    return found.select(*PAIR, low=_wrong(pl.col("whole") + OFF), high=_wrong(least - OFF))


def _wrong(bits: pl.Expr) -> pl.Expr:
    return 1 - 1 / (1 + pl.lit(2.0).pow(-bits))


def range_by_scores(pairs: pl.DataFrame, judged: int = 0) -> WrongRange:
    """The range of pairs with `low` and `high`: from the least that is expected to the most.

    Each end with two standard deviations: the number of wrong pairs is a sum of independent
    trials, with the variance Σ p (1 - p).

    >>> range_by_scores(pl.DataFrame({"low": [0.01] * 100, "high": [0.1] * 100}))
    WrongRange(low=0, high=16, pairs=100, judged=0)
    """
    low, high = (float(pairs[end].sum()) for end in ("low", "high"))
    spread = {
        end: SPREADS * math.sqrt(float((pairs[end] * (1 - pairs[end])).sum()))
        for end in ("low", "high")
    }
    ends = (
        math.floor(max(0.0, low - spread["low"])),
        math.ceil(min(pairs.height, high + spread["high"])),
    )
    return WrongRange(*ends, pairs.height, judged)


def range_by_judged(
    pairs: int, judged: int, wrong: int, known: int = 0, known_wrong: int = 0
) -> WrongRange:
    """The range of `pairs` pairs from `judged` pairs like them, `wrong` of which are wrong.

    The interval of Clopper and Pearson (1934, Biometrika 26), both sides together 95 % sure, for
    the pairs that nobody judged; `known` are judged themselves.

    >>> range_by_judged(100, judged=60, wrong=3)
    WrongRange(low=1, high=14, pairs=100, judged=60)
    """
    from scipy.stats import beta

    tail, left = (1 - SURE) / 2, pairs - known
    low = float(beta.ppf(tail, wrong, judged - wrong + 1)) if wrong else 0.0
    high = float(beta.ppf(1 - tail, wrong + 1, judged - wrong)) if wrong < judged else 1.0
    return WrongRange(
        known_wrong + math.floor(low * left), known_wrong + math.ceil(high * left), pairs, judged
    )


def expected_wrong(pairs: pl.DataFrame, alike: pl.DataFrame) -> WrongRange:
    """The range of `pairs`, by the judged ones of `alike` where there are enough, else by scores.

    Both hold low, high, and whether each pair is known to be wrong (null: nobody judged it).
    """
    judged, known = alike["wrong"].drop_nulls(), pairs["wrong"].drop_nulls()
    if len(judged) < LEAST_JUDGED:
        return range_by_scores(pairs, len(judged))
    return range_by_judged(
        pairs.height, len(judged), int(judged.sum()), len(known), int(known.sum())
    )


def judged_pairs(
    pairs: pl.DataFrame, labels: pl.DataFrame | None, decisions: pl.DataFrame
) -> pl.DataFrame:
    """One row per pair of `pairs` of which the truth is known: both records, wrong.

    Labels go before what people decided; a pair of which two labels say otherwise is not known.
    `labels` are of records (record, label) or of pairs (left_record, right_record, same);
    `decisions` of pairs (verdict).
    """
    said = decisions.filter(pl.col("verdict").is_in(["same", "different"])).select(
        *PAIR, wrong=pl.col("verdict") == "different"
    )
    both = pairs.select(PAIR)
    frames = [both.join(_once(said), on=PAIR)]
    if labels is not None and "label" in labels.columns:
        one = (
            labels.select(pl.col("record"), pl.col("label").cast(pl.String))
            .drop_nulls()
            .unique("record")
        )
        told = both.join(one, left_on="left_record", right_on="record").join(
            one, left_on="right_record", right_on="record", suffix="_right"
        )
        frames.insert(0, told.select(*PAIR, wrong=pl.col("label") != pl.col("label_right")))
    elif labels is not None:
        ends = pl.col("left_record"), pl.col("right_record")
        told = labels.drop_nulls().select(
            pl.min_horizontal(ends).alias("left_record"),
            pl.max_horizontal(ends).alias("right_record"),
            wrong=~pl.col("same").cast(pl.Boolean),
        )
        frames.insert(0, both.join(_once(told), on=PAIR))
    return pl.concat(frames).unique(PAIR, keep="first", maintain_order=True)


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """Pairs of which all that is said says the same."""
    return (
        frame.group_by(PAIR)
        .agg(pl.col("wrong").first(), several=pl.col("wrong").n_unique())
        .filter(pl.col("several") == 1)
        .drop("several")
    )
