"""Attributes that different things have in common, such as an address: how often pairs do.

Scores add the evidence of attributes as if each were independent of the others. Among pairs of two
different things they are not: relatives share the surname, the house number and the street
together. Larsen and Rubin (2001, "Iterative automated record linkage using mixture models", Journal
of the American Statistical Association 96) therefore give such pairs a class of their own beside
matches and strangers. In that class the shared attributes are as like each other as those of one
thing, and the others as those of strangers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from workbook.privacy.header_words import meaning_of

LEAST_PAIRS = 10  # of two different things, or a set of attributes is not taken for shared
TIMES = 2.0  # how many times more often than by chance a set is shared, or it is not
RARE = 0.02  # of the pairs of one thing: what fewer pairs of two share misleads hardly a score
MOST = 8  # attributes of a set
_MATCHES = 10.0  # so many times the pairs of one thing are taken off where none is known as two
_FIRST = {"first_name", "firstname", "given_name", "givenname", "forename", "name_first", "prename"}
_BORN = {
    "born",
    "birth",
    "birthday",
    "birthdate",
    "birth_date",
    "dob",
    "date_of_birth",
    "born_on",
    "day_of_birth",
}


@dataclass(frozen=True)
class SharedAttributes:
    """Attributes that two different things have in common in `rate` of all such pairs."""

    attributes: tuple[str, ...]
    rate: float

    @property
    def bits(self) -> float:
        """log2 of the rate."""
        return math.log2(self.rate)


def individual_attributes(kinds: Mapping[str, str]) -> tuple[str, ...]:
    """The first name and the birth date among the compared attributes; nothing without both.

    >>> individual_attributes({"given_name": "person_name", "geburtsdatum": "date"})
    ('given_name', 'geburtsdatum')
    """
    first = next((name for name in kinds if _called(name, _FIRST)), None)
    born = next(
        (
            name
            for name, kind in kinds.items()
            if kind in ("date", "timestamp") and _called(name, _BORN)
        ),
        None,
    )
    return (first, born) if first and born else ()


def _called(name: str, known: set[str]) -> bool:
    words = "_".join(
        meaning_of(word)
        for word in re.split(r"[^a-z0-9]+", name.lower())
        if word and not word.isdigit()
    )
    return words in known


def shared_attributes(
    compared: pl.DataFrame, kinds: Mapping[str, str], prior: float
) -> tuple[SharedAttributes, ...]:
    """The sets of attributes that two things agree on together, more often than by chance.

    Two records are of two things where first name and birth date both differ; where these are not
    compared, pairs of one thing are estimated by `prior` and taken off. Every count is exact:
    n (n - 1) / 2 of each group of equal values.
    """
    telling = individual_attributes(kinds)
    names = [name for name in kinds if name not in telling]
    codes = compared.select(pl.col(name).rank("dense") for name in kinds)
    rates = {(name,): _rate(codes, (name,), telling, prior)[0] for name in names}
    found: list[SharedAttributes] = []
    grown: Iterable[tuple[str, ...]] = combinations(names, 2)
    for _ in range(2, MOST + 1):
        kept = []
        for several in dict.fromkeys(grown):
            rate, pairs = _rate(codes, several, telling, prior)
            parts = [(tuple(item for item in several if item != name), name) for name in several]
            chance = max(rates.get(rest, 0.0) * rates[(name,)] for rest, name in parts)
            if pairs >= LEAST_PAIRS and rate > max(TIMES * chance, RARE * prior):
                rates[several] = rate
                kept.append(several)
        found += [SharedAttributes(several, rates[several]) for several in kept]
        grown = [
            tuple(name for name in names if name in {*several, more})
            for several in kept
            for more in names
            if more not in several
        ]
    return tuple(found)


def _rate(
    codes: pl.DataFrame, several: Sequence[str], telling: Sequence[str], prior: float
) -> tuple[float, float]:
    """Which share of the pairs of two things agrees on all of `several`, and how many pairs."""
    filled = codes.drop_nulls([*several, *telling])
    every, agree = (_two(filled, telling, by) for by in ((), tuple(several)))
    if not telling:
        agree = max(0.0, agree - _MATCHES * prior * every)
    return (agree / every if every else 0.0), agree


def _two(filled: pl.DataFrame, telling: Sequence[str], by: tuple[str, ...]) -> float:
    """How many pairs agree on `by` and differ in each of `telling`, by inclusion and exclusion."""
    signed = [
        (-1) ** size * _pairs(filled, (*by, *chosen))
        for size in range(len(telling) + 1)
        for chosen in combinations(telling, size)
    ]
    return float(sum(signed))


def _pairs(filled: pl.DataFrame, by: tuple[str, ...]) -> int:
    counts = (
        filled.group_by(by).len()["len"].cast(pl.Int64)
        if by
        else pl.Series([filled.height], dtype=pl.Int64)
    )
    return int((counts * (counts - 1) // 2).sum())
