"""Survivorship: which source's value stands, field by field, why, and what another decision would change."""

from __future__ import annotations

from workbook.survivorship.choice import choice_name, choice_table
from workbook.survivorship.exceptions import Exempt, exceptions
from workbook.survivorship.golden import golden_table, tables
from workbook.survivorship.measure import candidates_sql, conflicts_sql, pairs_sql, winners_sql
from workbook.survivorship.what_if import Alternative, alternatives

__all__ = [
    "Alternative", "Exempt", "alternatives", "candidates_sql", "choice_name", "choice_table", "conflicts_sql", "exceptions",
    "golden_table", "pairs_sql", "tables", "winners_sql",
]  # fmt: skip
