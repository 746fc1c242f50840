"""History: what is true now and what was true then, on two axes, from logs, periods, snapshots and events alike."""

from __future__ import annotations

from workbook.history.absences import batch_unit
from workbook.history.at_event import LIFECYCLE, AtEvent, combinations, ending
from workbook.history.before import peers_in, runs_on
from workbook.history.erased import erasures, held_sql, since_sql
from workbook.history.facts import TROUBLES
from workbook.history.intervals import beliefs_name, history_name
from workbook.history.late import LATE, Remembers, as_known, late_sql, remembers, told
from workbook.history.lives import durations, moves, paths
from workbook.history.measurements import Evidence, Rows
from workbook.history.plan import Refusal, refusals, tables
from workbook.history.quality_queries import HOLES, as_of_sql
from workbook.history.suggest import suggestions
from workbook.history.unlinked import consents, requests

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
