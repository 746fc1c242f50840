"""Databases as sources: a table or a query is read as text and kept as a file for landing."""

from __future__ import annotations

from workbook.engine.databases.connect import SCHEMES, Address, address_of
from workbook.engine.databases.describe import ColumnInfo, TableInfo, describe, tables_in
from workbook.engine.databases.rows_of_table import (
    Extract,
    Wanted,
    counted_rows,
    extract,
    kept_extract,
)

__all__ = [
    "SCHEMES",
    "Address",
    "ColumnInfo",
    "Extract",
    "TableInfo",
    "Wanted",
    "address_of",
    "counted_rows",
    "describe",
    "extract",
    "kept_extract",
    "tables_in",
]
