"""Governance: what each purpose may read, who is in a view or an audience and why, and what was refused."""

from __future__ import annotations

from workbook.governance.compile import TOO_FEW, Compiler, audience_tables, view_tables
from workbook.governance.people import people_in, people_sql
from workbook.governance.policy import PERSONAL, Ruling, approvals, may_read, refusals, rulings

__all__ = ["PERSONAL", "TOO_FEW", "Compiler", "Ruling", "approvals", "audience_tables", "may_read", "people_in", "people_sql", "refusals", "rulings", "view_tables"]
