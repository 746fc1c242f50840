"""What a run returns to the shell."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.finding import Finding


def exit_code(findings: Iterable[Finding]) -> int:
    """1 where a finding of a run is a failure, else 0; 2 and 3 are those of `errors.py`."""
    return int(any(finding.severity == "fail" for finding in findings))
