"""Days and times that are written as numbers: seconds since 1970, eight digits, days as Excel
counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from workbook.model.time_formats import SINCE_1970
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import word_set

_FIRST, _LAST = 946_684_800, 2_082_758_400  # 2000 and 2036 in seconds since 1970
_COMPACT = ("YYYYMMDD", "DDMMYYYY", "MMDDYYYY")
_SERIAL = (20_000, 60_000)  # Excel's days from 1954 to 2064
_NAMED = word_set(
    """at on date time datetime timestamp tstamp ts day created updated modified deleted closed
    opened seen start started starts end ended ends expires expired expiry since until born
    birth birthday birthdate dob joined signed canceled cancelled due paid sent received
    occurred"""
)


@dataclass(frozen=True)
class Times:
    """What a column of days or times shows.

    `formats` are as the model writes them, the most frequent first. `orders` are those of day
    and month that fit enough of its values, where it has dates such as 03/04/2025; `misfits`
    are the rows whose value fits none.
    """

    kind: str
    formats: tuple[str, ...]
    misfits: int = 0
    orders: tuple[str, ...] = ()
    sure: bool = True
    shares: tuple[float, int] = (1.0, 0)
    shown: tuple[str, ...] = ()  # templates, before the order of day and month is decided

    @property
    def open(self) -> bool:
        """Whether day and month could be told either way."""
        return len(self.orders) > 1


def looks_timed(column: ColumnValues) -> bool:
    """Whether the name of a column says that it holds a day or a time."""
    return bool(
        set(column.words[-2:]) & _NAMED or {"date", "timestamp", "tstamp"} & set(column.words)
    )


def epochs(column: ColumnValues) -> Times | None:
    """Seconds since 1970 or a fine part of them, in columns whose names tell of a time."""
    if not looks_timed(column):
        return None
    for form, (_, unit) in SINCE_1970.items():
        if column.fits(rf"^\d{{{9 + len(str(unit))}}}$"):
            numbers = column.values.cast(pl.Int64, strict=False)
            fits = numbers.is_between(_FIRST * unit, _LAST * unit).fill_null(value=False)
            shares = column.measure(fits)
            if column.enough(*shares):
                return Times("timestamp", (form,), column.filled_rows - shares[1], shares=shares)
    return None


def compact_days(column: ColumnValues) -> Times | None:
    """Eight digits that are days: 20250630, and 30062025 where the name says so, too."""
    if not column.fits(r"^\d{8}$"):
        return None
    named = looks_timed(column)
    fitting = {}
    for form in _COMPACT if named else _COMPACT[:1]:
        code = form.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d")
        days = column.values.str.extract(r"^(\d{8})$", 1).str.to_date(code, strict=False)
        shares = column.measure(days.dt.year().is_between(1900, 2100).fill_null(value=False))
        if column.enough(*shares) and (named or column.distinct >= 20):
            fitting[form] = Times("date", (form,), column.filled_rows - shares[1], shares=shares)
    if not fitting:
        return None
    best = max(fitting.values(), key=lambda each: each.shares[1])
    return replace(best, sure=len(fitting) == 1)


def serials(column: ColumnValues) -> Times | None:
    """Days as Excel counts them, in columns whose names tell of a day."""
    if not looks_timed(column) or not column.fits(r"^\d{5}(\.\d+)?$"):
        return None
    numbers = column.values.cast(pl.Float64, strict=False)
    shares = column.measure(numbers.is_between(*_SERIAL).fill_null(value=False))
    kind = "timestamp" if column.share(r"\.\d*[1-9]") > 0 else "date"
    fits = column.enough(*shares)
    return (
        Times(kind, ("EXCEL",), column.filled_rows - shares[1], sure=False, shares=shares)
        if fits
        else None
    )
