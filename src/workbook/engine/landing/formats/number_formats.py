"""How a workbook shows its numbers: the kind of each number format that changes what a cell means.

https://learn.microsoft.com/en-us/dotnet/api/documentformat.openxml.spreadsheet.numberingformat
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal

_STYLES = "xl/styles.xml"
_TIMES, _ELAPSED, _DAYS = (
    (18, 19, 20, 21, 45, 47),
    (46,),
    (14, 15, 16, 17, 22),
)  # built in, without a code
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_IN_BRACKETS = re.compile(r"\[[^\]]*\]")
_LENGTH = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,}")
_KEPT = 9  # digits after the mark that the reader keeps
LONG = 1e15  # a workbook keeps 15 digits of a number
_DAY = 86_400


def kinds_of(book: zipfile.ZipFile) -> list[str]:
    """The kind of number format of each cell style, by the style's number: see `kind_of`."""
    if _STYLES not in book.namelist():
        return []
    root = ET.fromstring(book.read(_STYLES))  # noqa: S314 - expat expands no outside entity
    codes = {
        each.get("numFmtId"): each.get("formatCode", "")
        for each in root.iterfind(".//{*}numFmts/{*}numFmt")
    }
    made = [each.get("numFmtId", "0") for each in root.iterfind("{*}cellXfs/{*}xf")]
    return [
        kind_of(codes[number]) if number in codes else _built_in(int(number)) for number in made
    ]


def kind_of(code: str) -> str:
    """`length` or `time` (of day), `date`, `00000` of leading zeros, '' of any other number.

    >>> kind_of("[h]:mm"), kind_of("hh:mm AM/PM"), kind_of('d/m/yy "at" hh:mm'), kind_of("00000;@")
    ('length', 'time', 'date', '00000')
    >>> kind_of('#,##0.00 "days";[Red]-#,##0.00'), kind_of("0%")
    ('', '')
    """
    first = _LITERAL.sub("", code).partition(";")[0]
    if _LENGTH.search(first):
        return "length"
    bare = _IN_BRACKETS.sub("", first).lower()
    if _ZEROS.fullmatch(bare.strip()):
        return bare.strip()
    if "y" in bare or "d" in bare or ("m" in bare and not {"h", "s"} & set(bare)):
        return "date"
    return "time" if {"h", "s"} & set(bare) else ""


def _built_in(number: int) -> str:
    if number in _ELAPSED:
        return "length"
    if number in _TIMES:
        return "time"
    return "date" if number in _DAYS else ""


def text_of(value: float, kind: str) -> str:
    """The text of a number that the reader would not give as it is meant; '' where it does.

    A length of time is `36:15:00`, a time of day `08:30:00`; leading zeros are written, and so are
    the 15 digits that a workbook keeps. A longer number is `1.2E+16`: its last digits are lost.

    >>> text_of(1.510416666666667, "length"), text_of(0.25, "time"), text_of(1067.0, "00000")
    ('36:15:00', '06:00:00', '01067')
    >>> text_of(1 / 3, ""), text_of(0.1 + 0.2, ""), text_of(12345678901234567.0, "")
    ('0.333333333333333', '', '1.2345678901234568E+16')
    """
    if kind == "length" or (kind == "time" and 0 <= value < 1):
        return _clock(value)
    if kind in ("time", "date"):
        return ""
    if abs(value) >= LONG:
        return as_excel(f"{value:.16E}")
    if kind:
        whole = value >= 0 and value == int(value) and len(str(int(value))) < len(kind)
        return f"{int(value):0{len(kind)}d}" if whole else ""
    if value == round(value, _KEPT):
        return ""
    text = format(Decimal(f"{value:.15g}"), "f")
    return text if len(text.partition(".")[2]) > _KEPT else ""


def as_excel(text: str) -> str:
    """A number as a spreadsheet writes a long one.

    >>> as_excel("1.2300000000000000E+16")
    '1.23E+16'
    """
    digits, _, power = text.partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{power}"


def _clock(value: float) -> str:
    """Days as hours, minutes and seconds.

    >>> _clock(0.0), _clock(-0.5), _clock(0.25 + 0.001 / 86400)
    ('00:00:00', '-12:00:00', '06:00:00.001')
    """
    thousandths = round(abs(value) * _DAY * 1000)
    seconds, fraction = divmod(thousandths, 1000)
    hours, rest = divmod(seconds, 3600)
    end = f".{fraction:03d}" if fraction else ""
    return f"{'-' if value < 0 else ''}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}{end}"
