"""The families of checks, in the order in which they are shown."""

from __future__ import annotations

from typing import Literal, get_args

FamilyName = Literal[
    "duplicate_keys",
    "missing_identifiers",
    "impossible_dates",
    "invalid_states",
    "relationship_counts",
    "freshness",
    "reconciliation",
    "intervals",
    "current",
    "identity",
]
FAMILIES: tuple[str, ...] = get_args(FamilyName)
