"""Where each statement stands: agreed, disputed, stale or never asked; computed, never typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from workbook.model import Model
from workbook.model.durations import optional_duration
from workbook.model.schema import Statement
from workbook.review.decision_digest import decision_digest
from workbook.review.ledger import Broken, Ledger, Signoff

STATES = ("disputed", "stale", "never asked", "agreed")  # trouble first
Under = Callable[[Iterable[str]], Iterable[str]]  # every name under some names, themselves included


@dataclass(frozen=True)
class SignoffStatus:
    """One statement of one department: how it stands, on which sign-off, and what changed since.

    `figure` is today's number in the statement; `digest` today's digest of what it is about;
    `changes` are words.
    """

    department: str
    name: str
    statement: Statement
    state: str
    digest: str
    figure: Decimal | None = None
    last: Signoff | None = None
    changes: tuple[str, ...] = ()
    asked: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Department and statement."""
        return self.department, self.name


def standings(
    model: Model, ledger: Ledger, values: Mapping[str, Decimal | None], under: Under
) -> list[SignoffStatus]:
    """Every statement in the order of the file; the newest sign-off of its department counts,
    the later line where two share a time.

    `values` are the metrics' values by name.
    """
    part = model.review
    found = []
    for department, statements in (part.statements if part else {}).items():
        for name, statement in statements.items():
            mine = [
                each
                for each in ledger.signoffs
                if (each.department, each.statement) == (department, name)
            ]
            last = max(mine, key=lambda each: (each.at, each.line), default=None)
            digest = decision_digest(model, statement, under(statement.about))
            figure = values.get(metric) if (metric := figure_of(model, statement)) else None
            changes = tuple(_changes(model, last, digest, figure)) if last else ()
            found.append(
                SignoffStatus(
                    department,
                    name,
                    statement,
                    _state(last, changes),
                    digest,
                    figure,
                    last,
                    changes,
                    len(mine),
                )
            )
    return found


def strangers(model: Model, ledger: Ledger) -> list[Broken]:
    """Sign-offs on statements that nobody asks any more; they stay in the file and count for
    nothing.
    """
    part = model.review
    known = {
        (department, name)
        for department, statements in (part.statements if part else {}).items()
        for name in statements
    }
    return [
        Broken(each.line, f"{each.department} is not asked about '{each.statement}'")
        for each in ledger.signoffs
        if (each.department, each.statement) not in known
    ]


def metrics_in(statement: Statement) -> list[str]:
    """The metrics whose values stand in a statement, in order."""
    return re.findall(r"\{(\w+)\}", statement.says)


def figure_of(model: Model, statement: Statement) -> str:
    """The metric whose value is signed with a statement: the first that it names, else the
    first that it is about.
    """
    known = model.metrics.metrics if model.metrics else {}
    return next((name for name in (*metrics_in(statement), *statement.about) if name in known), "")


def moved(then: Decimal, now: Decimal, tolerance: str) -> bool:
    """Whether a figure has left its tolerance: an amount, or a share of what was signed."""
    size = Decimal(tolerance.rstrip("%") or "0")
    allowed = abs(then) * size / 100 if tolerance.endswith("%") else size
    return abs(now - then) > allowed


def _state(last: Signoff | None, changes: tuple[str, ...]) -> str:
    if last is None:
        return "never asked"
    if last.verdict == "disagree":
        return "disputed"
    return "stale" if changes else "agreed"


def _changes(model: Model, last: Signoff, digest: str, figure: Decimal | None) -> Iterable[str]:
    if last.decision != digest:
        yield "the decision changed" if last.decision else "the decision was not noted"
    if last.figure is not None and figure is None:
        yield "the number is gone"
    elif (
        last.figure is not None
        and figure is not None
        and moved(last.figure, figure, last.tolerance)
    ):
        yield "the number moved"
    expires = optional_duration(model.review.expires) if model.review else None
    day, signed = model.project.as_of, dt.datetime.combine(last.at.date(), dt.time())
    if expires and isinstance(day, dt.date) and expires.after(signed).date() < day:
        yield f"older than {expires}"
