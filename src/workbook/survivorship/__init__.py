"""Survivorship: which source's value stands, field by field, why, and what another decision
would change.
"""

from __future__ import annotations

from workbook.model.shared import owner_of_attribute, shared_attributes, shared_identifiers
from workbook.survivorship.alternatives import Alternative, alternatives, without_exceptions
from workbook.survivorship.conflict_queries import (
    conflicts_sql,
    most_contested_sql,
    pairs_sql,
    placeholders_sql,
    winners_sql,
)
from workbook.survivorship.equality import forgets, is_spelled
from workbook.survivorship.equivalence import compared_name, meaning_tables, spellings_name
from workbook.survivorship.exceptions import EXCEPTIONS, Exempt, exceptions
from workbook.survivorship.explain import (
    SAME,
    CandidateValue,
    rank_candidates,
    ranked_sql,
    union_sql,
)
from workbook.survivorship.golden import attributes, golden_table, tables
from workbook.survivorship.mixed_records import address_parts, mixed_sql
from workbook.survivorship.rewritten import (
    DAYS,
    ENOUGH,
    NEARLY_ALL,
    Rewritten,
    deciding_times,
    known_changes,
    written_days_sql,
    written_later_sql,
)
from workbook.survivorship.single_source import single_source_fields, single_source_sql
from workbook.survivorship.winner import ERASED, choice_name, choice_table

__all__ = [
    "DAYS",
    "ENOUGH",
    "ERASED",
    "EXCEPTIONS",
    "NEARLY_ALL",
    "SAME",
    "Alternative",
    "CandidateValue",
    "Exempt",
    "Rewritten",
    "address_parts",
    "alternatives",
    "attributes",
    "choice_name",
    "choice_table",
    "compared_name",
    "conflicts_sql",
    "deciding_times",
    "exceptions",
    "forgets",
    "golden_table",
    "is_spelled",
    "known_changes",
    "meaning_tables",
    "mixed_sql",
    "most_contested_sql",
    "owner_of_attribute",
    "pairs_sql",
    "placeholders_sql",
    "rank_candidates",
    "ranked_sql",
    "shared_attributes",
    "shared_identifiers",
    "single_source_fields",
    "single_source_sql",
    "spellings_name",
    "tables",
    "union_sql",
    "winners_sql",
    "without_exceptions",
    "written_days_sql",
    "written_later_sql",
]
