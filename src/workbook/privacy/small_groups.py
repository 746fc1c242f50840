"""Small cells: counts of fewer than ten people, broken down by a personal attribute, are not
shown.
"""

from __future__ import annotations

from collections.abc import Sequence

LIMIT = 10
SMALL = f"<{LIMIT}"
WITHHELD = "not shown"


def is_small(count: int | None) -> bool:
    """Whether a count of people is too small to show; zero and absence tell of nobody."""
    return count is not None and 0 < count < LIMIT


def withheld(counts: Sequence[int | None], *, total: bool = False) -> dict[int, str]:
    """What stands instead of a count, by row: `<10`, or `not shown` where a total would give
    the only small one away.

    With `total` the last count is the sum of the others: a single small cell could be found by
    subtraction, so the next smallest goes with it (and the total itself where no other is
    left).
    """
    parts = counts[:-1] if total else counts
    hidden = {row: SMALL for row, count in enumerate(parts) if is_small(count)}
    if not total or not counts:
        return hidden
    if is_small(counts[-1]):
        hidden[len(counts) - 1] = SMALL
    elif len(hidden) == 1:
        others = [(count, row) for row, count in enumerate(parts) if row not in hidden and count]
        hidden[min(others)[1] if others else len(counts) - 1] = WITHHELD
    return hidden
