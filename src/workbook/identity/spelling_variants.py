"""Whether two normalised values are spellings of one: a slip apart, or one cut short."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any


def alike(left: str, right: str) -> bool:
    """Whether two normalised values are spellings of one, or one is the other cut short.

    One letter may differ, be left out or change places, in long words two; words may be left
    out; an initial stands for its name. Two slips in a short word would make one of Carter and
    Parker.

    >>> alike("scott", "scoto"), alike("j", "jones"), alike("garcia", "garcia lopez")
    (True, True, True)
    >>> alike("li", "lu"), alike("carter", "parker")
    (False, False)
    """
    short, long = sorted((left, right), key=len)
    if len(short) == 1:
        return long.startswith(short)
    if set(short.split()) <= set(long.split()):
        return True
    allowed = 0 if len(long) < 3 else 1 if len(long) < 8 else 2
    return _distance()(short, long, score_cutoff=allowed) <= allowed


@cache
def _distance() -> Any:
    """Edits between two words, where neighbours that change places are one edit; loaded when
    the first two are compared.
    """
    from rapidfuzz.distance import OSA

    return OSA.distance


def distinct_by_similarity(values: Iterable[str]) -> int:
    """How many groups the values form when every pair that is alike stands in one group (single
    link).

    >>> distinct_by_similarity(["scott", "scoto", "adams", "adam"])
    2
    """
    distinct = sorted(set(values))
    if len(distinct) == 2:
        return 1 if alike(*distinct) else 2
    groups: list[list[str]] = []
    for value in distinct:
        touched = [group for group in groups if any(alike(value, member) for member in group)]
        groups = [group for group in groups if group not in touched] + [
            [value, *(m for group in touched for m in group)]
        ]
    return len(groups)
