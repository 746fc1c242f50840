"""How hard a check is: its severity, what it allows, who answers, which defect is accepted and
until when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from workbook.model import Model
from workbook.model.as_of import is_undated
from workbook.model.schema import Accepted, Check, Override

Severity = Literal["error", "warn", ""]  # '': the limits of the thing itself say (freshness)


@dataclass(frozen=True)
class Expired:
    """A decision whose last day has passed: an `override` for a thing, or an `acceptance`."""

    kind: Literal["override", "acceptance"]
    until: dt.date
    on: str = ""


@dataclass(frozen=True)
class Policy:
    """What was decided about one check; `expired` are decisions whose last day has passed."""

    severity: Severity = "warn"
    allow: str = "0"
    owner: str = ""
    because: str = ""
    until: dt.date | None = None
    accepted: Accepted | None = None
    expired: tuple[Expired, ...] = ()


def policy_of(model: Model, family: str, names: Sequence[str], owner: str) -> Policy:
    """The family's decision, then what was decided for the thing itself.

    `names` are what an override may call it, the widest first: a system, its source, the field.
    """
    section = model.checks
    families = section.families if not model.is_open("checks") else {}
    decided = families.get(family)  # type: ignore[call-overload]
    policy = Policy(owner=owner)
    if decided:
        hard = decided.severity or ("" if family == "freshness" else "warn")
        policy = replace(policy, severity=hard, allow=decided.allow)
    elif not model.is_open("checks") and family == "freshness":
        policy = replace(policy, severity="")
    for name in names:
        for override in section.overrides:
            if override.family == family and override.on == name:
                policy = _over(policy, override, today(model))
    return policy


def is_accepted(model: Model, family: str, name: str, failing: int, rows: int) -> bool:
    """Whether so many failing rows of one check were accepted, and still are."""
    accepted = policy_of(model, family, (name,), "").accepted
    return accepted is not None and (not accepted.max or failing <= allowed(accepted.max, rows))


def own_policy(model: Model, check: Check, owner: str) -> Policy:
    """What a check of the team's own says about itself."""
    policy = Policy(check.severity, check.allow, check.owner or owner, check.because)
    return _accepting(policy, check.accepted, today(model))


def today(model: Model) -> dt.date | None:
    """The project's date; None where nothing in the data is dated."""
    day = model.project.as_of
    return day if isinstance(day, dt.date) and not is_undated(model) else None


def allowed(allow: str, rows: int) -> int:
    """How many rows may fail: a count, or a share of all rows.

    >>> allowed("2%", 150), allowed("5", 150)
    (3, 5)
    """
    size = Decimal(allow.rstrip("%") or "0")
    return int(size * rows / 100) if allow.endswith("%") else int(size)


def _over(policy: Policy, override: Override, day: dt.date | None) -> Policy:
    if override.until and day and override.until < day:
        return replace(
            policy,
            expired=(*policy.expired, Expired("override", override.until, override.on)),
        )
    changed = replace(
        policy,
        severity=override.severity or policy.severity,
        allow=override.allow or policy.allow,
        owner=override.owner or policy.owner,
        because=override.because or policy.because,
        until=override.until or policy.until,
    )
    return _accepting(changed, override.accepted, day)


def _accepting(policy: Policy, accepted: Accepted | None, day: dt.date | None) -> Policy:
    if accepted is None:
        return policy
    if accepted.until and day and accepted.until < day:
        return replace(
            policy,
            expired=(*policy.expired, Expired("acceptance", accepted.until)),
        )
    return replace(policy, accepted=accepted, owner=policy.owner or accepted.owner)
