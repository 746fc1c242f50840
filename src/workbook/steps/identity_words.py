"""What 04b says of suggested pairs, in one place."""

from __future__ import annotations

from workbook.identity.expected_wrong import LEAST_JUDGED, OFF, WrongRange
from workbook.words import number

SCORES = (
    "The match score is the probability that two groups of records are the same one, learned from "
    "this data; a suggestion alone changes nothing."
)
EXPECTED = (
    "Expected wrong: how many of the pairs awaiting review are not one and the same. Where labels"
    f" or decisions judge at least {LEAST_JUDGED} pairs of the row, it is the 95 % confidence"
    " interval of their error rate (Clopper–Pearson). Otherwise it is the range of scores whose"
    f" odds are up to {2**OFF:.0f} times too high or too low, and whose attributes may depend on"
    " each other. Judge a sample to calibrate it, before a band is signed off."
)
ACCEPTING = (
    "Each row was computed as if its pairs were accepted; nothing was merged. A number can rise"
    " where two halves meet its rule only together. Bands come first, then the patterns with the"
    " most expected true pairs, the largest effect on a headline number first. A range of many"
    " pairs is narrower than those of its parts added up: not all are at their worst at once. "
)
NAMED = (
    "The grey line of a band says which attributes decide most of its scores. The command workbook "
    "match takes the short name of a pattern to sample it, sign it off and undo that."
)
WEIGHTS = (
    "Each point of match weight doubles the odds that two records are the same, each point "
    "below zero halves them; the sum is the match score in other words. A rare value that is the "
    "same weighs more than a frequent one, an empty one weighs nothing. "
)
DEPENDENCE = (
    "The correction for dependence takes off evidence that two different ones share, such as "
    "relatives an address. "
)
CORRECTION = "correction for dependence"
HIDDEN = "The values themselves are shown to a reviewer only."


def span(found: WrongRange) -> str:
    """A range of counts.

    >>> span(WrongRange(1, 1400, 2000)), span(WrongRange(3, 3, 3, 3))
    ('1 to 1,400', '3')
    """
    ends = dict.fromkeys(number.integer(end) for end in (found.low, found.high))
    return " to ".join(ends)


def calibrated(found: WrongRange) -> str:
    """Whether a range is calibrated, and how many pairs are judged.

    >>> calibrated(WrongRange(1, 14, 100, 60)), calibrated(WrongRange(0, 16, 100))
    ('calibrated by 60 judged pairs', 'not calibrated')
    >>> calibrated(WrongRange(0, 16, 100, 1))
    'not calibrated, 1 judged pair'
    """
    judged = number.plural(found.judged, "judged pair")
    if found.calibrated:
        return f"calibrated by {judged}"
    return f"not calibrated, {judged}" if found.judged else "not calibrated"


def of_pattern(found: WrongRange) -> str:
    """What is expected of the pairs of one pattern, as a sentence."""
    waits = number.plural(found.pairs, "pair")
    wrong = f"{span(found)} are expected to be wrong ({calibrated(found)})"
    return f"Of {waits} of this pattern awaiting review, {wrong}. "
