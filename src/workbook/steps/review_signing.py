"""Signing a statement: the line that is added to the sign-offs, and its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from workbook import review
from workbook.errors import WorkbookError
from workbook.model import Model
from workbook.model.as_of import is_undated
from workbook.model.times import midnight
from workbook.review import SignoffStatus
from workbook.words import error_of


def status_to_sign(
    statuses: Sequence[SignoffStatus],
    department: str,
    statement: str,
    verdict: str,
    by: str,
    because: str,
) -> SignoffStatus:
    """The statement that a verdict is about.

    Raises:
        WorkbookError: nobody asks this, the verdict is no verdict, a disagreement has no
            reason, or nobody signs.
    """
    found = next((status for status in statuses if status.key == (department, statement)), None)
    if found is None:
        known = [f"{status.department} {status.name}" for status in statuses]
        raise error_of(
            WorkbookError,
            "steps.unknown_statement",
            department=department,
            statement=statement,
            known=known,
        )
    if verdict not in review.VERDICTS:
        raise error_of(
            WorkbookError, "steps.unknown_verdict", verdict=verdict, known=review.VERDICTS
        )
    if verdict == "disagree" and not because.strip():
        raise error_of(WorkbookError, "steps.disagreement_without_reason")
    if not by.strip():
        raise error_of(WorkbookError, "steps.nobody_signs")
    return found


def signing_time(model: Model, status: SignoffStatus, at: dt.datetime | None) -> dt.datetime:
    """The time of a sign-off in UTC: as it is given, else within the as-of day and after the
    one before it.
    """
    if at is not None:
        return at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    day, second = model.project.as_of, dt.timedelta(seconds=1)
    if isinstance(day, dt.date) and not is_undated(model):
        now = min(now, midnight(model, day + dt.timedelta(days=1)) - second)
    return max(now, status.last.at + second) if status.last else now
