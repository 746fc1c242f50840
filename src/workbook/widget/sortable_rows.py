"""Rows that are sorted, filtered and searched in the notebook, by itables (an extra)."""

from __future__ import annotations

from typing import Any

import polars as pl

from workbook.errors import WorkbookError
from workbook.words import words_of


def interactive(frame: pl.DataFrame) -> Any:
    """The rows as a widget with a search, a filter under each head, and sorting; give it masked
    rows alone, for a notebook may save them.

    Raises:
        WorkbookError: the extra is not installed.
    """
    try:
        from itables.widget import ITable
    except ImportError:
        raise WorkbookError(words_of("data").text("errors.no_extra")) from None
    return ITable(
        frame,
        column_filters="footer",
        layout={"topStart": "info", "topEnd": "search"},
        maxBytes="8MB",  # beyond that the library shows a sample, and says so
        lengthMenu=[10, 25, 50, 100],
        style="table-layout:auto;width:100%",
    )
