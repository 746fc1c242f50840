"""Where the table is among the rows of a file: below which titles, above which totals and notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workbook.engine.landing.totals_rows import Row, filled, is_sparse, is_total, usual_fill

_VALUE = re.compile(
    r"[-+(]?[€$£¥]?\s?[-+]?\d[\d.,'’"
    r" \u00a0]*\s?[%€$£¥]?[-)]?|[^@\s]+@[^@\s]+\.[^@\s]+|\d{4}-\d{2}-\d{2}.*"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}( .*)?|\d{1,2}:\d{2}(:\d{2})?|true|false",
    re.IGNORECASE,
)
_ABOVE = 40  # rows in which a header is looked for
_BLOCK = 6  # rows of notes above an empty row, at the most
_BELOW = 30  # rows from the end in which totals and notes are looked for
_COVERED = 0.7  # of the columns that are used below must have a header
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Footer:
    """How many of the last rows are no records, empty ones among them; whether one is a total."""

    rows: int = 0
    totals: bool = False


def header_at(rows: Sequence[Row]) -> int | None:
    """The place of the header: the first row of different texts that covers the columns used below.

    None where there is none, or where a full row of values above it leaves it open.
    """
    for at, row in enumerate(rows[:_ABOVE]):
        below = [each for each in rows[at + 1 :] if filled(each)]
        used = _used(below)
        if not used or not filled(row):
            continue
        if _covers(row, used):
            header = at if is_labels(row) and _is_set_off(rows, at, used) else None
            return _after_notes(rows, at) or header
    return None


def footer_of(
    rows: Sequence[Row], above: Callable[[int], Sequence[str | None]], torn: Collection[int] = ()
) -> Footer:
    """What stands below the last record: totals, notes below an empty row, lines of delimiters.

    `rows` are the last ones of a table, and `above` gives the cells of one column in the rows
    before them. `torn` are the places of rows with another number of fields than the header.
    One alone at the very end may be a record that was cut off, and is no footer.
    """
    last = max((at for at, row in enumerate(rows, 1) if filled(row)), default=0)
    usual, best, totals = usual_fill(rows), last if any(rows[last:]) else len(rows), False
    for at in range(len(rows) - 1, max(-1, len(rows) - 1 - _BELOW), -1):
        if not filled(rows[at]):
            continue
        total = _is_footing(rows, at, usual, above)
        if not (total or at in torn or (len(filled(rows[at])) <= _most(usual) and usual > 2)):
            break
        apart = at > 0 and not filled(rows[at - 1])
        if total or apart or (at in torn and len(torn) > 1):
            best, totals = at, totals or total
    while (
        best < len(rows)
        and best
        and any(cell is not None for cell in rows[best - 1])
        and not filled(rows[best - 1])
    ):
        best -= 1  # a line of delimiters alone
    return Footer(len(rows) - best, totals)


def _most(usual: float) -> int:
    """How many cells a note fills at the most."""
    return 1 if usual < 4 else 2


def _is_footing(
    rows: Sequence[Row], at: int, usual: float, above: Callable[[int], Sequence[str | None]]
) -> bool:
    """Whether a row is a total: by its word and gaps, or by a number that sums up its column."""
    row, sparse = rows[at], is_sparse(rows[at], usual)
    if is_total(row) and sparse:
        return True
    numbers = {
        place: value for place in filled(row) if (value := number_of(row[place])) is not None
    }
    only_numbers = len(numbers) == len(filled(row)) and sparse
    if not (is_total(row) or only_numbers):
        return False
    return any(
        _is_sum([*above(place), *(each[place] for each in rows[:at] if place < len(each))], value)
        for place, value in numbers.items()
    )


def _is_sum(cells: Sequence[str | None], value: Decimal) -> bool:
    """Whether a number is the sum of at least three above it that are not all nothing."""
    numbers = [number for cell in cells if (number := number_of(cell)) is not None]
    return len(numbers) > 2 and any(numbers) and abs(sum(numbers) - value) <= _CENT


def number_of(cell: str | None) -> Decimal | None:
    """The number that a cell holds, whichever mark it has; None of any other text.

    >>> number_of("1.234,50 €"), number_of("1,234.5"), number_of("-7"), number_of("n/a")
    (Decimal('1234.50'), Decimal('1234.5'), Decimal('-7'), None)
    """
    text = re.sub(r"[€$£¥\s'’]", "", cell or "")
    text = re.sub(r"(?<=\d)[A-Z]{3}$|^[A-Z]{3}(?=\d)", "", text)
    if not re.fullmatch(r"-?[\d.,]*\d[\d.,]*", text):
        return None
    comma = text.rfind(",") > text.rfind(".")
    plain = text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _used(below: Sequence[Row]) -> set[int]:
    """The columns that at least a third of the rows below fill."""
    counts = Counter(place for row in below for place in filled(row))
    return {place for place, count in counts.items() if 3 * count >= len(below)}


def _covers(row: Row, used: set[int]) -> bool:
    return len(used & set(filled(row))) >= _COVERED * len(used)


def is_labels(row: Row) -> bool:
    """Whether the cells of a row are texts, nearly all of them different."""
    cells = [(row[place] or "").strip() for place in filled(row)]
    return not any(_VALUE.fullmatch(cell) for cell in cells) and len(set(cells)) >= 0.5 * len(cells)


def _is_set_off(rows: Sequence[Row], at: int, used: set[int]) -> bool:
    """Whether above a header are titles or an empty row, or values stand only below it."""
    above = [filled(row) for row in rows[:at]]
    titles = len(used) > 2 and all(len(each) <= 1 for each in above)
    return at == 0 or not all(above) or titles or contrasts(rows, at, used)


def contrasts(rows: Sequence[Row], at: int, used: set[int]) -> bool:
    """Whether values such as numbers, days or addresses stand below some header."""
    below = [row for row in rows[at + 1 :] if filled(row)]
    return any(_share_of_values(below, place) > 0.8 for place in used & set(filled(rows[at])))


def is_value(cell: str | None) -> bool:
    """Whether a cell holds a number, a day, an address or the like, which no header does."""
    return bool(_VALUE.fullmatch((cell or "").strip()))


def _after_notes(rows: Sequence[Row], at: int) -> int | None:
    """The header behind an empty row, where notes as wide as the table stand above that row.

    Only where a column below holds values, so that a text above them is a header.
    """
    gap = next(
        (place for place in range(at + 1, min(at + _BLOCK, len(rows))) if not filled(rows[place])),
        None,
    )
    if gap is None:
        return None
    start = next(
        (place for place in range(gap, min(len(rows), _ABOVE)) if filled(rows[place])), None
    )
    below = [row for row in rows[start + 1 :] if filled(row)] if start is not None else []
    if start is None or len(below) <= gap - at or not is_labels(rows[start]):
        return None
    used = _used(below)
    return start if _covers(rows[start], used) and contrasts(rows, start, used) else None


def _share_of_values(rows: Sequence[Row], place: int) -> float:
    cells = [row[place] for row in rows if place in filled(row)]
    return sum(bool(_VALUE.fullmatch((cell or "").strip())) for cell in cells) / len(cells)
