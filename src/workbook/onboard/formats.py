"""How dates, numbers and missing values are written in a file: the formats that fit its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

ENOUGH = 0.97  # the share of values that must fit; the rest will be counted as bad cells
_ISO_DAY = r"^\d{4}-\d{2}-\d{2}$"
_ISO_TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?$"
_CLOCKS = (("HH:MI:SS", r"\d{1,2}:\d{2}:\d{2}", "%H:%M:%S"), ("HH:MI", r"\d{1,2}:\d{2}", "%H:%M"))
_PIECES = {"YYYY": (r"\d{4}", "%Y"), "MM": (r"\d{1,2}", "%m"), "DD": (r"\d{1,2}", "%d")}
_DAYS = (
    "YYYY-MM-DD", "DD/MM/YYYY", "DD.MM.YYYY", "DD-MM-YYYY", "MM/DD/YYYY", "MM-DD-YYYY", "YYYY/MM/DD",
)  # fmt: skip
_ALWAYS = ("NULL", "null", "\\N", "N/A", "#N/A", "NaN", "nan", "(null)")
_SOMETIMES = ("NA", "None", "none", "n/a", "-", "--", "?", "unknown")
_COMMA, _POINT = r"^[+-]?\d+,\d+$", r"^[+-]?\d*\.\d+([eE][+-]?\d+)?$"
_TYPED = (r"^[+-]?\d+([.,]\d+)?$", _ISO_DAY, _ISO_TIME, r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True)
class Formats:
    """How the values of a file are written; `unsure` says which choices the values leave open."""

    dates: str = "ISO"
    timestamps: str = "ISO"
    decimal_mark: str = "point"
    missing: tuple[str, ...] = ("",)
    unsure: tuple[str, ...] = field(default=(), compare=False)
    shown: frozenset[str] = frozenset()  # which of these some column shows; the others could be anything


def share(values: pl.Series, pattern: str) -> float:
    """The share of values that a pattern fits; 0 of none."""
    return float(values.str.contains(pattern).mean() or 0) if len(values) else 0.0


def missing_in(columns: Iterable[pl.Series]) -> tuple[str, ...]:
    """Words that stand for nothing: some anywhere, others only among values that are clearly of another kind."""
    found: dict[str, None] = {}
    for values in columns:
        here = set(values.unique().to_list())
        found.update(dict.fromkeys(word for word in _ALWAYS if word in here))
        doubtful = [word for word in _SOMETIMES if word in here]
        rest = values.filter(~values.is_in([*_ALWAYS, *_SOMETIMES])) if doubtful else values
        if doubtful and any(share(rest, pattern) >= ENOUGH for pattern in _TYPED):
            found.update(dict.fromkeys(doubtful))
    return ("", *sorted(found))


def formats_of(columns: Iterable[pl.Series], missing: tuple[str, ...]) -> Formats:
    """The one way to write days, times and decimals that fits most columns of a file."""
    known = [values for values in columns if len(values)]
    dates, unsure = _days(known)
    commas = sum(share(v, _COMMA + r"|^[+-]?\d+$") >= ENOUGH and share(v, _COMMA) > 0 for v in known)
    points = sum(share(v, _POINT + r"|^[+-]?\d+$") >= ENOUGH and share(v, _POINT) > 0 for v in known)
    times = _times(known, dates)
    formats = Formats(dates, times, "comma" if commas > points else "point", missing, unsure)
    shown = {"dates"} if dates != "ISO" or any(is_day(values, formats) >= ENOUGH for values in known) else set()
    shown |= {"timestamps"} if any(is_time(values, formats) >= ENOUGH and share(values, ":") > 0 for values in known) else set()
    shown |= {"decimal_mark"} if commas or points else set()
    return Formats(dates, times, formats.decimal_mark, missing, unsure, frozenset(shown))


def _days(columns: list[pl.Series]) -> tuple[str, tuple[str, ...]]:
    """The format that most columns of days or times begin with; ISO where none is clearly another."""
    fits = {form: sum(_starts_with(values, form) >= ENOUGH for values in columns) for form in _DAYS}
    best = max(fits.values(), default=0)
    every = [form for form in _DAYS if best and fits[form] == best]
    if not every:
        return "ISO", ()
    first = every[0]
    unsure = (f"dates are read as {first}, and {' or '.join(every[1:])} would fit as well",) if len(every) > 1 else ()
    return ("ISO" if first == "YYYY-MM-DD" else first), unsure


def _starts_with(values: pl.Series, form: str) -> float:
    day = values.str.extract(f"^({_pattern(form)})(?:[T ].*)?$", 1)
    parsed = day.str.to_date(_code(form), strict=False)
    return 1 - float(parsed.is_null().mean() or 0)


def _times(columns: list[pl.Series], dates: str) -> str:
    """The format of times whose day is written as days are; ISO where no column has a time in another form."""
    day = "YYYY-MM-DD" if dates == "ISO" else dates
    best, found = 0, "ISO"
    for joint in (" ", "T"):
        for clock, pattern, _ in _CLOCKS:
            count = sum(share(v, f"^{_pattern(day)}({joint}{pattern})?$") >= ENOUGH and share(v, f"^{_pattern(day)}{joint}{pattern}$") > 0 for v in columns)
            if count > best:
                best, found = count, f"{day}{joint}{clock}"
    iso = sum(share(v, f"{_ISO_TIME}|{_ISO_DAY}") >= ENOUGH and share(v, _ISO_TIME) > 0 for v in columns)
    return "ISO" if iso >= best else found


def is_day(values: pl.Series, formats: Formats) -> float:
    """The share of values that are days as this file writes them."""
    form = "YYYY-MM-DD" if formats.dates == "ISO" else formats.dates
    fits = values.filter(values.str.contains(f"^{_pattern(form)}$"))
    return float(fits.str.to_date(_code(form), strict=False).is_not_null().sum()) / len(values) if len(values) else 0.0


def is_time(values: pl.Series, formats: Formats) -> float:
    """The share of values that are times, or days, as this file writes them."""
    if formats.timestamps == "ISO":
        clock = share(values, _ISO_TIME)
    else:
        day, joint, word = _split(formats.timestamps)
        pattern = next(pattern for clock, pattern, _ in _CLOCKS if clock == word)
        clock = share(values, f"^{_pattern(day)}{joint}{pattern}$")
    return clock + is_day(values, formats) if clock else 0.0


def _split(form: str) -> tuple[str, str, str]:
    joint = "T" if "T" in form else " "
    day, _, clock = form.partition(joint)
    return day, joint, clock


def _pattern(form: str) -> str:
    text = form.replace(".", r"\.")
    for word, (pattern, _) in _PIECES.items():
        text = text.replace(word, pattern)
    return text.replace(r"\d{1,2}-", r"\d{2}-").replace(r"-\d{1,2}", r"-\d{2}") if form == "YYYY-MM-DD" else text


def _code(form: str) -> str:
    for word, (_, code) in _PIECES.items():
        form = form.replace(word, code)
    return form
