"""The catalog of a model: dictionary, lineage, caveats, tables, and what each number rests on."""

from __future__ import annotations

from workbook.catalog.caveats import Told, caveats
from workbook.catalog.dictionary import Entry, entries
from workbook.catalog.inventory import PATTERNS, Item, code_of, inventory
from workbook.catalog.lineage import Trace, traces
from workbook.catalog.named import named_in_decisions
from workbook.catalog.uses import Uses, uses

__all__ = [
    "PATTERNS", "Entry", "Item", "Told", "Trace", "Uses", "caveats", "code_of", "entries", "inventory", "named_in_decisions", "traces", "uses",
]  # fmt: skip
