"""The engine: named tables built once, content-addressed, queried side by side."""

from __future__ import annotations

from workbook.engine.column_lineage import Origin, column_lineage, values_of_table
from workbook.engine.engine import Engine
from workbook.engine.file_hashes import FileHashes, State, state_of
from workbook.engine.file_modes import (
    KEPT,
    kept_folder,
    private_file,
    private_folder,
    require_writable,
)
from workbook.engine.landing import (
    FieldSpec,
    SourceSpec,
    extracts_folder,
    fetch,
    landing_spec,
    landing_tables,
    records_in,
    undeclared_columns,
)
from workbook.engine.plan import Artifact, Function, Plan, Table
from workbook.engine.query_columns import UntraceableError, values_of_query
from workbook.engine.sql import lint, quote, tables_read
from workbook.engine.sql_cache import MEMO
from workbook.engine.store import Store
from workbook.engine.trial_without_data import Misfit, misfits

__all__ = [
    "KEPT",
    "MEMO",
    "Artifact",
    "Engine",
    "FieldSpec",
    "FileHashes",
    "Function",
    "Misfit",
    "Origin",
    "Plan",
    "SourceSpec",
    "State",
    "Store",
    "Table",
    "UntraceableError",
    "column_lineage",
    "extracts_folder",
    "fetch",
    "kept_folder",
    "landing_spec",
    "landing_tables",
    "lint",
    "misfits",
    "private_file",
    "private_folder",
    "quote",
    "records_in",
    "require_writable",
    "state_of",
    "tables_read",
    "undeclared_columns",
    "values_of_query",
    "values_of_table",
]
