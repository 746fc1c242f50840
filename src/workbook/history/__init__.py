"""History: what is true now and what was true then, on two axes, from logs, periods, snapshots and events alike."""

from __future__ import annotations

from workbook.history.tables import Refusal, refusals, tables

__all__ = ["Refusal", "refusals", "tables"]
