"""What a check found: pass, accepted, look or fail, in counts and in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workbook.checks.check import Check, ComparedFigure
from workbook.checks.check_policy import allowed
from workbook.model.durations import duration
from workbook.words import number, words_of

STATES = ("fail", "look", "accepted", "untested", "pass")  # trouble first


@dataclass(frozen=True)
class Verdict:
    """The result of one check; `rows` and `failing` are None where it did not run.

    Of the failing, `unknown` miss a value, so that a condition cannot be told; `erased` of these
    belong to somebody who requested erasure.
    """

    check: Check
    state: str
    rows: int | None = None
    failing: int | None = None
    measured: str = ""
    limit: str = ""
    why: str = ""
    unknown: int = 0
    erased: int = 0

    @property
    def share(self) -> float | None:
        """The failing share of all rows."""
        return self.failing / self.rows if self.rows and self.failing is not None else None

    @property
    def never_fails(self) -> bool:
        """Whether so much is allowed, or accepted without an end, that no row could fail it."""
        known, policy, rows = self.check.policy.accepted, self.check.policy, self.rows or 0
        if self.state not in ("pass", "accepted") or (known or policy).until:
            return False
        most = known.max if known else policy.allow
        return bool(known and not most) or (
            rows > 1 and most.endswith("%") and allowed(most, rows) >= rows
        )

    @property
    def says(self) -> str:
        """The defect with its size where there is one, else the rule."""
        if not self.failing:
            return self.check.says
        return self.check.rule.text(
            "defect",
            failing=self.failing,
            rows=self.rows,
            share=number.percent(self.share or 0),
            measured=self.measured,
            limit=self.limit,
            unknown=self.unknown,
            erased=self.erased,
        )


def judge_rows(check: Check, rows: int, failing: int) -> Verdict:
    """A check of rows, by how many of them fail."""
    policy = check.policy
    most = allowed(policy.allow, rows)
    limit = number.integer(most) if most else _text("allowed.none")
    measured = _text("measured.rows", failing=failing, rows=rows)
    if failing <= most:
        return Verdict(check, "pass", rows, failing, measured, limit)
    if policy.accepted and (
        not policy.accepted.max or failing <= allowed(policy.accepted.max, rows)
    ):
        return Verdict(
            check,
            "accepted",
            rows,
            failing,
            measured,
            policy.accepted.max or limit,
            policy.accepted.because,
        )
    return Verdict(check, _hard(policy.severity), rows, failing, measured, limit)


def judge_value(measure: ComparedFigure, value: Decimal | int | float | None) -> Verdict:
    """A check of one figure, by how far it is from what it must be."""
    check, expected = measure.check, Decimal(measure.expected)
    limit = _text("allowed.margin", margin=measure.tolerance)
    if value is None:
        return Verdict(check, _hard(check.policy.severity), 1, 1, _text("measured.no_value"), limit)
    apart = abs(Decimal(str(value)) - expected)
    found = _text("measured.difference", difference=apart) if apart else _text("measured.equal")
    if apart <= margin(measure.tolerance, expected):
        return Verdict(check, "pass", 1, 0, found, limit)
    accepted = check.policy.accepted
    if accepted and (not accepted.max or apart <= margin(accepted.max, expected)):
        return Verdict(
            check,
            "accepted",
            1,
            1,
            found,
            _text("allowed.margin", margin=accepted.max) if accepted.max else _text("allowed.any"),
            accepted.because,
        )
    return Verdict(check, _hard(check.policy.severity), 1, 1, found, limit)


def judge_age(measure: ComparedFigure, newest: dt.datetime | None, end: dt.datetime) -> Verdict:
    """A check of how old the newest fact is; the longest limit that it has passed says how bad
    that is.
    """
    check, limit = measure.check, measure.limits[0][1]
    if newest is None:
        return Verdict(check, "look", 1, 1, _text("measured.undated"), limit)
    age = _text("measured.age", seconds=(end - newest).total_seconds())
    passed = [limit for limit in measure.limits if newest < duration(limit[1]).before(end)]
    if not passed:
        return Verdict(check, "pass", 1, 0, age, limit)
    severity, limit = passed[-1]
    if check.policy.accepted:
        return Verdict(
            check,
            "accepted",
            1,
            1,
            age,
            limit,
            check.policy.accepted.because,
        )
    return Verdict(check, _hard(severity), 1, 1, age, limit)


def margin(tolerance: str, expected: Decimal) -> Decimal:
    """How far a figure may be from what it must be: an amount, or a share of it."""
    size = Decimal(tolerance.rstrip("%") or "0")
    return abs(expected) * size / 100 if tolerance.endswith("%") else size


def _text(name: str, **values: Any) -> str:
    return words_of("checks").text(name, **values)


def _hard(severity: str) -> str:
    return "fail" if severity == "error" else "look"
