"""What a format of files brings: its suffixes, its header, its count of records, its readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbook.engine.landing.file_scan import FileScan
from workbook.engine.landing.source_spec import SourceSpec


@dataclass(frozen=True)
class FileFormat:
    """One format. `read` may be fast; `read_exactly` gives the same rows, record by record.

    `header` lists the names of a file's columns. `count` gives the records of a file without the
    reader that lands them, so that a lost record is noticed.
    """

    name: str
    suffixes: tuple[str, ...]
    header: Callable[[SourceSpec, Path], Sequence[str]]
    count: Callable[[SourceSpec, Path], int]
    read: Callable[[SourceSpec, Path], FileScan | pl.DataFrame]
    read_exactly: Callable[[SourceSpec, Path], pl.DataFrame]


def is_pattern(file: Path) -> bool:
    """Whether DuckDB could take a path for a pattern of several files."""
    return any(mark in str(file) for mark in "*?[]{}")
