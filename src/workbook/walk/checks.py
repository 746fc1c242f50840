"""The walk of page 08: which warning would stop the number from being sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from workbook.checks import Verdict
from workbook.steps.checks import Checks
from workbook.walk.condition import Condition
from workbook.walk.exercise import Task
from workbook.walk.page_walk import Walk


class ChecksWalk(Walk):
    """The walk of the checks."""

    word = "checks"

    @property
    def page(self) -> Checks:
        """The page whose figures measure what is asked here."""
        assert isinstance(self.step, Checks)
        return self.step

    def task(self) -> Task | None:
        """Which headline number uses the data with the fewest defects."""
        rows = self.page.touched_metrics
        if len(rows) < 2:
            return None
        fewest = min(row["troubled"] for row in rows)
        right = [row["metric"] for row in rows if row["troubled"] == fewest]
        return Task(
            self.word,
            {
                "metrics": [row["metric"] for row in rows],
                "right": right,
                "fewest": fewest,
                "most": max(row["troubled"] for row in rows),
            },
            tuple((name,) for name in right),
            tuple(row["metric"] for row in rows),
        )

    def conditions(self) -> Iterator[Condition]:
        """No failure; every defect has an owner; what is accepted ends; everything was assessed."""
        verdicts, file = self.page.verdicts, self.model.texts[self.word].file
        owner = self.model.owner_of(self.word)
        ran = [each for each in verdicts if each.state != "untested"]
        failed = [each for each in ran if each.state == "fail"]
        yield Condition(
            "passed",
            "untested" if not ran else "fail" if failed else "pass",
            {"count": len(ran), "failed": len(failed)},
            failed[0].check.policy.owner if failed else "",
            file,
        )
        defects = [each for each in ran if each.state in ("fail", "look")]
        nobody = [each for each in defects if not each.check.policy.owner]
        yield Condition(
            "owned",
            "untested" if not ran else "look" if nobody else "pass",
            {"count": len(defects), "missing": len(nobody)},
            owner if nobody else "",
            file,
        )
        known = [each for each in verdicts if each.failing and _is_allowed(each)]
        endless = [each for each in known if not _end_of(each)]
        expired = [each for each in verdicts if each.check.policy.expired]
        yield Condition(
            "ends",
            "look" if expired or endless else "pass" if known else "untested",
            {"count": len(known), "missing": len(expired), "endless": len(endless)},
            owner if expired or endless else "",
            file,
        )
        untested = len(verdicts) - len(ran)
        yield Condition(
            "assessed",
            "untested" if not verdicts else "look" if untested else "pass",
            {"count": len(ran), "of": len(verdicts), "missing": untested},
            owner if untested else "",
        )


def _is_allowed(verdict: Verdict) -> bool:
    """Whether somebody accepted a defect, or allowed it with a reason."""
    policy = verdict.check.policy
    return bool(policy.accepted or policy.because)


def _end_of(verdict: Verdict) -> dt.date | None:
    """The last day on which a defect is allowed; None without an end."""
    policy = verdict.check.policy
    return policy.accepted.until if policy.accepted else policy.until
