"""Landing: a source's files become tables of text, of typed rows and of cells that did not fit."""

from __future__ import annotations

from workbook.engine.landing.formats import SUFFIXES
from workbook.engine.landing.formats.declared_bounds import with_bounds
from workbook.engine.landing.landing_tables import (
    landing_tables,
    lines_skipped,
    records_in,
    undeclared_columns,
)
from workbook.engine.landing.locate_source import extracts_folder, fetch, landing_spec
from workbook.engine.landing.naive_times import odd_times_sql
from workbook.engine.landing.several_files import Varying, shared_files, varying_columns
from workbook.engine.landing.skipped_at_end import records_skipped
from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types.cell_text import FAILED

__all__ = [
    "FAILED",
    "SUFFIXES",
    "FieldSpec",
    "SourceSpec",
    "Varying",
    "extracts_folder",
    "fetch",
    "landing_spec",
    "landing_tables",
    "lines_skipped",
    "odd_times_sql",
    "records_in",
    "records_skipped",
    "shared_files",
    "undeclared_columns",
    "varying_columns",
    "with_bounds",
]
