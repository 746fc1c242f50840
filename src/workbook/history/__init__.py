"""History: what is true now and what was true then, on two axes, from logs, periods, snapshots and events alike."""

from __future__ import annotations

from workbook.history.bitemporal import beliefs_name, history_name
from workbook.history.erasure import erasures, held_sql, since_sql
from workbook.history.facts import TROUBLES
from workbook.history.late_arrivals import LATE, Remembers, as_known, late_sql, remembers, told
from workbook.history.lifecycle_stats import durations, moves, paths
from workbook.history.measurements import Evidence, Rows
from workbook.history.plan import Refusal, refusals, tables
from workbook.history.preceding_events import peers_in, runs_on
from workbook.history.quality_queries import HOLES, as_of_sql
from workbook.history.snapshot_batches import batch_unit
from workbook.history.source_candidates import suggestions
from workbook.history.state_at_event import LIFECYCLE, AtEvent, combinations, ending
from workbook.history.unlinked_requests import consents, requests

__all__ = [
    "HOLES",
    "LATE",
    "LIFECYCLE",
    "TROUBLES",
    "AtEvent",
    "Evidence",
    "Refusal",
    "Remembers",
    "Rows",
    "as_known",
    "as_of_sql",
    "batch_unit",
    "beliefs_name",
    "combinations",
    "consents",
    "durations",
    "ending",
    "erasures",
    "held_sql",
    "history_name",
    "late_sql",
    "moves",
    "paths",
    "peers_in",
    "refusals",
    "remembers",
    "requests",
    "runs_on",
    "since_sql",
    "suggestions",
    "tables",
    "told",
]  # fmt: skip
