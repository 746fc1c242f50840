"""How dates and times are written: the words of a format, and what is wrong with one.

`ISO` is ISO 8601, `UNIX` seconds since 1970, `UNIX_MS`, `UNIX_US` and `UNIX_NS` milliseconds,
microseconds and nanoseconds, `EXCEL` days since 1900. Every other format is made of the tokens
below; what is no token must be a mark or a blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from workbook.errors import WorkbookError
from workbook.words import error_of

# the formats of numbers since 1970: what one counts, and how often it goes into a second
SINCE_1970 = {
    "UNIX": ("seconds", 1),
    "UNIX_MS": ("milliseconds", 1_000),
    "UNIX_US": ("microseconds", 1_000_000),
    "UNIX_NS": ("nanoseconds", 1_000_000_000),
}
WHOLE = ("ISO", *SINCE_1970, "EXCEL")
TOKENS = {
    "YYYY": "year",
    "YY": "year",
    "MONTH": "month",
    "MON": "month",
    "MM": "month",
    "M": "month",
    "DD": "day",
    "D": "day",
    "HH12": "hour",
    "HH24": "hour",
    "HH": "hour",
    "MI": "minute",
    "SS": "second",
    "AM": "half",
    "PM": "half",
}
_PIECES = re.compile(f"({'|'.join(sorted(TOKENS, key=len, reverse=True))})")
_FRACTION = re.compile(r"(?<=SS)[.,]F+")
_WORDS = ("UTC", "GMT", "T", "Z")  # letters that stand for themselves
KNOWN = ("YYYY", "YY", "MM", "MON", "MONTH", "DD", "HH", "HH12", "MI", "SS", "AM")


class FormatError(WorkbookError):
    """A format that cannot be read."""


@dataclass(frozen=True)
class TimeFormat:
    """A format taken apart: texts that stand for themselves and tokens, in turn."""

    written: str
    pieces: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether one word names the way of writing, as ISO, UNIX and EXCEL do."""
        return self.written in WHOLE

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens, in the order of the text."""
        return self.pieces[1::2]


def time_format(written: str) -> TimeFormat:
    """A format taken apart.

    Raises:
        FormatError: a word of it is no token, or its tokens do not make a date.

    >>> time_format("DD.MM.YYYY").pieces
    ('', 'DD', '.', 'MM', '.', 'YYYY', '')
    """
    if written in WHOLE:
        return TimeFormat(written, (written,))
    pieces = tuple(_PIECES.split(_FRACTION.sub("", written)))
    unknown = [piece.strip() for piece in pieces[::2] if _letters(piece)]
    if unknown or len(pieces) == 1:
        token = unknown[0] if unknown else written
        raise error_of(
            FormatError, "model.time.not_a_token", written=written, token=token, **_known(written)
        )
    units = [TOKENS[token] for token in pieces[1::2]]
    for unit in units:
        if units.count(unit) > 1:
            raise error_of(FormatError, "model.time.unit_twice", written=written, unit=unit)
    missing = [unit for unit, needs in _NEEDS.items() if unit in units and needs not in units]
    if missing or "year" not in units:
        unit = _NEEDS[missing[0]] if missing else "year"
        raise error_of(FormatError, "model.time.unit_missing", written=written, unit=unit)
    if ("HH12" in pieces) != ("half" in units):
        raise error_of(FormatError, "model.time.half_of_the_day", written=written)
    return TimeFormat(written, pieces)


_NEEDS = {"day": "month", "hour": "day", "minute": "hour", "second": "minute", "half": "hour"}


def _letters(piece: str) -> str:
    for word in _WORDS:
        piece = piece.replace(word, "")
    return "".join(character for character in piece if character.isalnum())


def format_error(written: str) -> FormatError | None:
    """What is wrong with a format; None where nothing is."""
    try:
        time_format(written)
    except FormatError as error:
        return error
    return None


def _known(written: str) -> dict[str, Any]:
    """What a format can be, and what was probably meant."""
    better = written.upper()
    meant = better != written and format_error(better) is None
    return {"better": better if meant else "", "whole": WHOLE, "tokens": KNOWN}
