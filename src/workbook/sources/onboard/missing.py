"""Words that stand for nothing in a file."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.engine.landing import NOT_CALCULATED
from workbook.sources.onboard.column import ENOUGH, Column

_ALWAYS = ("NULL", "null", "\\N", "N/A", "NaN", "nan", "(null)")
# What spreadsheets write in place of a value: formulas that failed, numbers too wide for a column.
FAILED = (
    "#N/A",
    "#N/D",
    "#NV",
    "#DIV/0!",
    "#REF!",
    "#BEZUG!",
    "#VALUE!",
    "#WERT!",
    "#VALEUR!",
    "#NAME?",
    "#NOM?",
    "#NULL!",
    "#NUM!",
    "#ZAHL!",
    "#NOMBRE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#ERROR",
    NOT_CALCULATED,
    *("#" * wide for wide in range(3, 20)),
)
_SOMETIMES = ("NA", "None", "none", "n/a", "-", "--", "?", "unknown")
_TYPED = (
    r"^[+-]?\d+([.,]\d+)?$",
    r"^\d{4}-\d{2}-\d{2}([T ].*)?$",
    r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
)
_PAIR = r"^[A-Z]{2}$"  # codes of countries and states, among which NA is Namibia


def missing_in(columns: Iterable[Column], form: str = "csv") -> tuple[str, ...]:
    """Words that stand for nothing: some anywhere, others only among values clearly of another
    kind.

    In a workbook `#N/A` is a formula that failed, which is counted as a bad cell; delimited text
    does not say so.
    """
    if form not in ("csv", "tsv", "excel"):
        return ("",)
    found: dict[str, None] = {}
    always = _ALWAYS if form == "excel" else (*_ALWAYS, *FAILED)
    read = list(columns)
    coded = any(each.share(_PAIR) == 1 and (each.values == "NA").any() for each in read)
    for column in read:
        words = column.values.filter(column.values.is_in([*always, *_SOMETIMES])).to_list()
        found.update(dict.fromkeys(word for word in always if word in words))
        doubtful = [word for word in _SOMETIMES if word in words and not (word == "NA" and coded)]
        if doubtful and column.distinct > len(words):
            rest = column.values.filter(~column.values.is_in(words))
            shares = [rest.str.contains(kind).mean() or 0 for kind in _TYPED]
            if any(float(share) >= ENOUGH for share in shares):  # type: ignore[arg-type]
                found.update(dict.fromkeys(doubtful))
    return ("", *sorted(found))


def failed_cells(columns: Iterable[Column]) -> dict[str, int]:
    """How many cells hold the sign of a formula that failed or was not calculated, by column."""
    found = {}
    for column in columns:
        failed = column.values.is_in(list(FAILED))
        if failed.any():
            found[column.name] = int(column.counts.filter(failed).sum())
    return found
