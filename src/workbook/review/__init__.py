"""Review: what departments signed, and whether it is still valid."""

from __future__ import annotations

from workbook.review.decision_digest import decision_digest
from workbook.review.signoff_ledger import (
    COLUMNS,
    SIGNOFFS,
    VERDICTS,
    Broken,
    Ledger,
    Signoff,
    append,
    read_ledger,
)
from workbook.review.signoff_status import (
    STATES,
    Change,
    SignoffStatus,
    figure_of,
    is_of_later_data,
    metrics_in,
    moved,
    standings,
    strangers,
)

__all__ = [
    "COLUMNS",
    "SIGNOFFS",
    "STATES",
    "VERDICTS",
    "Broken",
    "Change",
    "Ledger",
    "Signoff",
    "SignoffStatus",
    "append",
    "decision_digest",
    "figure_of",
    "is_of_later_data",
    "metrics_in",
    "moved",
    "read_ledger",
    "standings",
    "strangers",
]
