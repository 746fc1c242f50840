"""What is amiss with a line of the review that could not be read, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from workbook.errors import did_you_mean
from workbook.model.lines import Broken

_MERGE = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")  # what git leaves where two branches changed the same lines
_DIVIDERS = {";": "semicolons", "\t": "tabs"}


def explained(path: Path, columns: Sequence[str], broken: Sequence[Broken]) -> list[Broken]:
    """Broken lines of a file, where its text says more about why: a wrong head, a merge that nobody finished."""
    lines = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [replace(each, why=_why(each, lines, columns)) for each in broken]


def _why(each: Broken, lines: Sequence[str], columns: Sequence[str]) -> str:
    text = lines[each.line - 1] if each.line <= len(lines) else ""
    if text.startswith(_MERGE):
        return "a merge of two branches is not finished here. Keep the lines of both and remove the marks"
    if each.why.startswith("the head is not"):
        below = sum(1 for line in lines[each.line :] if line.strip(",; \t"))
        return f"{_head(text, columns)}, so that nothing below it is read ({below:,} line{'' if below == 1 else 's'}). Write {','.join(columns)}"
    return each.why


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
