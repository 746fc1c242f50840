"""Chance that gives the same bytes on every machine: only `Random.random()`, whose sequence Python promises to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """One stream of chance per part, so that a change in one part leaves the others as they were."""

    def __init__(self, seed: int, part: str) -> None:
        self._random = Random(f"{seed}:{part}").random

    def chance(self, share: float) -> bool:
        return self._random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._random() * len(items))]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        left = self._random() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """So many different items, in the order in which they stood."""
        if count > len(items):
            raise ValueError(f"{count} of {len(items)} cannot be chosen")
        places = list(range(len(items)))
        for i in range(count):
            j = i + int(self._random() * (len(places) - i))
            places[i], places[j] = places[j], places[i]
        return [items[i] for i in sorted(places[:count])]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        left = list(items)
        for i in range(len(left) - 1, 0, -1):
            j = int(self._random() * (i + 1))
            left[i], left[j] = left[j], left[i]
        return left

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=self.between(0, max(0, (last - first).days)))

    def moment(self, day: dt.date, first_hour: int = 7, last_hour: int = 19) -> dt.datetime:
        time = dt.time(self.between(first_hour, last_hour), self.between(0, 59), self.between(0, 59))
        return dt.datetime.combine(day, time)

    def digits(self, count: int) -> str:
        return "".join(str(self.between(0, 9)) for _ in range(count))

    def code(self, count: int) -> str:
        return "".join(self.pick("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(count))
