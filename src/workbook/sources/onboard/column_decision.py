"""What is decided of a column, and what it stands among."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.number_style import Numbers
from workbook.sources.onboard.time_numbers import Times


@dataclass(frozen=True)
class Typed:
    """What was decided of a column.

    `words` are what the field says beside its type and class (unit, currency, split …), `guess`
    what of all this somebody must confirm. `misfits` are rows whose value is none of the type,
    `because` why it had to stay text. `told` is what else a person should know, as the end of a
    sentence about the field.
    """

    type: str
    cls: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    guess: tuple[str, ...] = ()
    misfits: int = 0
    because: str = ""
    told: str = ""

    def also(self, *guessed: str, **words: object) -> Typed:
        """The same with more words, and with these marked as guesses."""
        marks = tuple(dict.fromkeys((*self.guess, *guessed)))
        return replace(self, words={**self.words, **words}, guess=marks)


@dataclass(frozen=True)
class Beside:
    """What a column stands among: its table, the other columns, how their values are written."""

    table: str
    columns: Sequence[ColumnValues] = ()
    times: Mapping[str, Times | None] = field(default_factory=dict)
    numbers: Mapping[str, Numbers | None] = field(default_factory=dict)
