"""A declared format of dates and times, such as `MM/DD/YYYY, HH12:MI AM`, as SQL."""

from __future__ import annotations

import re
from collections.abc import Callable

from workbook.engine.sql import text
from workbook.model.time_formats import TOKENS, TimeFormat, time_format

YEAR = r"(\d{3}[1-9]|\d{2}[1-9]0|\d[1-9]00|[1-9]000)"
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_FRACTION = r"(?:[.,]\d{1,9})?"
_BLANK = "[ \u00a0\u202f]"  # what programs write before AM, too
_HALF = rf"\.?{_BLANK}?[Mm]\.?"
_LETTERS = ("MON", "MONTH", "AM", "PM")
# token -> strptime code, pattern of the whole, pattern of what strptime is given
_USUAL = {
    "YYYY": ("%Y", YEAR),
    "MM": ("%m", r"\d{1,2}"),
    "DD": ("%d", r"\d{1,2}"),
    "HH": ("%H", r"\d{1,2}"),
    "MI": ("%M", r"\d{2}"),
    "SS": ("%S", r"\d{2}"),
}
_CODES = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "half": "%p",
}


def parsed(form: str, pivot: int, x: str) -> str:
    """A text read by a declared format: days and months may have one digit, seconds any fraction.

    Raises:
        FormatError: the format is none.
    """
    known = time_format(form)
    if set(known.tokens) <= set(_USUAL):
        usual = _usual(known, x)
        return (
            f"coalesce({usual}, {_rewritten(known, pivot, x)})" if "SS" in known.tokens else usual
        )
    return _rewritten(known, pivot, x)


def _usual(form: TimeFormat, x: str) -> str:
    code = "".join(_USUAL[p][0] if p in _USUAL else p.replace("%", "%%") for p in form.pieces)
    pattern = _pattern(form, lambda token: _USUAL[token][1])
    return f"case when {_matches(x, pattern)} then try_strptime({x}, {text(code)}) end"


def _rewritten(form: TimeFormat, pivot: int, x: str) -> str:
    """The text written anew in one order, with a year of four digits and the month's first
    letters, then parsed.
    """
    groups = {TOKENS[token]: number for number, token in enumerate(form.tokens, 1)}
    year = f"\\{groups['year']}"
    order = [
        unit for unit in ("month", "day", "hour", "minute", "second", "half") if unit in groups
    ]
    rest = "".join(f" \\{groups[unit]}" + ("m" if unit == "half" else "") for unit in order)
    code = " ".join(["%Y", *(_code(form, unit) for unit in order)])
    taken = f"^{_pattern(form, _taken)}$"
    written = f"regexp_replace({x}, {text(taken)}, {text(year + rest)})"
    if "YY" in form.tokens:
        short = f"cast(regexp_extract({x}, {text(taken)}, {groups['year']}) as integer)"
        written = f"case when {short} > {pivot} then '19' else '20' end || {written}"
    moment = f"try_strptime({written}, {text(code)})"
    if "SS" in form.tokens:
        digits = text(taken.replace(_FRACTION, r"(?:[.,](\d{1,6})\d{0,3})?"))
        part = f"regexp_extract({x}, {digits}, {_fraction_group(form)})"
        moment = f"{moment} + to_microseconds(cast(rpad({part}, 6, '0') as bigint))"
    return f"case when {_matches(x, _pattern(form, _whole))} then {moment} end"


def _pattern(form: TimeFormat, pattern_of: Callable[[str], str]) -> str:
    """The pattern of a format. Digits that nothing sets apart are two of each, because a missing
    one could be anywhere; before AM stands a blank of any kind, or none.
    """
    pieces, parts = form.pieces, []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            half = pieces[place + 1 : place + 2] in (("AM",), ("PM",)) and piece == " "
            parts.append(f"{_BLANK}?" if half else re.escape(piece))
            continue
        beside = [
            pieces[place + 2 * step]
            for step in (-1, 1)
            if 0 <= place + 2 * step < len(pieces) and not pieces[place + step]
        ]
        tight = any(each not in _LETTERS for each in beside)
        pattern = pattern_of(piece)
        parts.append(pattern.replace(r"\d{1,2}", r"\d{2}") if tight else pattern)
    return "".join(parts)


def _fraction_group(form: TimeFormat) -> int:
    """The group that the fraction is, right behind that of the seconds."""
    return form.tokens.index("SS") + 2


def _code(form: TimeFormat, unit: str) -> str:
    if unit == "month" and {"MON", "MONTH"} & set(form.tokens):
        return "%b"
    return "%I" if unit == "hour" and "HH12" in form.tokens else _CODES[unit]


def _whole(token: str) -> str:
    match token:
        case "YYYY":
            return YEAR
        case "YY" | "MI":
            return r"\d{2}"
        case "MON" | "MONTH":
            return rf"(?i:{_MONTHS})\.?"
        case "SS":
            return r"\d{2}" + _FRACTION
        case "AM" | "PM":
            return f"[AaPp]{_HALF}"
        case _:
            return r"\d{1,2}"


def _taken(token: str) -> str:
    """The pattern of a token in which the one group is what is kept of it."""
    match token:
        case "YYYY":
            return r"(\d{4})"
        case "MON" | "MONTH":
            return r"([A-Za-z]{3})[A-Za-z]*\.?"
        case "SS":
            return r"(\d{2})" + _FRACTION
        case "AM" | "PM":
            return f"([AaPp]){_HALF}"
        case _:
            return r"(\d{1,2})"


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {text(pattern)})"
