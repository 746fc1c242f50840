"""Records joined by links into groups.

Records are numbered from 1 in the order of their keys; a group is named by its first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Groups:
    """The groups that links make of `size` records: of each record the group's number from 0,
    and of each group its first record.

    Both are numpy arrays; `firsts` counts records from 0 and ascends, so groups are numbered in
    the order of their firsts.
    """

    labels: Any
    firsts: Any

    def roots(self) -> Any:
        """Of each record the first record of its group, counted from 0."""
        return self.firsts[self.labels]

    def sizes(self) -> Any:
        """Of each record how many records its group has."""
        import numpy as np

        return np.bincount(self.labels, minlength=len(self.firsts))[self.labels]


def grouped(size: int, left: pl.Series, right: pl.Series) -> Groups:
    """The groups that links between numbered records make."""
    import numpy as np

    roots = _roots(size, (left - 1).to_numpy(), (right - 1).to_numpy())
    first = roots == np.arange(size)
    return Groups((np.cumsum(first) - 1)[roots], np.flatnonzero(first))


def count(size: int, left: pl.Series, right: pl.Series) -> int:
    """How many groups the links leave."""
    return len(grouped(size, left, right).firsts)


def _roots(size: int, left: Any, right: Any) -> Any:
    """Of each record the lowest record that it is joined with.

    In each round every link hooks the higher of its two roots to the lower one, and every
    record is pointed at its root again; of the roots that links still join at least half are
    gone after it (Shiloach and Vishkin 1982).
    """
    import numpy as np

    roots = np.arange(size)
    while True:
        one, other = roots[left], roots[right]
        apart = one != other
        if not apart.any():
            return roots
        left, right, one, other = left[apart], right[apart], one[apart], other[apart]
        np.minimum.at(roots, np.maximum(one, other), np.minimum(one, other))
        while not ((above := roots[roots]) == roots).all():
            roots = above
