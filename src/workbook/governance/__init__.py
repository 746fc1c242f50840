"""Governance: what each purpose may read, who is in a view or an audience and why, and what was
refused.
"""

from __future__ import annotations

from workbook.governance.compile import (
    WITHOUT_PERMISSION,
    Compiler,
    table_of_role,
    table_of_use,
    view_tables,
)
from workbook.governance.people import people_in, people_sql
from workbook.governance.policy import (
    PERSONAL,
    approvals,
    class_of,
    may_read,
    refusals,
    rulings,
)
from workbook.governance.withheld import IN, TOO_FEW, TOO_OLD
from workbook.model.permission import Ruling

__all__ = [
    "IN",
    "PERSONAL",
    "TOO_FEW",
    "TOO_OLD",
    "WITHOUT_PERMISSION",
    "Compiler",
    "Ruling",
    "approvals",
    "class_of",
    "may_read",
    "people_in",
    "people_sql",
    "refusals",
    "rulings",
    "table_of_role",
    "table_of_use",
    "view_tables",
]
