"""Why a line of a file of decisions could not be read, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook.nearest_name import did_you_mean
from workbook.words import words_of

_WORDS = words_of("errors/model/ledger")
_MERGE = (
    "<<<<<<<",
    "|||||||",
    "=======",
    ">>>>>>>",
)  # what git leaves where two branches changed the same lines
_DIVIDERS = {";": "semicolons", "\t": "tabs"}


def unfinished_merge(line: str) -> str:
    """What to do about a line that git left where two branches met; '' for any other."""
    if line.startswith(_MERGE):
        return _WORDS.text("reason.unfinished_merge")
    return ""


def not_text(*, utf16: bool) -> str:
    """Why a file is no text as decisions are written."""
    return _WORDS.text("reason.utf16" if utf16 else "reason.not_utf8")


def unreadable(most: int) -> str:
    """Why a record has no cells that can be read."""
    return _WORDS.text("reason.unreadable", most=most)


def other_fields(found: int, wanted: int) -> str:
    """Why a record of another number of cells is none."""
    return _WORDS.text("reason.fields", found=found, wanted=wanted)


def wrong_head(text: str, columns: Sequence[str], below: int) -> str:
    """Why the line that names the columns is none, and how to write it; `below` it are so many."""
    cells = [cell.strip() for cell in text.split(",")]
    missing = ", ".join(name for name in columns if name not in cells)
    divider = next(
        (words for sign, words in _DIVIDERS.items() if _cut(text, sign) == tuple(columns)), ""
    )
    case = "head_divided" if divider else "head_lacks" if missing else "head_order"
    values = {"divider": divider, "missing": missing, "below": below}
    return _WORDS.text(f"reason.{case}", **values, columns=",".join(columns))


def _cut(text: str, sign: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.split(sign))


def hinted(why: str, name: str, known: Iterable[str]) -> str:
    """Why, with the nearest valid name behind it where one is close.

    >>> hinted("its verdict is none of same, different", "smae", ["same", "different"])
    "its verdict is none of same, different (did you mean 'same'?)"
    """
    hint = did_you_mean(name, known)
    return f"{why} (d{hint[1:]})" if hint else why
