"""The formats of files that landing reads: one module a format, one list of them."""

from __future__ import annotations

from pathlib import Path

from workbook.engine.landing.formats.database_extract import EXTRACT
from workbook.engine.landing.formats.declared_bounds import bounded
from workbook.engine.landing.formats.delimited import CSV, TSV
from workbook.engine.landing.formats.excel import EXCEL
from workbook.engine.landing.formats.format import FileFormat
from workbook.engine.landing.formats.json_records import JSON, NDJSON
from workbook.engine.landing.formats.parquet import PARQUET

__all__ = ["FORMATS", "SUFFIXES", "FileFormat", "format_of"]

FORMATS: dict[str, FileFormat] = {
    form.name: form
    for form in (bounded(CSV), bounded(TSV), PARQUET, JSON, NDJSON, bounded(EXCEL), EXTRACT)
}
SUFFIXES = {suffix: form.name for form in FORMATS.values() for suffix in form.suffixes}


def format_of(file: Path, declared: str = "") -> str:
    """The name of a file's format: the declared one, else the one of its suffix, else csv."""
    return declared or SUFFIXES.get(file.suffix.lower(), CSV.name)
