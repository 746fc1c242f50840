"""Governance: what each purpose may read, who is in a view or an audience and why, and what was
refused.
"""

from __future__ import annotations

from workbook.governance.compile import (
    Compiler,
    table_of_role,
    table_of_use,
    view_tables,
)
from workbook.governance.exclusion_reasons import (
    IN,
    TOO_FEW,
    TOO_OLD,
    WITHOUT_PERMISSION,
    ExclusionReason,
    reason_of,
)
from workbook.governance.people_counted import people_in, people_sql
from workbook.governance.policy import (
    PERSONAL,
    class_of,
    may_read,
    refusals,
    rulings,
    rulings_elsewhere,
    touched,
)
from workbook.model.permission import Ruling

__all__ = [
    "IN",
    "PERSONAL",
    "TOO_FEW",
    "TOO_OLD",
    "WITHOUT_PERMISSION",
    "Compiler",
    "ExclusionReason",
    "Ruling",
    "class_of",
    "may_read",
    "people_in",
    "people_sql",
    "reason_of",
    "refusals",
    "rulings",
    "rulings_elsewhere",
    "table_of_role",
    "table_of_use",
    "touched",
    "view_tables",
]
