"""How dates and times are written: the words of a format, and what is wrong with one.

`ISO` is ISO 8601, `UNIX` seconds since 1970, `UNIX_MS`, `UNIX_US` and `UNIX_NS` milliseconds,
microseconds and nanoseconds, `EXCEL` days since 1900. Every other format is made of the tokens
below; what is no token must be a mark or a blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
KNOWN = (
    f"{', '.join(WHOLE[:-1])} and EXCEL, or a format of YYYY YY MM MON MONTH DD HH HH12 MI SS AM"
)


class FormatError(ValueError):
    """A format that cannot be read; its text says why."""


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
        raise FormatError(f"'{unknown[0] if unknown else written}' is no token of a date or time.")
    units = [TOKENS[token] for token in pieces[1::2]]
    for unit in units:
        if units.count(unit) > 1:
            raise FormatError(f"It says the {unit} twice.")
    missing = [unit for unit, needs in _NEEDS.items() if unit in units and needs not in units]
    if missing or "year" not in units:
        unit = _NEEDS[missing[0]] if missing else "year"
        raise FormatError(f"It does not say the {unit}.")
    if ("HH12" in pieces) != ("half" in units):
        raise FormatError("HH12 and AM belong together; HH counts from 0 to 23.")
    return TimeFormat(written, pieces)


_NEEDS = {"day": "month", "hour": "day", "minute": "hour", "second": "minute", "half": "hour"}


def _letters(piece: str) -> str:
    for word in _WORDS:
        piece = piece.replace(word, "")
    return "".join(character for character in piece if character.isalnum())


def format_problem(written: str) -> tuple[str, str]:
    """What is wrong with a format and what to do about it; two empty texts where nothing is."""
    try:
        time_format(written)
    except FormatError as error:
        return f"the format '{written}' is not understood: {error}", _advice(written)
    return "", ""


def _advice(written: str) -> str:
    better = written.upper()
    if better != written:
        try:
            time_format(better)
        except FormatError:
            pass
        else:
            return f"Did you mean '{better}'?"
    return f"Known: {KNOWN}."
