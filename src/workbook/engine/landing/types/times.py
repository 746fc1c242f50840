"""Dates and times: SQL that reads a text by the declared formats, tried in their order.

`try_cast('2024-01-01T10:00+02:00' as timestamp)` drops the zone and keeps 10:00, so a text with a zone
goes by way of timestamptz (the engine's clock is UTC). There is no year 0, and no zone moves a time
beyond the years 1 and 9999, with which systems write "ever": no reader could write such a time down.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine.landing.source import FieldSpec, SourceSpec
from workbook.engine.landing.types.declared import parsed
from workbook.engine.sql import text

_YEAR = r"(\d{3}[1-9]|\d{2}[1-9]0|\d[1-9]00|[1-9]000)"
_DAY = _YEAR + r"-\d{2}-\d{2}"
_EVER = "({x} < '0001-01-02' or {x} >= '9999-12-31')"  # the two days that a zone could move out of the years
_TIME = r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
_UTC = "(Z|UTC|GMT)"
_ZONE = rf" ?({_UTC}|[+-](0\d|1[0-4])(:?[0-5]\d)?)"  # an hour beyond 14 is no zone, and would shift the day
_MIDNIGHT = rf"([T ]00:00(:00(\.0+)?)?( ?({_UTC}|[+-]00(:?00)?))?)?"
_FIRST, _LAST = -62_135_596_800, 253_402_300_800  # seconds from 1970 to the years 1 and 10000
_FAKE_DAY = 60  # Excel's 29 February 1900
_LAST_SERIAL = 2_958_465


def date(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """A day, by the formats of the field or else of the dialect."""
    return _any([_date(form, _pivot(spec, field), x) for form in field.formats or spec.dates])


def timestamp(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """A time in UTC; a date alone, as the dialect writes dates, is that day's start."""
    pivot = _pivot(spec, field)
    forms = field.formats or spec.timestamps
    ways = [_time(form, pivot, x) for form in forms]
    ways += [f"cast({_date(form, pivot, x)} as timestamp)" for form in spec.dates if form not in forms]
    return _any(ways)


def is_unix(x: str) -> str:
    """Whether a text looks like seconds or milliseconds since 1970, between 2001 and 2286."""
    return _matches(x, r"[1-9]\d{9}(\d{3})?(\.\d+)?")


def is_serial(x: str) -> str:
    """Whether a text looks like days since 1900, between 1954 and 2118."""
    return _matches(x, r"[2-7]\d{4}(\.\d+)?")


def unix_word(x: str) -> str:
    """The format that such a text is written in."""
    return f"case when length(split_part({x}, '.', 1)) > 10 then 'UNIX_MS' else 'UNIX' end"


def _pivot(spec: SourceSpec, field: FieldSpec) -> int:
    return spec.pivot if field.pivot is None else field.pivot


def _any(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else f"coalesce({', '.join(ways)})"


def _date(form: str, pivot: int, x: str) -> str:
    if form == "ISO":
        other = f"case when {_matches(x, _DAY + _MIDNIGHT)} then try_cast(left({x}, 10) as date) end"
        return f"coalesce(cast({_usual(x, '____-__-__', '%Y-%m-%d')} as date), {other})"
    return f"cast({_time(form, pivot, x)} as date)"


def _time(form: str, pivot: int, x: str) -> str:
    if form == "ISO":
        return _iso(x)
    if form in _NUMBERED:
        return _NUMBERED[form](x)
    return parsed(form, pivot, x)


def _iso(x: str) -> str:
    plain = f"when {_matches(x, f'{_DAY}({_TIME})?')} then try_cast({x} as timestamp)"
    colon = f"regexp_replace({x}, ' ?([+-]\\d{{2}}):?(\\d{{2}})$', '\\1:\\2')"
    zero = f"regexp_replace({colon}, ' ?{_UTC}$', '+00:00')"
    moved = f"cast(try_cast({zero} as timestamptz) as timestamp)"
    written = _matches(x, _DAY + _TIME + _ZONE)
    zoned = f"when not {_EVER.format(x=x)} and {written} then {moved} when {written} then {_within(moved)}"
    usual = _usual(x, "____-__-__T__:__:__", "%Y-%m-%dT%H:%M:%S")
    return f"coalesce({usual}, case {plain} {zoned} end)"


def _within(value: str) -> str:
    first, last = (f"cast('{day}' as timestamp)" for day in ("0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"))
    return f"case when {value} is not null then least(greatest({value}, {first}), {last}) end"


def _unix(x: str) -> str:
    """Seconds since 1970, with any fraction; what is finer than a microsecond is cut off."""
    seconds = f"try_cast({x} as decimal(28, 9))"
    known = _matches(x, r"-?\d{1,12}(\.\d{1,9})?")
    inside = f"{seconds} >= {_FIRST} and {seconds} < {_LAST}"
    return f"case when {known} then case when {inside} then make_timestamp(cast(floor({seconds} * 1000000) as bigint)) end end"


def _unix_ms(x: str) -> str:
    """Milliseconds since 1970; ten digits would be early 1970, and are seconds in truth."""
    moment = f"try_cast({x} as decimal(28, 9))"
    written, in_seconds = _matches(x, r"-?\d{1,15}(\.\d{1,9})?"), _matches(x, r"\d{10}(\.\d+)?")
    known = f"{written} and not {in_seconds}"
    inside = f"{moment} >= {_FIRST}000 and {moment} < {_LAST}000"
    return f"case when {known} then case when {inside} then make_timestamp(cast(floor({moment} * 1000) as bigint)) end end"


def _excel(x: str) -> str:
    """Days since 1900 as Excel counts them, with its 29 February 1900; the time to a millisecond."""
    days = f"try_cast({x} as decimal(28, 15))"
    known = _matches(x, r"\d{1,7}(\.\d{1,15}\d*)?")
    shift = f"case when {days} < {_FAKE_DAY} then 1 else 0 end"
    inside = f"{days} >= 1 and {days} < {_LAST_SERIAL + 1} and floor({days}) <> {_FAKE_DAY}"
    after = f"to_milliseconds(cast(round({days} * 86400000) as bigint))"
    start = f"cast('1899-12-30' as timestamp) + to_days({shift}) + {after}"
    return f"case when {known} then case when {inside} then {start} end end"


_NUMBERED = {"UNIX": _unix, "UNIX_MS": _unix_ms, "EXCEL": _excel}


def _usual(x: str, like: str, code: str) -> str:
    """A text of the usual length and marks, parsed at a third of a pattern's cost; together the two forgive nothing."""
    return f"case when {x} like '{like}' and {x} >= '0001' then try_strptime({x}, '{code}') end"


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {text(pattern)})"
