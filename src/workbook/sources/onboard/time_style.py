"""How the days and times of a column are written: every format in it, proven on all of its
values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.headers import word_set
from workbook.sources.onboard.time_numbers import Times, compact_days, epochs, serials

DAY_FIRST, MONTH_FIRST = "DD/MM", "MM/DD"
_DECIDE = 3  # so many rows must show the order of day and month
_RARE = 0.002  # a format seldomer than this among the values looked at is a typing error
_MONTHS = word_set(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july "
    "august september october november december"
)
_DAY = (
    r"(?P<year>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<t>[-/.])(?P<b>\d{1,2})(?P=t)(?P<y>\d{4}|\d{2})"
    r"|(?P<d1>\d{1,2})(?P<u>[- ])(?P<mon1>[A-Za-z]{3,9})(?P<v>[- ])(?P<y1>\d{4}|\d{2})"
    r"|(?P<mon2>[A-Za-z]{3,9}) (?P<d2>\d{1,2})(?P<w>,? )(?P<y2>\d{4})"
)
_BLANK, _HALF = "[ \u00a0\u202f]", "[AaPp]\\.?[ \u00a0]?[Mm]\\.?"
_CLOCK = (
    r"(?P<joint>T|,? )(?P<h>\d{1,2}):(?P<mi>\d{2})(?P<se>:\d{2})?(?P<fr>[.]\d+)?"
    rf"(?P<gap>{_BLANK}?)(?P<half>{_HALF})?"
    r"(?P<zone> ?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
)
_WRITTEN = re.compile(f"(?:{_DAY})(?:{_CLOCK})?")
_PIECES = {
    "YYYY": (r"\d{4}", "%Y"),
    "YY": (r"\d{2}", "%y"),
    "MM": (r"\d{1,2}", "%m"),
    "DD": (r"\d{1,2}", "%d"),
    "MON": (r"[A-Za-z]{3,9}", "%b"),
    "HH12": (r"\d{1,2}", ""),
    "HH": (r"\d{1,2}", ""),
    "MI": (r"\d{2}", ""),
    "SS": (r"\d{2}(?:[.,]\d{1,9})?", ""),
    " AM": (f"{_BLANK}{_HALF}", ""),
    "AM": (_HALF, ""),
}
_TOKENS = re.compile("|".join(sorted(_PIECES, key=len, reverse=True)))
_ISO_DAY = r"\d{4}-\d{2}-\d{2}"
_ISO_CLOCK = r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?))?"


def read_times(column: ColumnValues) -> Times | None:
    """The formats in which a column writes days or times; None where it holds none."""
    if not column.distinct:
        return None
    return epochs(column) or _written(column) or compact_days(column) or serials(column)


def in_order(column: ColumnValues, times: Times, order: str) -> Times:
    """The same column with day and month in this order, to be confirmed."""
    return replace(_measured(column, times.shown, order), orders=times.orders, sure=False)


def _written(column: ColumnValues) -> Times | None:
    sample = column.sample
    if not column.mostly(_template):
        return None
    counted = Counter(filter(None, map(_template, sample)))
    enough = max(1.0, _RARE * len(sample))
    shown = tuple(form for form, n in counted.most_common(8) if n >= enough)
    if not any("N1" in form for form in shown):
        return _measured(column, shown, DAY_FIRST)
    tried = {order: _measured(column, shown, order) for order in (DAY_FIRST, MONTH_FIRST)}
    fitting = [order for order, found in tried.items() if column.enough(*found.shares)]
    best = max(tried, key=lambda order: (tried[order].shares[1], _american(shown) == order))
    if len(fitting) < 2:
        return tried[fitting[0] if fitting else best]
    decided = abs(tried[DAY_FIRST].shares[1] - tried[MONTH_FIRST].shares[1])
    if decided >= _DECIDE:
        return tried[best]
    return replace(
        tried[best], orders=(best, *(each for each in tried if each != best)), sure=False
    )


def _american(shown: Sequence[str]) -> str:
    """AM and PM beside slashes are how the month comes first."""
    return MONTH_FIRST if any("AM" in form and "/" in form for form in shown) else DAY_FIRST


def _template(value: str) -> str:
    """The format of one value, `N1` and `N2` where day and month are not told; '' where it is
    no time.
    """
    found = _WRITTEN.fullmatch(value)
    if found is None:
        return ""
    part = found.groupdict()
    words = [word for word in (part["mon1"], part["mon2"]) if word]
    if words and words[0].lower() not in _MONTHS:
        return ""
    clock = _clock_of(part) if part["h"] else ""
    if part["year"]:
        if part["s"] == "-" and len(part["m"]) == len(part["d"]) == 2 and _iso_clock(part):
            return "ISO" if part["h"] else "ISO-DAY"
        if part["zone"]:
            return ""
        day = f"YYYY{part['s']}MM{part['s']}DD"
    elif part["zone"]:
        return ""  # only ISO 8601 carries a zone
    elif part["a"]:
        day = f"N1{part['t']}N2{part['t']}{'YYYY' if len(part['y']) == 4 else 'YY'}"
    else:
        year = "YYYY" if len(part["y1"] or part["y2"] or "") == 4 else "YY"
        day = f"DD{part['u']}MON{part['v']}{year}" if part["mon1"] else f"MON DD{part['w']}{year}"
    return f"{day}{clock}"


def _iso_clock(part: dict[str, str | None]) -> bool:
    if not part["h"]:
        return True
    return len(part["h"]) == 2 and part["joint"] in ("T", " ") and not part["half"]


def _clock_of(part: dict[str, str | None]) -> str:
    hour = "HH12" if part["half"] else "HH"
    second = ":SS" if part["se"] else ""
    half = f"{' ' if part['gap'] else ''}AM" if part["half"] else ""
    return f"{part['joint']}{hour}:MI{second}{half}"


def _measured(column: ColumnValues, shown: Sequence[str], order: str) -> Times:
    """The formats of these templates, and how many of all values they read."""
    first, second = ("DD", "MM") if order == DAY_FIRST else ("MM", "DD")
    forms = [form.replace("N1", first).replace("N2", second) for form in shown]
    mask = pl.repeat(value=False, n=column.distinct, eager=True)
    days = pl.repeat(value=False, n=column.distinct, eager=True)
    for form in forms:
        fits = _reads(column.values, form)
        mask = mask | fits
        days = days | fits if _is_day(form) else days
    shares = column.measure(mask)
    kind = "date" if days.any() and (days | ~mask).all() else "timestamp"
    if kind == "date":
        forms = [form for form in forms if _is_day(form)]
    formats = tuple(dict.fromkeys("ISO" if form == "ISO-DAY" else form for form in forms))
    misfits = column.filled_rows - shares[1]
    return Times(
        kind,
        formats,
        misfits,
        shares=shares,
        shown=tuple(shown),
        orders=(order,) if "N1" in "".join(shown) else (),
    )


def _is_day(form: str) -> bool:
    return form == "ISO-DAY" or not ("HH" in form or form == "ISO")


def _reads(values: pl.Series, form: str) -> pl.Series:
    """Which values a format reads; a day that is in no calendar is none."""
    if form in ("ISO", "ISO-DAY"):
        day, clock, code = _ISO_DAY, _ISO_CLOCK if form == "ISO" else "", "%Y-%m-%d"
    else:
        day_form, clock_form = _split(form)
        day, clock = _pattern(day_form), _pattern(clock_form)
        code = _TOKENS.sub(lambda found: _PIECES[found[0]][1], day_form)
    taken = values.str.extract(f"^({day}){clock}$", 1)
    if "MON" in form:
        taken = taken.str.replace("([A-Za-z]{3})[A-Za-z]*", "$1")
    return taken.str.to_date(code, strict=False).is_not_null()


def _split(form: str) -> tuple[str, str]:
    place = re.search(r"(T|,? )HH", form)
    return (form[: place.start()], form[place.start() :]) if place else (form, "")


def _pattern(form: str) -> str:
    pieces, at = [], 0
    for found in _TOKENS.finditer(form):
        pieces += [re.escape(form[at : found.start()]), _PIECES[found[0]][0]]
        at = found.end()
    return "".join([*pieces, re.escape(form[at:])])


def near_times(column: ColumnValues, times: Times | None) -> int:
    """How many rows keep a column of times from being one; 0 where it is none or no row does."""
    if times is None or times.shares[1] < 0.5 * column.filled_rows:
        return 0
    return 0 if column.enough(*times.shares) else column.filled_rows - times.shares[1]
