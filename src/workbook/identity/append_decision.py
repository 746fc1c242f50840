"""One more line in the review file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workbook.identity.match_ledger import COLUMNS
from workbook.model.csv_append import append_line


def append(path: Path, cells: Mapping[str, str]) -> str:
    """Write one line with an id of its own, and give that id; it is on the disk when this returns.

    Raises:
        WorkbookError: the file cannot be written, or is no file of decisions.
    """
    return append_line(path, COLUMNS, "d", cells)
