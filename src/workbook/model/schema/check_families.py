"""The families of checks, in the order in which they are shown."""

from __future__ import annotations

FAMILIES = (
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
)
