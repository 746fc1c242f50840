"""Cells of types that are text and are read to one form: categories of declared values,
currency codes, Salesforce ids.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook.engine.landing.types.cell_text import one_of
from workbook.engine.sql import text
from workbook.model.types.normalise import key_of_text

# a letter for each combination of capitals among five letters
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_BLANKS = r"[\s\x0b\x85\p{Z}]+"
_UNSEEN = r"[\p{Cf}\x00-\x08\x0e-\x1f\x7f]"
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))


def declared_category(values: Sequence[str], x: str) -> str:
    """The declared spelling of a category in any letter case; NULL where it is none of them."""
    seen = f"regexp_replace({x}, {text(_UNSEEN)}, '', 'g')"
    narrow = f"translate(nfc_normalize({seen}), {text(_WIDE)}, {text(_NARROW)})"
    folded = f"replace(lower(trim(regexp_replace({narrow}, {text(_BLANKS)}, ' ', 'g'))), 'ς', 'σ')"
    turns = " ".join(
        f"when {text(key_of_text(value, 'category') or value)} then {text(value)}"
        for value in values
    )
    return f"case when {one_of(x, values)} then {x} else case {folded} {turns} end end"


def currency(x: str) -> str:
    """A code in capitals."""
    return f"upper({x})"


def salesforce_id(x: str) -> str:
    """The form of 18 characters of an id of 15 or 18; NULL where the last three do not fit the
    first fifteen.

    Each of the last three tells which of five letters are capitals: the first letter is worth
    1, the fifth 16. https://help.salesforce.com/s/articleView?id=000385008
    """
    whole = f"left({x}, 15) || {' || '.join(_letter(x, start) for start in (1, 6, 11))}"
    fifteen = f"regexp_full_match({x}, '[A-Za-z0-9]{{15}}')"
    eighteen = (
        f"regexp_full_match({x}, '[A-Za-z0-9]{{18}}') and upper(right({x}, 3)) = right({whole}, 3)"
    )
    return f"case when {fifteen} or ({eighteen}) then {whole} end"


def _letter(x: str, start: int) -> str:
    worth = " + ".join(
        f"case when regexp_full_match(substr({x}, {start + place}, 1), '[A-Z]') then {2**place}"
        " else 0 end"
        for place in range(5)
    )
    return f"substr('{_SUFFIX}', 1 + {worth}, 1)"


READ: dict[str, Callable[[str], str]] = {"currency": currency, "salesforce_id": salesforce_id}
