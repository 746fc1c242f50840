"""Dates and times: SQL that reads a text by the declared formats, tried in their order.

`try_cast('2024-01-01T10:00+02:00' as timestamp)` drops the zone and keeps 10:00, so a text with
a zone goes by way of timestamptz (the engine's clock is UTC). There is no year 0, and no zone
moves a time beyond the years 1 and 9999, with which systems write "ever": no reader could write
such a time down.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types.declared_time_formats import parsed
from workbook.engine.sql import text
from workbook.model.time_formats import SINCE_1970

_YEAR = r"(\d{3}[1-9]|\d{2}[1-9]0|\d[1-9]00|[1-9]000)"
_DAY = _YEAR + r"-\d{2}-\d{2}"
# the two days that a zone could move out of the years
_EVER = "({x} < '0001-01-02' or {x} >= '9999-12-31')"
_TIME = r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
_UTC = "(Z|UTC|GMT)"
# an hour beyond 14 is no zone, and would shift the day
_ZONE = rf" ?({_UTC}|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
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
    ways += [
        f"cast({_date(form, pivot, x)} as timestamp)" for form in spec.dates if form not in forms
    ]
    return _any(ways)


def is_unix(x: str) -> str:
    """Whether a text looks like a number since 1970, between 2001 and 2286."""
    return _matches(x, r"[1-9]\d{9}(\d{3}){0,3}(\.\d+)?")


def is_serial(x: str) -> str:
    """Whether a text looks like days since 1900, between 1954 and 2118."""
    return _matches(x, r"[2-7]\d{4}(\.\d+)?")


def looks_unix(x: str) -> str:
    """A sentence that says what such a text counts, and the format to declare."""
    *larger, (seconds, _) = sorted(SINCE_1970.items(), key=lambda each: -each[1][1])
    turns = " ".join(
        f"when length(split_part({x}, '.', 1)) > {_digits(per_second) - 3} then"
        f" {text(_looks(form))}"
        for form, (_, per_second) in larger
    )
    return f"case {turns} else {text(_looks(seconds))} end"


def _looks(form: str) -> str:
    return f"looks like {SINCE_1970[form][0]} since 1970: declare `format: {form}`"


def _digits(per_second: int) -> int:
    """How many digits a number since 1970 has today."""
    return 9 + len(str(per_second))


def _pivot(spec: SourceSpec, field: FieldSpec) -> int:
    return spec.pivot if field.pivot is None else field.pivot


def _any(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else f"coalesce({', '.join(ways)})"


def _date(form: str, pivot: int, x: str) -> str:
    if form == "ISO":
        other = (
            f"case when {_matches(x, _DAY + _MIDNIGHT)} then try_cast(left({x}, 10) as date) end"
        )
        return f"coalesce(cast({_usual(x, '____-__-__', '%Y-%m-%d')} as date), {other})"
    return f"cast({_time(form, pivot, x)} as date)"


def _time(form: str, pivot: int, x: str) -> str:
    if form == "ISO":
        return _iso(x)
    if form in SINCE_1970:
        return _since_1970(form, x)
    if form == "EXCEL":
        return _excel(x)
    return parsed(form, pivot, x)


def _iso(x: str) -> str:
    plain = f"when {_matches(x, f'{_DAY}({_TIME})?')} then try_cast({x} as timestamp)"
    colon = f"regexp_replace({x}, ' ?([+-]\\d{{2}}):?(\\d{{2}})$', '\\1:\\2')"
    zero = f"regexp_replace({colon}, ' ?{_UTC}$', '+00:00')"
    moved = f"cast(try_cast({zero} as timestamptz) as timestamp)"
    written = _matches(x, _DAY + _TIME + _ZONE)
    zoned = (
        f"when not {_EVER.format(x=x)} and {written} then {moved} when {written} then"
        f" {_within(moved)}"
    )
    usual = _usual(x, "____-__-__T__:__:__", "%Y-%m-%dT%H:%M:%S")
    return f"coalesce({usual}, case {plain} {zoned} end)"


def _within(value: str) -> str:
    first, last = (
        f"cast('{day}' as timestamp)"
        for day in ("0001-01-01 00:00:00", "9999-12-31 23:59:59.999999")
    )
    return f"case when {value} is not null then least(greatest({value}, {first}), {last}) end"


def _since_1970(form: str, x: str) -> str:
    """A number since 1970, with any fraction; what is finer than a microsecond is cut off.

    With the digits that a larger unit has today it would be early 1970, and is of the larger
    unit in truth.
    """
    _, per_second = SINCE_1970[form]
    digits, places = _digits(per_second), 9 if per_second <= 1000 else 6
    number = f"try_cast({x} as decimal(28, {places}))"
    known = _matches(x, rf"-?\d{{1,{digits + 2}}}(\.\d{{1,{places}}})?")
    if per_second > 1:
        larger = _matches(x, rf"\d{{10}}(\d{{3}}){{0,{(digits - 13) // 3}}}(\.\d+)?")
        known += f" and not {larger}"
    first, last = (f"cast({bound * per_second} as decimal(28, 0))" for bound in (_FIRST, _LAST))
    moment = f"make_timestamp(cast(floor({_in_microseconds(number, per_second)}) as bigint))"
    return (
        f"case when {known} then case when {number} >= {first} and {number} < {last} then {moment}"
        " end end"
    )


def _in_microseconds(number: str, per_second: int) -> str:
    if per_second > 1_000_000:
        return f"{number} * cast(0.001 as decimal(4, 3))"
    return f"{number} * {1_000_000 // per_second}"


def _excel(x: str) -> str:
    """Days since 1900 as Excel counts them, with its 29 February 1900; the time to a
    millisecond.
    """
    days = f"try_cast({x} as decimal(28, 15))"
    known = _matches(x, r"\d{1,7}(\.\d{1,15}\d*)?")
    shift = f"case when {days} < {_FAKE_DAY} then 1 else 0 end"
    inside = f"{days} >= 1 and {days} < {_LAST_SERIAL + 1} and floor({days}) <> {_FAKE_DAY}"
    after = f"to_milliseconds(cast(round({days} * 86400000) as bigint))"
    start = f"cast('1899-12-30' as timestamp) + to_days({shift}) + {after}"
    return f"case when {known} then case when {inside} then {start} end end"


def _usual(x: str, like: str, code: str) -> str:
    """A text of the usual length and marks, parsed at a third of a pattern's cost; together the
    two forgive nothing.
    """
    return f"case when {x} like '{like}' and {x} >= '0001' then try_strptime({x}, '{code}') end"


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {text(pattern)})"
