"""One column of a file as it was read: its name, its different values, how often each occurs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from workbook.privacy import ClassGuess, guess_by_values, meaning_of
from workbook.sources.onboard.headers import words_of

ENOUGH = 0.97  # the share of values that must fit a type; the rest are counted as bad cells
_FEW = 3  # so many different values may be wrong, however few there are
_SAMPLE = 500
_LOOKED_AT = 100
_SPOILED = r"^[+-]?\d([.,]\d+)?E\+\d{2}$"


@dataclass(frozen=True, eq=False)
class ColumnValues:
    """A column: its header, the field's name, its different values with their counts, the
    file's rows.
    """

    header: str
    name: str
    values: pl.Series
    counts: pl.Series
    rows: int
    cells: pl.Series = field(repr=False)  # row by row, NULL where nothing stands
    within: tuple[str, str] = ("", "")  # the column of JSON that the values are in, and their path
    _shares: dict[str, tuple[float, int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, header: str, name: str, cells: pl.Series, within: tuple[str, str] = ("", "")
    ) -> ColumnValues:
        """A column of these cells."""
        counted = (
            cells.alias("v").to_frame().group_by("v", maintain_order=True).len("n").drop_nulls()
        )
        return cls(header, name, counted["v"], counted["n"], len(cells), cells, within)

    def without(self, missing: Sequence[str]) -> ColumnValues:
        """The same column without the words that mean nothing."""
        if not missing or not self.values.is_in(list(missing)).any():
            return self
        cells = self.cells.to_frame("v").select(
            pl.when(~pl.col("v").is_in(list(missing))).then(pl.col("v"))
        )["v"]
        return ColumnValues.of(self.header, self.name, cells, self.within)

    @cached_property
    def filled_rows(self) -> int:
        """In how many rows it has a value."""
        return int(self.counts.sum()) if len(self.counts) else 0

    @property
    def distinct(self) -> int:
        """How many different values it has."""
        return len(self.values)

    @property
    def filled(self) -> bool:
        """Whether every row has a value."""
        return self.filled_rows == self.rows

    @property
    def unique(self) -> bool:
        """Whether it tells every row from every other."""
        return self.rows > 0 and self.distinct == self.rows

    @property
    def repeats(self) -> int:
        """How many rows repeat the value of another row, or have none."""
        return self.rows - self.distinct

    @cached_property
    def spoiled(self) -> int:
        """In how many rows stands a long number that a spreadsheet cut to some of its digits."""
        cut = self.values.str.contains(_SPOILED)
        return int(self.counts.filter(cut).sum()) if self.distinct else 0

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its header, as they are in English: `Vorname` is a first name."""
        words = words_of(self.header.partition("#")[0]) or words_of(self.name)
        return tuple(part for word in words for part in meaning_of(word).split("_"))

    @cached_property
    def sample(self) -> list[str]:
        """Some hundred of its different values, from all over the file."""
        return self.values.gather_every(max(1, self.distinct // _SAMPLE)).to_list()

    @cached_property
    def content(self) -> ClassGuess | None:
        """What some of its values look like by their form: an address, a name, a number of an
        account.
        """
        return guess_by_values(self.sample[:: max(1, len(self.sample) // _LOOKED_AT)])

    def mostly(self, fits: Callable[[str], object]) -> bool:
        """Whether half of its values are of a form, looked at in the sample; of few values,
        half of the rows count, too.
        """
        marked = [bool(fits(value)) for value in self.sample]
        if 2 * sum(marked) >= len(marked):
            return True
        if len(marked) < self.distinct:
            return False
        return (
            2 * int(self.counts.filter(pl.Series(marked, dtype=pl.Boolean)).sum())
            >= self.filled_rows
        )

    def share(self, pattern: str) -> float:
        """The share of its different values that a pattern finds; 0 of none."""
        return self._counted(pattern)[0]

    def misfits(self, pattern: str) -> int:
        """In how many rows stands a value that a pattern does not find."""
        return self.filled_rows - self._counted(pattern)[1]

    def fits(self, pattern: str) -> bool:
        """Whether a pattern finds enough of its values, by rows and by different values."""
        share, rows = self._counted(pattern)
        return self.enough(share, rows)

    def enough(self, share: float, rows: int) -> bool:
        """Whether so many of its different values, in so many rows, are enough for a type."""
        if not self.distinct or rows < ENOUGH * self.filled_rows:
            return False
        return share >= 0.9 or round(self.distinct * (1 - share)) <= _FEW

    def _counted(self, pattern: str) -> tuple[float, int]:
        if pattern not in self._shares:
            self._shares[pattern] = self.measure(self.values.str.contains(pattern))
        return self._shares[pattern]

    def measure(self, found: pl.Series) -> tuple[float, int]:
        """The share of different values that are marked true, and in how many rows they stand."""
        if not self.distinct:
            return 0.0, 0
        return float(found.sum() / self.distinct), int(self.counts.filter(found).sum())
