"""Values masked in files of decisions: in free texts only, letter by letter, so that the form
of every line stays.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from workbook.errors import machine_errors

MASK = "*"
_END = re.compile("\r\n|\n|\r")
_CELL = re.compile(r'("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\n|\r|\Z)')


def mask_values(path: Path, columns: Collection[str], values: Iterable[str]) -> list[int]:
    """Mask values in the named columns of a file, and give the lines where any stood; an absent
    file has none.

    The file keeps its length, so it is written in one piece under the lock that a new line takes.

    Raises:
        MachineError: the file cannot be read or written.
    """
    words = sorted((value.replace('"', '""') for value in values if value), key=len, reverse=True)
    if not words or not path.is_file():
        return []
    named = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    with machine_errors():
        file = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            before = os.pread(file, os.fstat(file).st_size, 0)
            text = before.decode("utf-8", "surrogateescape")
            after, lines = _masked(text, columns, named)
            written = after.encode("utf-8", "surrogateescape")
            if written != before:
                os.pwrite(file, written, 0)
                os.fsync(file)
        finally:
            os.close(file)  # which lets go of the lock
    return lines


def _masked(text: str, columns: Collection[str], named: re.Pattern[str]) -> tuple[str, list[int]]:
    """The text with the values masked, and the lines on which they stood."""
    made, lines, line, head = [], [], 1, list[str]()
    for place, row, cell, end in _cells(text):
        if row == 0:
            head.append(cell.strip('"\ufeff '))
        free = row > 0 and place < len(head) and head[place] in columns
        if free:
            lines += [line + _ends(cell[: at.start()]) for at in named.finditer(cell)]
        made += [named.sub(_mask, cell) if free else cell, end]
        line += _ends(cell) + _ends(end)
    return "".join(made), sorted(set(lines))


def _mask(found: re.Match[str]) -> str:
    return MASK * len(found[0].encode("utf-8", "surrogateescape"))


def _ends(text: str) -> int:
    """How many lines end in a text."""
    return len(_END.findall(text))


def _cells(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Each cell: its place in its row, the number of the row, its text as written, and what
    ends it.
    """
    at = place = row = 0
    while at < len(text):
        found = _CELL.match(text, at)
        # a quote amid a cell: the rest of the line is one cell
        if found is None or found.end() == at:
            stop = text.find("\n", at) + 1 or len(text)
            cell, end = text[at:stop].rstrip("\r\n"), ""
            end, at = text[at + len(cell) : stop], stop
        else:
            cell, end, at = found[1], found[2], found.end()
        yield place, row, cell, end
        place, row = (place + 1, row) if end == "," else (0, row + 1)
