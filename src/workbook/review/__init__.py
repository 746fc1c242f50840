"""Review: what departments signed, and whether it is still valid."""

from __future__ import annotations

from workbook.review.decision_digest import decision_digest
from workbook.review.signoff_ledger import (
    COLUMNS,
    SIGNOFFS,
    VERDICTS,
    Broken,
    Signoff,
    SignoffLedger,
    append,
    read_ledger,
)
from workbook.review.signoff_status import (
    STATES,
    LapseReason,
    SignoffStatus,
    figure_of,
    is_of_later_data,
    moved,
    names_in,
    standings,
    strangers,
)

__all__ = [
    "COLUMNS",
    "SIGNOFFS",
    "STATES",
    "VERDICTS",
    "Broken",
    "LapseReason",
    "Signoff",
    "SignoffLedger",
    "SignoffStatus",
    "append",
    "decision_digest",
    "figure_of",
    "is_of_later_data",
    "moved",
    "names_in",
    "read_ledger",
    "standings",
    "strangers",
]
