"""History: what is true now and what was true then, on two axes, from logs, periods, snapshots
and events alike.
"""

from __future__ import annotations

from workbook.history.bitemporal import beliefs_name, history_name
from workbook.history.erasure import erasure_residue_sql, erasures, since_sql
from workbook.history.facts import TROUBLES
from workbook.history.history_evidence import HistoryEvidence, Rows
from workbook.history.late_arrivals import (
    LATE,
    SnapshotSupport,
    as_known_sql,
    late_sql,
    reconstructable_sources,
    snapshot_support,
)
from workbook.history.lifecycle_stats import durations, moves, paths
from workbook.history.period_states import PeriodState, period_state
from workbook.history.plan import HistoryRefusal, refusals, tables
from workbook.history.preceding_events import peers_in, runs_on
from workbook.history.quality_queries import as_of_sql
from workbook.history.snapshot_batches import batch_unit
from workbook.history.source_candidates import suggestions
from workbook.history.state_at_event import LIFECYCLE, StateAtEvent, combinations, ending
from workbook.history.survival import FEW, median_stay, retention, survival
from workbook.history.unlinked_requests import consents, requests

__all__ = [
    "FEW",
    "LATE",
    "LIFECYCLE",
    "TROUBLES",
    "HistoryEvidence",
    "HistoryRefusal",
    "PeriodState",
    "Rows",
    "SnapshotSupport",
    "StateAtEvent",
    "as_known_sql",
    "as_of_sql",
    "batch_unit",
    "beliefs_name",
    "combinations",
    "consents",
    "durations",
    "ending",
    "erasure_residue_sql",
    "erasures",
    "history_name",
    "late_sql",
    "median_stay",
    "moves",
    "paths",
    "peers_in",
    "period_state",
    "reconstructable_sources",
    "refusals",
    "requests",
    "retention",
    "runs_on",
    "since_sql",
    "snapshot_support",
    "suggestions",
    "survival",
    "tables",
]
