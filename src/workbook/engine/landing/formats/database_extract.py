"""Rows that a database gave: a Parquet file of text, with the count that the database made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbook.engine.databases import counted_rows
from workbook.engine.landing.formats.parquet import PARQUET
from workbook.engine.landing.source_spec import SourceSpec
from workbook.errors import DataError
from workbook.words import error_of


def _count(spec: SourceSpec, file: Path) -> int:
    """How many rows the database itself counted in the snapshot that was read."""
    rows = counted_rows(file.parent, spec.name)
    if rows is None:
        raise error_of(DataError, "engine.landing.not_fetched", source=spec.name)
    return rows


EXTRACT = replace(PARQUET, name="extract", suffixes=(), count=_count)
