"""How many digits after the mark a number of the model keeps, and the SQL type that holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbook.model.currencies import USUAL, decimals_of
from workbook.model.types import TYPES

DECIMAL_PLACES = 6
# of exchange rates: one rial is 0.00000021 euro, and a rate may be the inverse of another
RATE_PLACES = 18
MIXED = 3  # amounts in the smallest unit of each row's own currency
LIMITS = (2, 12)


def places_of(
    kind: str,
    *,
    unit: str = "",
    currency: str = "",
    decimals: int | None = None,
    among: Sequence[str] = (),
) -> int:
    """Digits after the mark: those declared, else those of the currency, at least two; a
    decimal has six.

    `among` are the declared values of a currency that is a field of the source.
    """
    if decimals is not None:
        return decimals
    if kind == "decimal":
        return DECIMAL_PLACES
    if is_code(currency):
        return max(USUAL, decimals_of(currency))
    if unit == "cents" and currency:
        return max(USUAL, *map(decimals_of, among)) if among else MIXED
    return USUAL


def exact_type(places: int) -> str:
    """The SQL type with so many digits after the mark: 18 digits in all, or 12 before the mark
    where more than 9 stand behind it.
    """
    return f"decimal({18 if places <= 9 else 12 + places}, {places})"


def is_code(currency: str) -> bool:
    """Whether a field's `currency` is an ISO code, and not a field of the source."""
    return bool(re.fullmatch(r"[A-Z]{3}", currency))


def stored_as(kind: str, places: int, *, several: bool = False) -> str:
    """The SQL type of a landed column; a list in a cell stays the text that it is."""
    if several:
        return "VARCHAR"
    if kind in ("money", "decimal"):
        return exact_type(places).upper().replace(", ", ",")
    return TYPES[kind].sql_type if kind in TYPES else "VARCHAR"
