"""Types: how the values of a field are read, compared, shown and classed; the one home of each
answer.

`builtin` lists them and loads nothing; `normalise` makes the keys by which values are compared,
and loads Polars.
"""

from __future__ import annotations

from workbook.model.types.builtin import (
    EXACT,
    METHODS,
    PARTS,
    TYPES,
    BuiltinType,
    Method,
    grouping_of,
)

__all__ = ["EXACT", "METHODS", "PARTS", "TYPES", "BuiltinType", "Method", "grouping_of"]
