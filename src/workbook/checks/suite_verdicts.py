"""From the counts of a suite's tables to the verdict of each check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workbook.checks.check import ComparedFigure
from workbook.checks.check_policy import today
from workbook.checks.suite import Suite
from workbook.checks.verdict import STATES, Verdict, judge_age, judge_rows, judge_value
from workbook.model import Model
from workbook.model.as_of import end_of_day
from workbook.words import words_of

# the one row of a table; None where the plan does not make it
Read = Callable[[str], Mapping[str, Any] | None]


def verdicts(model: Model, found: Suite, read: Read) -> list[Verdict]:
    """Every check's verdict, trouble first, then by family and name."""
    results = [
        *_of_rows(found, read),
        *(_of_figure(model, measure, read) for measure in found.measures),
    ]
    results += [Verdict(check, "untested", why=check.waits) for check in found.waiting]
    return sorted(
        results,
        key=lambda result: (STATES.index(result.state), result.check.family, result.check.name),
    )


def _of_rows(found: Suite, read: Read) -> Iterator[Verdict]:
    for scan in found.scans:
        counts = read(scan.counts) if scan.checks else None
        columns = scan.columns
        for check in scan.checks:
            if counts is None:
                yield Verdict(check, "untested", why=words_of("checks").text("waits.not_made"))
            else:
                yield judge_rows(check, int(counts["rows"]), int(counts[columns[check.name]]))


def _of_figure(model: Model, measure: ComparedFigure, read: Read) -> Verdict:
    row = read(measure.counts)
    if row is None:
        return Verdict(measure.check, "untested", why=words_of("checks").text("waits.not_made"))
    if not measure.limits:
        return judge_value(measure, row.get("value"))
    day = today(model)
    end = end_of_day(day or dt.date.max - dt.timedelta(days=1))
    return judge_age(measure, row["value"], end)
