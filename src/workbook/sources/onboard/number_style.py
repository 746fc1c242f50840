"""How the numbers of a column are written: mark, thousands, currency sign, by its own values
alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from workbook.model.currencies import SIGNS, known_codes
from workbook.sources.onboard.column_values import ColumnValues

Way = tuple[str, str]  # decimal mark, mark of thousands
PLAIN: Way = ("point", "none")
_DECIDE = 3  # so many rows must show a mark before a column is read by it
# No sign has letters that stand against digits: R12 is a room before it is twelve rand.
_SIGNS = [
    re.escape(sign) + (r"\b" if sign.isascii() and sign[-1].isalpha() else "")
    for sign in sorted(SIGNS, key=len, reverse=True)
]
_CURRENCY = rf"(?:{'|'.join(_SIGNS)}|[A-Z]{{3}}\b)"
_LEAD = rf"^\(?[+-]?\s?{_CURRENCY}?\s?[+-]?"
_TAIL = rf"(?:[.,]--?)?\s?(?:{_CURRENCY}|%)?[-)]?$"
_NUMBER = re.compile(rf"{_LEAD}[\d.,'’ \u00a0\u202f]*\d[.,]?{_TAIL}")
_USUAL = {"$": "USD", "¥": "JPY", "￥": "JPY", "£": "GBP", "Rs": "INR", "Rs.": "INR", "C$": "CAD"}
_MARKS = {"point": r"\.", "comma": ","}
_GROUPS = {"comma": ",", "point": r"\.", "space": "[ \u00a0\u202f]", "apostrophe": "['’]"}
# One mark with three digits behind it: 108,110 is a hundred thousand, or a hundred and a bit.
_EITHER = r"^[1-9]\d{0,2}[.,]\d{3}$"


@dataclass(frozen=True)
class Numbers:
    """What a column of numbers shows; `mark` and `thousands` are '' where no value shows them.

    `way` is how it is read. `either` says that its marks could be those of thousands or of
    decimals. `currency` is the one that `signs` name, and `only` whether they name no other.
    """

    way: Way = PLAIN
    whole: bool = True
    decimals: int = 0
    mark: str = ""
    thousands: str = ""
    misfits: int = 0
    currency: str = ""
    signs: tuple[str, ...] = ()
    only: bool = True
    percent: bool = False
    sure: bool = True
    either: bool = False
    shares: tuple[float, int] = (1.0, 0)


def read_numbers(column: ColumnValues, usual: Mapping[str, str] | None = None) -> Numbers | None:
    """How a column writes its numbers; None where fewer than half of its rows hold one.

    `usual` is what the file's other columns show, for values that could be read in two ways.
    """
    if not column.distinct or not column.mostly(_is_number):
        return None
    if column.share(r"^[+-]?\d+$") == 1:
        none = "none" if column.share(r"^[+-]?\d{4,}$") else ""
        return Numbers(thousands=none, shares=(1.0, column.filled_rows))
    bare = column.values.str.replace(_LEAD, "").str.replace(_TAIL, "")
    reads = {way: bare.str.contains(_pattern(way)) for way in _ways()}
    tells = ~bare.str.contains(_EITHER) & ~bare.str.contains(r"^\d+$")
    shares = {way: column.measure(mask) for way, mask in reads.items()}
    way, sure = _chosen(column, bare, reads, shares, tells, usual or {})
    if shares[way][1] < 0.5 * column.filled_rows:
        return None
    return _shown(column, bare, way, reads[way], shares[way], tells, sure=sure)


def near_numbers(column: ColumnValues, numbers: Numbers | None) -> int:
    """How many rows keep a column of numbers from being one; 0 where it is none or no row does."""
    if numbers is None or column.enough(*numbers.shares):
        return 0
    return column.filled_rows - numbers.shares[1]


def _is_number(value: str) -> bool:
    """Whether a text is a number, alone or beside the sign or the code of a currency: `EUR 12`,
    and not `Bay 12`.
    """
    if not _NUMBER.fullmatch(value):
        return False
    sign = _sign_of(value)
    return not sign or sign in SIGNS or sign in known_codes()


def _ways() -> list[Way]:
    """Every pair of a decimal mark and a mark of thousands, the plain one first."""
    grouped = [(mark, group) for mark in _MARKS for group in _GROUPS if group != mark]
    return [PLAIN, ("comma", "none"), *grouped]


def _pattern(way: Way) -> str:
    mark, thousands = _MARKS[way[0]], way[1]
    whole = r"\d+" if thousands == "none" else rf"(?:{_grouped(thousands)}|\d+)"
    return rf"^(?:{whole}(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?$"


def _grouped(thousands: str) -> str:
    """Thousands set apart by threes; with commas also above them by twos, as in India."""
    mark = _GROUPS[thousands]
    twos = r"|\d{1,2}(?:,\d{2})+,\d{3}" if thousands == "comma" else ""
    return rf"\d{{1,3}}(?:{mark}\d{{3}})+{twos}"


def _chosen(
    column: ColumnValues,
    bare: pl.Series,
    reads: Mapping[Way, pl.Series],
    shares: Mapping[Way, tuple[float, int]],
    tells: pl.Series,
    usual: Mapping[str, str],
) -> tuple[Way, bool]:
    """The way that reads most, and whether enough rows show it; one cell changes nothing."""
    beyond = {way: column.measure(tells & reads[way] & ~reads[PLAIN])[1] for way in reads}
    either = bare.str.contains(_EITHER)
    if column.enough(*shares[PLAIN]) and max(beyond.values()) < _DECIDE:
        points = bool((either & reads[PLAIN]).any()) and not bool((tells & reads[PLAIN]).any())
        other = ("comma", "point")
        if points and usual.get("mark") == "comma" and shares[other] >= shares[PLAIN]:
            return other, False
        return PLAIN, not points
    best = max(shares, key=lambda way: (round(shares[way][0], 9), shares[way][1]))
    tied = [way for way, found in shares.items() if found == shares[best]]
    decided = beyond[best] >= _DECIDE or 2 * beyond[best] >= column.filled_rows
    known = [way for way in tied if _agrees(way, usual)]
    if len(tied) > 1 and (tells & reads[best] & ~reads[PLAIN]).sum() == 0:
        grouped = [way for way in tied if way[1] != "none"]
        four = bool(bare.str.contains(r"^\d{4,}$").any())
        return (known or ([*grouped] if grouped and not four else tied))[0], False
    return (known or tied)[0], decided


def _agrees(way: Way, usual: Mapping[str, str]) -> bool:
    said = {"mark": way[0], "thousands": way[1]}
    return any(usual.values()) and all(
        usual.get(word) in (None, "", value) for word, value in said.items()
    )


def _shown(
    column: ColumnValues,
    bare: pl.Series,
    way: Way,
    reads: pl.Series,
    shares: tuple[float, int],
    tells: pl.Series,
    *,
    sure: bool,
) -> Numbers:
    mark, group = way
    held = bare.filter(reads)
    signs = {_sign_of(value) for value in column.sample if _is_number(value)}
    currency, only = _currency(signs)
    telling = bare.filter(reads & tells) if sure else held
    behind = held.str.extract(rf"{_MARKS[mark]}(\d+)$", 1).drop_nulls()
    digits = behind.str.strip_chars_end("0").str.len_chars().max() if len(behind) else 0
    grouped = group != "none" and bool(telling.str.contains(rf"\d{_GROUPS[group]}\d{{3}}").any())
    marked = bool(telling.str.contains(rf"{_MARKS[mark]}\d").any())
    ungrouped = bool(held.str.contains(r"^\d{4,}").any())
    return Numbers(
        way=way,
        whole=not len(behind),
        decimals=int(digits or 0),  # type: ignore[arg-type]
        mark=mark if marked else "",
        thousands=group if grouped else "none" if ungrouped else "",
        misfits=column.filled_rows - shares[1],
        currency=currency,
        signs=tuple(sorted(signs - {""})),
        only=only,
        percent=column.share("%") > 0.5,
        sure=sure,
        either=not sure and bool(bare.str.contains(_EITHER).any()),
        shares=shares,
    )


def _sign_of(value: str) -> str:
    """The sign or the code of a currency beside a number; '' where there is none."""
    found = re.search(_CURRENCY, value)
    return found[0] if found else ""


def _currency(signs: Collection[str]) -> tuple[str, bool]:
    """The one currency that all values name by sign or code, '' where one names none; and
    whether it could be no other.
    """
    only = next(iter(signs), "") if len(signs) == 1 else ""
    known = SIGNS.get(only, only).split()
    return (known[0] if len(known) == 1 else _USUAL.get(only, "")), len(known) == 1
