"""Why a line of a file of decisions could not be read, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook.nearest_name import did_you_mean

NOT_UTF_8 = "the file is not UTF-8. Save it as CSV UTF-8"
UTF_16 = "the file is UTF-16, as a spreadsheet writes “Unicode text”. Save it as CSV UTF-8"
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
        return (
            "a merge of two branches is not finished here. "
            "Keep the lines of both and remove the marks"
        )
    return ""


def wrong_head(text: str, columns: Sequence[str], below: int) -> str:
    """Why the line that names the columns is none, and how to write it; `below` it are so many."""
    lost = f"nothing below it is read ({below:,} line{'' if below == 1 else 's'})"
    return f"{_head(text, columns)}, so that {lost}. Write {','.join(columns)}"


def _head(text: str, columns: Sequence[str]) -> str:
    """What is wrong with the line that names the columns."""
    for divider, words in _DIVIDERS.items():
        if [cell.strip() for cell in text.split(divider)] == list(columns):
            return f"the columns are divided by {words} instead of commas"
    cells = [cell.strip() for cell in text.split(",")]
    missing = [name for name in columns if name not in cells]
    if not missing:
        return "the columns of the head stand in another order or twice"
    return f"the head lacks {', '.join(missing)}"


def hinted(why: str, name: str, known: Iterable[str]) -> str:
    """Why, with the nearest valid name behind it where one is close.

    >>> hinted("its verdict is none of same, different", "smae", ["same", "different"])
    "its verdict is none of same, different (did you mean 'same'?)"
    """
    hint = did_you_mean(name, known)
    return f"{why} (d{hint[1:]})" if hint else why
