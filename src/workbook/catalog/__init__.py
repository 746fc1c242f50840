"""The catalog of a model: dictionary, lineage, and tables."""

from __future__ import annotations

from workbook.catalog.column_classes import HIDDEN, ColumnClasses
from workbook.catalog.dictionary import DictionaryEntry, entries
from workbook.catalog.field_lineage import ALL_RECORDS, Trace, traces
from workbook.catalog.glossary import named_by
from workbook.catalog.inventory import PATTERNS, Item, code_of, inventory
from workbook.catalog.names_in_decisions import named_in_decisions

__all__ = [
    "ALL_RECORDS",
    "HIDDEN",
    "PATTERNS",
    "ColumnClasses",
    "DictionaryEntry",
    "Item",
    "Trace",
    "code_of",
    "entries",
    "inventory",
    "named_by",
    "named_in_decisions",
    "traces",
]
