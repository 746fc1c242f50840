"""Numbers and amounts: SQL that gives the digits of the text, or NULL where it cannot.

`try_cast('3.5' as bigint)` gives 4, and a cast to a decimal rounds; so a pattern comes first,
and no digit after the mark is lost unless it is the noise of a float. A text that is not plain
is looked at a second time only: for thousands set apart, a currency, brackets or a minus at the
end, a percent sign.
"""

from __future__ import annotations

import re

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types.cell_text import one_of
from workbook.engine.sql import quote, text
from workbook.model.currencies import SIGNS, signs_of, with_decimals
from workbook.model.decimals import exact_type

_NOISE = 15  # significant digits from which a text is that of a float
_FLOAT = 17  # and up to which: no float is written with more
_ULPS = "4.5e-16"  # two steps of a float: as much as one sum or product of cents is off
_SPACES = " \u00a0\u202f\u2009"
_QUOTES = "'\u2019"
_SEPARATORS = {"comma": ",", "point": ".", "space": " ", "apostrophe": "'"}
_CODE = r"[A-Z]{3}"


def integer(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """A whole number."""
    mark = spec.mark_of(field)
    plain = f"try_cast({whole(mark, x)} as bigint)"
    return f"coalesce({plain}, try_cast({_grouped(spec, field, x)} as bigint))"


def decimal(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """A number with at most so many digits after the mark; `12.5 %` is 0.125."""
    mark, scale = spec.mark_of(field), field.scale
    ways = [_plain(mark, scale, x), _float(mark, scale, x)]
    if field.rounded:
        ways.append(_rounded(mark, scale, x))
    share = f"rtrim(left({x}, length({x}) - 1), {text(_SPACES)})"
    hundredth = (
        f"try_cast({_point(mark, share)} as {exact_type(scale - 2)}) * cast(0.01 as decimal(3, 2))"
    )
    fits = (
        f"{x} like '%\\%' escape '\\' and regexp_full_match({share},"
        f" {text(plain(mark, scale - 2))})"
    )
    ways.append(f"when {fits} then try_cast({hundredth} as {exact_type(scale)})")
    even = even_text(x)
    grouped = f"regexp_full_match({even}, {text(_written(_number(spec, field, scale)))})"
    ways.append(f"when {grouped} then try_cast({_signed(mark, even)} as {exact_type(scale)})")
    return f"case {' '.join(ways)} end"


def money(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """An amount in main units of its currency."""
    mark, scale = spec.mark_of(field), field.scale
    even = even_text(x)
    bare = _without_currency(field, even)
    written = text(_written(_body(spec, field, scale)))
    amount = f"try_cast({_signed(mark, bare)} as {exact_type(scale)})"
    ways = [_plain(mark, scale, x), _float(mark, scale, x)]
    ways.append(
        f"when regexp_full_match({bare}, {written}) and {_agrees(field, even)} then {amount}"
    )
    return f"case {' '.join(ways)} end"


def smallest_unit(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """An amount written in the smallest unit of its currency: cents of a euro, whole yen."""
    mark, scale = spec.mark_of(field), field.scale
    usual = not _declared(spec, field) and not field.rounded
    if usual and not field.currency_field and scale == 2 and field.code not in with_decimals(0):
        return (
            f"cast(try_cast({whole(mark, x)} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as"
            " decimal(18, 2))"
        )
    digits = _in_units(mark, max(scale - 2, 0) if field.rounded else 0, x)
    if _declared(spec, field):
        digits = f"coalesce({digits}, {_grouped(spec, field, x)})"
    units = f"try_cast({digits} as decimal(24, 9))"
    value = f"{units} * {_worth(field)}"
    return (
        f"case when {value} = round({value}, {scale}) then try_cast({value} as"
        f" {exact_type(scale)}) end"
    )


def whole(mark: str, x: str) -> str:
    """The digits of a whole number, in which `3.0` counts as 3."""
    pattern = text(rf"[+-]?\d+({re.escape(mark)}0*)?")
    # as it would be written: at half a pattern's cost
    usual = f"when cast(try_cast({x} as bigint) as varchar) = {x} then {x}"
    return (
        f"case {usual} when regexp_full_match({x}, {pattern}) then split_part({x}, '{mark}', 1) end"
    )


def plain(mark: str, places: int) -> str:
    """The pattern of a number without anything beside it and with no digit too many after the
    mark.
    """
    m = re.escape(mark)
    some = rf"|{m}\d{{1,{places}}}0*" if places > 0 else ""
    return rf"[+-]?(\d+({m}\d{{0,{places}}}0*)?{some})"


def even_text(x: str) -> str:
    """Text in which every blank is a space, every minus a hyphen and every apostrophe the plain
    one.
    """
    odd = _SPACES[1:] + _QUOTES[1:] + "\u2212\u2013"
    return f"translate({x}, {text(odd)}, {text('   ' + chr(39) + '--')})"


def other_mark(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """Whether a text is a number written with the decimal mark that was not declared."""
    if spec.mark_of(field) == ".":
        pattern = (
            r"[^0-9]*\d{1,3}(\.\d{3})*,\d{1,2}[^0-9]*|[^0-9]*\d+,\d{1,2}[^0-9]*"
            r"|[^0-9]*\d{1,3}(\.\d{3}){2,}[^0-9]*"
        )
    else:
        pattern = (
            r"[^0-9]*\d{1,3}(,\d{3})*\.\d{1,2}[^0-9]*|[^0-9]*\d+\.\d{1,2}[^0-9]*"
            r"|[^0-9]*\d{1,3}(,\d{3}){2,}[^0-9]*"
        )
    return f"regexp_full_match({x}, {text(pattern)})"


def has_currency(x: str) -> str:
    """Whether a text shows a sign or a code of some currency beside a number."""
    signs = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
    some = rf"(?:{signs}|{_CODE})"
    body = r"[0-9][0-9., ']*"
    pattern = text(rf"[-+(]? ?{some} ?[-+(]?{body}[-)]?|[-+(]?{body} ?{some}[-)]?")
    return f"regexp_full_match({even_text(x)}, {pattern})"


def _plain(mark: str, scale: int, x: str) -> str:
    pattern = text(plain(mark, scale))
    return (
        f"when regexp_full_match({x}, {pattern}) then try_cast({_point(mark, x)} as"
        f" {exact_type(scale)})"
    )


def _float(mark: str, scale: int, x: str) -> str:
    """A float as machines write it: `1e2`, or a number whose last digits are the noise of its
    binary form.

    `0.30000000000000004` is the sum of 0.1 and 0.2; `1.000000000000001` is no such number, nor
    is one of more digits than a float has.
    """
    m = re.escape(mark)
    pattern = text(rf"[+-]?(\d+{m}?\d*|{m}\d+)([eE][+-]?\d{{1,3}})?")
    value = _point(mark, x)
    near, exact = (
        f"try_cast({value} as decimal(38, {9 if scale <= 9 else scale + 2}))",
        f"try_cast({value} as double)",
    )
    kept = f"round({near}, {scale})"
    digits = _digits(x)
    close = (
        f"{digits} >= {_NOISE} and abs({exact} - cast({kept} as double)) <= {_ULPS} * abs({exact})"
    )
    power = (
        f"regexp_matches({x}, '[eE]') and {exact} = cast({kept} as double) and ({kept} <> 0 or"
        f" {digits} = 0)"
    )
    noise = f"{digits} <= {_FLOAT} and {near} = {kept} and (({power}) or ({close}))"
    return (
        f"when regexp_full_match({x}, {pattern}) and {noise} then try_cast({kept} as"
        f" {exact_type(scale)})"
    )


def _rounded(mark: str, scale: int, x: str) -> str:
    """A float that the model says to keep with so many digits."""
    m = re.escape(mark)
    pattern = text(rf"[+-]?(\d+{m}?\d*|{m}\d+)")
    value = f"try_cast({_point(mark, x)} as {exact_type(scale)})"
    return f"when regexp_full_match({x}, {pattern}) and {_digits(x)} >= {_NOISE} then {value}"


def _digits(x: str) -> str:
    """How many significant digits a number is written with."""
    return f"length(trim(regexp_replace({x}, '[^0-9]|[eE].*', '', 'g'), '0'))"


def _declared(spec: SourceSpec, field: FieldSpec) -> bool:
    return spec.grouped_by(field) in _SEPARATORS


def _separators(spec: SourceSpec, field: FieldSpec) -> list[str]:
    """What may set thousands apart: what is declared, else whatever is not the decimal mark."""
    declared = spec.grouped_by(field)
    if declared == "none":
        return []
    if declared:
        return [_SEPARATORS[declared]]
    return [mark for mark in _SEPARATORS.values() if mark != spec.mark_of(field)]


def _body(spec: SourceSpec, field: FieldSpec, places: int) -> str:
    """A number whose thousands may be set apart, by threes and always by the same mark."""
    m = re.escape(spec.mark_of(field))
    digits = [
        r"\d+",
        *(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+" for mark in _separators(spec, field)),
    ]
    after = rf"(?:{m}\d{{0,{places}}}0*)?" if places > 0 else rf"(?:{m}0*)?"
    return rf"(?:(?:{'|'.join(digits)}){after})"


def _number(spec: SourceSpec, field: FieldSpec, places: int) -> str:
    """A number whose thousands are set apart only as it is declared."""
    if _declared(spec, field):
        return _body(spec, field, places)
    return f"(?:{plain(spec.mark_of(field), places).removeprefix('[+-]?')})"


def _written(body: str) -> str:
    """The pattern of a number with its sign: before it, behind it, or brackets around it."""
    return rf"[+-]? ?{body}|\( ?{body} ?\)|{body} ?-"


def _grouped(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """The digits and the sign of a whole number whose thousands are set apart as declared, or
    whose sign is brackets or stands behind it.
    """
    mark, even = spec.mark_of(field), even_text(x)
    body = text(_written(_number(spec, field, 0)))
    return (
        f"case when regexp_full_match({even}, {body}) then split_part({_signed(mark, even)}, '.',"
        " 1) end"
    )


def _signed(mark: str, x: str) -> str:
    """The digits of an amount with its sign before them: brackets and a minus anywhere mean
    less than nothing.
    """
    kept = f"regexp_replace({x}, {text(f'[^0-9{re.escape(mark)}]')}, '', 'g')"
    return f"case when regexp_matches({x}, '[-(]') then '-' else '' end || {_point(mark, kept)}"


def _point(mark: str, x: str) -> str:
    return f"replace({x}, ',', '.')" if mark == "," else x


def _known_signs(field: FieldSpec) -> tuple[str, ...]:
    if field.code:
        return signs_of(field.code)
    return (*sorted(SIGNS, key=len, reverse=True), _CODE) if field.currency_field else ()


def _pattern_of(signs: tuple[str, ...]) -> str:
    return "|".join(sign if sign == _CODE else re.escape(sign) for sign in signs)


def _without_currency(field: FieldSpec, x: str) -> str:
    """The text without the sign or code of its currency, before the number, after it, or both."""
    signs = _known_signs(field)
    if not signs:
        return x
    some = _pattern_of(signs)
    before, after = text(rf"^([-+(]?) ?(?:{some}) ?"), text(rf" ?(?:{some})([-)]?)$")
    return f"regexp_replace(regexp_replace({x}, {before}, '\\1'), {after}, '\\1')"


def _agrees(field: FieldSpec, x: str) -> str:
    """Whether the sign beside an amount is one of the row's currency; true where there is no
    sign.
    """
    if not field.currency_field:
        return "true"
    row = f"upper({quote(field.currency_field)})"
    shown = f"regexp_extract({x}, {text(_pattern_of(_known_signs(field)))})"
    codes = " ".join(
        f"when {text(sign)} then {one_of(row, of.split())}" for sign, of in SIGNS.items()
    )
    return f"({row} is null or case {shown} when '' then true {codes} else {row} = {shown} end)"


def _in_units(mark: str, places: int, x: str) -> str:
    """A number of smallest units; a price may hold parts of one where the model keeps the
    digits.
    """
    if not places:
        return whole(mark, x)
    return (
        f"case when regexp_full_match({x}, {text(plain(mark, places))}) then {_point(mark, x)} end"
    )


def _worth(field: FieldSpec) -> str:
    """How much of the main unit one smallest unit of the row's currency is."""
    if not field.currency_field:
        decimals = next((count for count in (0, 3, 4) if field.code in with_decimals(count)), 2)
        return _tenths(decimals)
    row = f"upper({quote(field.currency_field)})"
    turns = " ".join(
        f"when {one_of(row, with_decimals(count))} then {_tenths(count)}" for count in (0, 3, 4)
    )
    return f"case {turns} else {_tenths(2)} end"


def _tenths(decimals: int) -> str:
    return f"cast({10**-decimals:.{decimals}f} as decimal(5, 4))"
