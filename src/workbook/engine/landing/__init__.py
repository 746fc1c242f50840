"""Landing: a source's files become tables of text, of typed rows and of cells that did not fit."""

from __future__ import annotations

from workbook.engine.landing.formats import SUFFIXES
from workbook.engine.landing.locate import extracts_folder, fetch, landing_spec
from workbook.engine.landing.source import FieldSpec, SourceSpec
from workbook.engine.landing.tables import landing_tables, records_in, undeclared_columns

__all__ = [
    "SUFFIXES",
    "FieldSpec",
    "SourceSpec",
    "extracts_folder",
    "fetch",
    "landing_spec",
    "landing_tables",
    "records_in",
    "undeclared_columns",
]
