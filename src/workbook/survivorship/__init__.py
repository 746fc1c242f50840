"""Survivorship: the surviving value of every field, why it survives, and other decisions."""

from __future__ import annotations

from workbook.model.contested_attributes import (
    owner_of_attribute,
    shared_attributes,
    shared_identifiers,
)
from workbook.survivorship.alternatives import (
    NO_AGE_LIMIT,
    SWAPPED,
    RuleAlternative,
    RuleChange,
    alternatives,
    without_exceptions,
)
from workbook.survivorship.conflict_queries import (
    conflicts_sql,
    in_conflict_sql,
    most_contested_sql,
    pairs_sql,
    placeholders_sql,
    winners_sql,
)
from workbook.survivorship.dated_later import dated_later_sql
from workbook.survivorship.equivalence import compared_name, meaning_tables, spellings_name
from workbook.survivorship.exceptions import EXCEPTIONS, ValueException, exceptions
from workbook.survivorship.explain import (
    EXCEPTION_REASON,
    CandidateValue,
    SurvivalReason,
    rank_candidates,
    ranked_sql,
    union_sql,
)
from workbook.survivorship.golden import attributes, golden_table, tables
from workbook.survivorship.mixed_records import address_parts, mixed_sql
from workbook.survivorship.normal_forms import forgets, is_spelled
from workbook.survivorship.rewritten_rows import (
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
    "EXCEPTION_REASON",
    "NEARLY_ALL",
    "NO_AGE_LIMIT",
    "SWAPPED",
    "CandidateValue",
    "Rewritten",
    "RuleAlternative",
    "RuleChange",
    "SurvivalReason",
    "ValueException",
    "address_parts",
    "alternatives",
    "attributes",
    "choice_name",
    "choice_table",
    "compared_name",
    "conflicts_sql",
    "dated_later_sql",
    "deciding_times",
    "exceptions",
    "forgets",
    "golden_table",
    "in_conflict_sql",
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
