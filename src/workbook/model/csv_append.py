"""One more line in a file of decisions: whole or not at all, whoever else writes, and safe to
open in a spreadsheet.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.model.csv_ledger import Row, marked, read_lines
from workbook.words import error_of

_CREATE = os.O_RDWR | os.O_APPEND | os.O_CREAT


def append_line(
    path: Path,
    columns: tuple[str, ...],
    letter: str,
    cells: Mapping[str, str],
    *,
    more: tuple[str, ...] = (),
) -> str:
    """Write one line with an id of its own that begins with a letter, and give that id; it is
    on the disk when this returns.

    The line goes out in one write under O_APPEND and a lock, so that a killed process leaves
    the file as it was or with a whole line more, and two processes never mix theirs. A last
    line without an end gets one first. `more` are columns that came later: the head of a file
    that was begun before them stays as it is.

    Raises:
        WorkbookError: the file cannot be written, or is no file of decisions.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as file:
            rows = _rows(path, columns, more)
            columns = (*columns, *more)
            texts = [cells.get(name, "") for name in columns]
            text = _id(cells["at"], texts, len(rows), {row["id"] for _, row in rows}, letter)
            _write(
                file,
                _line(columns),
                _line(
                    [
                        text if name == "id" else cell
                        for name, cell in zip(columns, texts, strict=True)
                    ]
                ),
            )
    except OSError as error:
        raise error_of(
            WorkbookError,
            "model.decisions.not_written",
            file=f"{path.parent.name}/{path.name}",
            why=str(error.strerror),
        ) from error
    return text


def take_back(path: Path, before: bytes | None, text: str) -> None:
    """Remove the line that was written last, so that the file is as it was before, byte for byte.

    Raises:
        WorkbookError: the file does not end with that line any more; nothing is written then.
    """
    with _locked(path) as file:
        now, kept = os.pread(file, os.fstat(file).st_size, 0), before or b""
        added = now[len(kept) :].lstrip(b"\n")
        # the first line of a new file is its head
        line = added if before else added.partition(b"\n")[2]
        alone = line.count(b"\n") == 1 and line.startswith(f"{text},".encode())
        if not now.startswith(kept) or not alone:
            place = f"{path.parent.name}/{path.name}"
            raise error_of(
                WorkbookError, "model.decisions.line_not_taken_back", file=place, id=text
            )
        os.ftruncate(file, len(kept))
        os.fsync(file)
        if before is None:
            path.unlink()


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    file = os.open(path, _CREATE, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)  # which lets go of the lock


def _rows(path: Path, columns: tuple[str, ...], more: tuple[str, ...]) -> list[Row]:
    rows, broken = read_lines(path, columns, more=more)
    if broken and broken[0].whole:
        raise error_of(
            WorkbookError,
            "model.decisions.broken_file",
            place=f"{path.parent.name}/{path.name}:{broken[0].line}",
            why=broken[0].why,
        )
    return rows


def _id(at: str, cells: list[str], rank: int, taken: Collection[str], letter: str) -> str:
    """The day and six hex digits of the line: two people who write apart and merge their files
    later do not meet.
    """
    while True:
        digest = sha256("\0".join([str(rank), *cells]).encode("utf-8", "surrogatepass")).hexdigest()
        text = f"{letter}{at[:10].replace('-', '')}-{digest[:6]}"
        if text not in taken:
            return text
        rank += 1


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([marked(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def _write(file: int, head: bytes, line: bytes) -> None:
    size = os.fstat(file).st_size
    if size == 0:
        line = head + line
    elif os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line
    if os.write(file, line) != len(line):
        os.ftruncate(file, size)
        raise OSError(28, "there is no room for it")
    os.fsync(file)
