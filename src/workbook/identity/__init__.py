"""Identity: which records are the same customer.

Edges are facts, clusters are derived, and nothing fuzzy merges by itself.
"""

from __future__ import annotations

from workbook.identity import cluster_stats
from workbook.identity.constraints import NEVER_MERGE, REVIEW
from workbook.identity.decision_status import CHANGED, CIRCLE, DISPUTED, GONE, OTHER_WEIGHTS
from workbook.identity.entity_tables import entity_tables
from workbook.identity.guard import RECORDS_PER_VALUE, cluster_size
from workbook.identity.match_reasons import MatchReason, match_reason
from workbook.identity.match_rules import DECISION, MERGED
from workbook.identity.plan import LEDGER, compared, ledger, several_values, spec_of, tables
from workbook.identity.resolved_columns import in_columns, said_of

__all__ = [
    "CHANGED",
    "CIRCLE",
    "DECISION",
    "DISPUTED",
    "GONE",
    "LEDGER",
    "MERGED",
    "NEVER_MERGE",
    "OTHER_WEIGHTS",
    "RECORDS_PER_VALUE",
    "REVIEW",
    "MatchReason",
    "cluster_size",
    "cluster_stats",
    "compared",
    "entity_tables",
    "in_columns",
    "ledger",
    "match_reason",
    "said_of",
    "several_values",
    "spec_of",
    "tables",
]
