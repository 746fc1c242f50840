"""Checks: derived from the model in families, and the team's own; all of one table in one scan."""

from __future__ import annotations

from workbook.checks.check import OWN, Check, CheckRule, ComparedFigure, Compile, TableScan
from workbook.checks.check_policy import Expired, Policy, is_accepted
from workbook.checks.suite import Suite, suite, tables
from workbook.checks.suite_verdicts import verdicts
from workbook.checks.verdict import STATES, Verdict

__all__ = [
    "OWN",
    "STATES",
    "Check",
    "CheckRule",
    "ComparedFigure",
    "Compile",
    "Expired",
    "Policy",
    "Suite",
    "TableScan",
    "Verdict",
    "is_accepted",
    "suite",
    "tables",
    "verdicts",
]
