"""A project opened for one command, and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.book import Workbook, find_project


@contextmanager
def open_project(project: Path | None, as_of: str | None, data: Path | None) -> Iterator[Workbook]:
    """The open workbook of a folder, or of the nearest with a workbook.yml upward."""
    book = Workbook.open(
        find_project(project), as_of=as_of, data=str(data.resolve()) if data else None
    )
    try:
        yield book
    finally:
        book.close()
