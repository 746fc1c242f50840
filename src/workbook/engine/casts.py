"""How a cell's text becomes a typed value: SQL that gives NULL where the text does not fit, so that it can be counted.

Two silent traps are closed here. `try_cast('3.5' as bigint)` gives 4 and `try_cast('1e3' as bigint)` gives 1000, so a
pattern comes first. `try_cast('2024-01-01T10:00+02:00' as timestamp)` drops the zone and keeps 10:00, so a text with a
zone goes by way of timestamptz (the engine's clock is UTC). There is no year 0, and no zone moves a time beyond the years
1 and 9999, with which systems write "ever": no reader could write such a time down.
"""

from __future__ import annotations

import re

from workbook.engine import text_types
from workbook.engine.source import FieldSpec, SourceSpec
from workbook.engine.sql import text
from workbook.errors import DataError

_TRUE = "('true', 't', 'yes', 'y', '1')"
_FALSE = "('false', 'f', 'no', 'n', '0')"
_YEAR = r"(\d{3}[1-9]|\d{2}[1-9]0|\d[1-9]00|[1-9]000)"
_DAY = _YEAR + r"-\d{2}-\d{2}"
_EVER = "({x} < '0001-01-02' or {x} >= '9999-12-31')"  # the two days that a zone could move out of the years
_TIME = r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"
_ZONE = r" ?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"  # an hour beyond 14 is no zone, and would shift the day
_MIDNIGHT = r"([T ]00:00(:00(\.0+)?)?Z?)?"
# token -> strptime code, pattern
_TOKENS = {
    "YYYY": ("%Y", _YEAR),
    "MM": ("%m", r"\d{1,2}"),
    "DD": ("%d", r"\d{1,2}"),
    "HH": ("%H", r"\d{1,2}"),
    "MI": ("%M", r"\d{2}"),
    "SS": ("%S", r"\d{2}"),
}
_SPLIT = re.compile("(YYYY|MM|DD|HH|MI|SS)")


def cleaned(spec: SourceSpec, x: str) -> str:
    """Text without blanks around it; NULL where nothing is left or the dialect calls it missing.

    Looking at both ends first costs a quarter of trimming every cell.
    """
    trimmed = f"trim({x}, ' ' || chr(9) || chr(10) || chr(13) || chr(160))"
    ends = " or ".join(f"unicode({end}) <= 32 or unicode({end}) = 160" for end in (x, f"{x}[-1]"))  # `in (…)` would be a hash join
    bare = f"case when {ends} then {trimmed} else {x} end"
    missing = sorted({"", *spec.missing})
    if missing == [""]:
        return f"nullif({bare}, '')"
    return f"case when ({bare}) not in ({', '.join(map(text, missing))}) then {bare} end"


def recoded(field: FieldSpec, x: str) -> str:
    """Text after the field's declared replacements; a replacement by nothing is NULL."""
    if not field.recode:
        return x
    turns = " ".join(f"when {text(old)} then {text(new)}" for old, new in field.recode)
    return f"nullif(case {x} {turns} else {x} end, '')"


def typed(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """The typed value of a text, NULL where it does not fit its type or is not one of the declared values."""
    value = _cast(spec, field, x)
    if not field.values:
        return value
    if field.type == "category":
        return text_types.declared_category(field.values, x)
    return f"case when {x} in ({', '.join(map(text, field.values))}) then {value} end"


def may_fail(field: FieldSpec) -> bool:
    """Whether some text cannot be a value of this field."""
    return bool(field.values) or field.sql_type != "VARCHAR" or field.type in ("json", "salesforce_id")


def reason(spec: SourceSpec, field: FieldSpec) -> str:
    """Why a text was not taken, in words that hold no data."""
    words = {
        "integer": "not a whole number",
        "decimal": "not a number that fits 12 digits before the decimal mark",
        "money": "not a whole number of cents" if field.unit == "cents" else "not an amount with at most two decimals",
        "date": f"not a date written {spec.dates}",
        "timestamp": f"not a time written {spec.timestamps}",
        "boolean": "neither true nor false",
        "json": "not JSON",
        "salesforce_id": "not a Salesforce id of 15 characters, or of 18 whose last three fit",
    }
    found = [words[field.type]] if field.type in words else []
    return " or ".join([*found, *(["not one of the declared values"] if field.values else [])])


def _cast(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    match field.type:
        case "integer":
            return f"try_cast({_whole(spec, x)} as bigint)"
        case "decimal":
            return f"try_cast({_number(spec, x)} as decimal(18, 6))"
        case "money" if field.unit == "cents":
            return (
                f"cast(try_cast({_whole(spec, x)} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2))"
            )
        case "money":
            exact = f"try_cast({_number(spec, x)} as decimal(38, 9))"
            return f"case when {exact} = round({exact}, 2) then try_cast({exact} as decimal(18, 2)) end"
        case "date":
            return _date(spec.dates, x)
        case "timestamp":
            return _timestamp(spec, x)
        case "boolean":
            return f"case when lower({x}) in {_TRUE} then true when lower({x}) in {_FALSE} then false end"
        case "currency" | "salesforce_id":
            return text_types.READ[field.type](x)
        case "json":
            return f"case when json_valid({x}) then {x} end"
        case _:
            return x


def _whole(spec: SourceSpec, x: str) -> str:
    mark = "," if spec.decimal_mark == "comma" else "."
    pattern = text(rf"[+-]?\d+({re.escape(mark)}0*)?")
    usual = f"when cast(try_cast({x} as bigint) as varchar) = {x} then {x}"  # as it would be written: at half a pattern's cost
    return f"case {usual} when regexp_full_match({x}, {pattern}) then split_part({x}, '{mark}', 1) end"


def _number(spec: SourceSpec, x: str) -> str:
    mark = "," if spec.decimal_mark == "comma" else r"\."
    pattern = text(rf"[+-]?(\d+{mark}?\d*|{mark}\d+)([eE][+-]?\d+)?")
    value = f"replace({x}, ',', '.')" if spec.decimal_mark == "comma" else x
    return f"case when regexp_full_match({x}, {pattern}) then {value} end"


def _date(form: str, x: str) -> str:
    if form == "ISO":
        other = f"case when {_matches(x, _DAY + _MIDNIGHT)} then try_cast(left({x}, 10) as date) end"
        return f"coalesce(cast({_usual(x, '____-__-__', '%Y-%m-%d')} as date), {other})"
    return f"cast({_parsed(form, x)} as date)"


def _timestamp(spec: SourceSpec, x: str) -> str:
    """By the declared format of times; a date alone, as the dialect writes dates, is that day's start."""
    if spec.timestamps == "ISO":
        plain = f"when {_matches(x, f'{_DAY}({_TIME})?')} then try_cast({x} as timestamp)"
        colon = f"regexp_replace({x}, ' ?([+-]\\d{{2}}):?(\\d{{2}})$', '\\1:\\2')"
        moved = f"cast(try_cast({colon} as timestamptz) as timestamp)"
        written = _matches(x, _DAY + _TIME + _ZONE)
        zoned = f"when not {_EVER.format(x=x)} and {written} then {moved} when {written} then {_within(moved)}"
        time = f"coalesce({_usual(x, '____-__-__T__:__:__', '%Y-%m-%dT%H:%M:%S')}, case {plain} {zoned} end)"
        return time if spec.dates == "ISO" else f"coalesce({time}, {_parsed(spec.dates, x)})"
    return f"coalesce({_parsed(spec.timestamps, x)}, cast({_date(spec.dates, x)} as timestamp))"


def _within(value: str) -> str:
    first, last = (f"cast('{day}' as timestamp)" for day in ("0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"))
    return f"case when {value} is not null then least(greatest({value}, {first}), {last}) end"


def _parsed(form: str, x: str) -> str:
    """A text read by a declared format; `D/M` may be written with one digit, a year never with two."""
    pieces = _SPLIT.split(form)
    unknown = [piece for piece in pieces[::2] if any(c.isalpha() and c not in "TZ" for c in piece)]
    if unknown or len(pieces) == 1:
        raise DataError(f"The format '{form}' is not understood. Use YYYY, MM, DD, HH, MI and SS, or ISO.")
    code = "".join(_TOKENS[p][0] if p in _TOKENS else p.replace("%", "%%") for p in pieces)
    pattern = "".join(_TOKENS[p][1] if p in _TOKENS else re.escape(p) for p in pieces)
    return f"case when {_matches(x, pattern)} then try_strptime({x}, {text(code)}) end"


def _usual(x: str, like: str, code: str) -> str:
    """A text of the usual length and marks, parsed at a third of a pattern's cost; together the two forgive nothing."""
    return f"case when {x} like '{like}' and {x} >= '0001' then try_strptime({x}, '{code}') end"


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {text(pattern)})"
