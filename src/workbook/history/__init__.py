"""History: what is true now and what was true then, on two axes, from logs, periods, snapshots and events alike."""

from __future__ import annotations

from workbook.history.at_event import LIFECYCLE, AtEvent, combinations, ending
from workbook.history.before import peers_in
from workbook.history.evidence import Evidence, Rows
from workbook.history.facts import TROUBLES
from workbook.history.intervals import beliefs_name, history_name
from workbook.history.lives import durations, moves, paths
from workbook.history.measure import HOLES, as_of_sql
from workbook.history.suggest import suggestions
from workbook.history.tables import Refusal, refusals, tables

__all__ = [
    "HOLES", "LIFECYCLE", "TROUBLES", "AtEvent", "Evidence", "Refusal", "Rows", "as_of_sql", "beliefs_name", "combinations", "durations", "ending",
    "history_name", "moves", "paths", "peers_in", "refusals", "suggestions", "tables",
]  # fmt: skip
