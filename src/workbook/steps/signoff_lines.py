"""Recorded sign-offs that do not count, and those of whoever does not sign for a department."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook import review
from workbook.finding import Finding
from workbook.model import Model
from workbook.review import Signoff, SignoffLedger, SignoffStatus
from workbook.steps.statement_text import signed_statement
from workbook.words import finding


def signoff_line_findings(
    model: Model, ledger: SignoffLedger, signed: Sequence[tuple[SignoffStatus, Signoff]]
) -> Iterator[Finding]:
    """Findings about lines of the file: not readable, on a statement that is gone, on data of a
    later day, or not by the department's signatory; `signed` are statements with their newest
    sign-off.
    """
    file = f"{model.project.decisions}/{review.SIGNOFFS}"
    for broken in ledger.broken:
        yield finding(
            model,
            "review.broken_line",
            severity="fail" if broken.whole else "look",
            variant="whole" if broken.whole else "line",
            reason=broken.why,
            file=file,
            line=broken.line,
        )
    for broken in review.strangers(model, ledger):
        yield finding(
            model,
            "review.not_asked_any_more",
            reason=broken.why,
            file=file,
            line=broken.line,
        )
    if later := sum(review.is_of_later_data(model, signoff) for signoff in ledger.signoffs):
        yield finding(model, "review.later_data", later, owner="")
    for status, last in signed:
        signatory = model.project.departments.get(status.department)
        if signatory and last.by != signatory:
            yield finding(
                model,
                "review.signed_by_another",
                by=last.by,
                statement=signed_statement(model, last).rstrip("."),
                department=status.department,
                signatory=signatory,
                file=file,
                line=last.line,
            )
