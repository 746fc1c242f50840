"""Words that stand for nothing in a file."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.engine.landing import FAILED
from workbook.sources.onboard.column_values import ENOUGH, ColumnValues

_ALWAYS = ("NULL", "null", "\\N", "N/A", "NaN", "nan", "(null)")
_SOMETIMES = ("NA", "None", "none", "n/a", "-", "--", "?", "unknown")
_TYPED = (
    r"^[+-]?\d+([.,]\d+)?$",
    r"^\d{4}-\d{2}-\d{2}([T ].*)?$",
    r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
)
_PAIR = r"^[A-Z]{2}$"  # codes of countries and states, among which NA is Namibia


def missing_in(columns: Iterable[ColumnValues], form: str = "csv") -> tuple[str, ...]:
    """Words that stand for nothing: some anywhere, others only among values clearly of another
    kind. `#N/A` is none: it is a formula that failed, which landing counts as a bad cell.
    """
    if form not in ("csv", "tsv", "excel"):
        return ("",)
    found: dict[str, None] = {}
    read = list(columns)
    coded = any(each.share(_PAIR) == 1 and (each.values == "NA").any() for each in read)
    for column in read:
        words = column.values.filter(column.values.is_in([*_ALWAYS, *_SOMETIMES])).to_list()
        found.update(dict.fromkeys(word for word in _ALWAYS if word in words))
        doubtful = [word for word in _SOMETIMES if word in words and not (word == "NA" and coded)]
        if doubtful and column.distinct > len(words):
            rest = column.values.filter(~column.values.is_in(words))
            shares = [rest.str.contains(kind).mean() or 0 for kind in _TYPED]
            if any(float(share) >= ENOUGH for share in shares):  # type: ignore[arg-type]
                found.update(dict.fromkeys(doubtful))
    return ("", *sorted(found))


def failed_cells(columns: Iterable[ColumnValues]) -> dict[str, int]:
    """How many cells hold the sign of a formula that failed or was not calculated, by column."""
    found = {}
    for column in columns:
        failed = column.values.is_in(list(FAILED))
        if failed.any():
            found[column.name] = int(column.counts.filter(failed).sum())
    return found
