"""The status of each statement: agreed, disputed, lapsed or not asked; computed, never typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbook.model import Model
from workbook.model.durations import optional_duration
from workbook.model.schema import Statement
from workbook.review.decision_digest import decision_digest
from workbook.review.signoff_ledger import Broken, Signoff, SignoffLedger
from workbook.words import words_of

STATES = ("disputed", "lapsed", "not_asked", "agreed")  # the worst first
Under = Callable[[Iterable[str]], Iterable[str]]  # every name under some names, themselves included


@dataclass(frozen=True)
class LapseReason:
    """What makes a sign-off lapse: its name in the catalogue (`change.expired` of review.toml)
    and its values.
    """

    name: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SignoffStatus:
    """One statement of one department: its status, the newest sign-off, and what changed since.

    `figure` is today's number in the statement; `digest` today's digest of what it is about.
    """

    department: str
    name: str
    statement: Statement
    state: str
    digest: str
    figure: Decimal | None = None
    last: Signoff | None = None
    changes: tuple[LapseReason, ...] = ()
    asked: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Department and statement."""
        return self.department, self.name


def standings(
    model: Model, ledger: SignoffLedger, values: Mapping[str, Decimal | None], under: Under
) -> list[SignoffStatus]:
    """The status of every statement in the order of the file; the newest sign-off of its
    department counts, the later line where two share a time.

    `values` are the metrics' values by name.
    """
    section = model.review
    found = []
    for department, statements in section.statements.items():
        for name, statement in statements.items():
            mine = [
                signed
                for signed in ledger.signoffs
                if (signed.department, signed.statement) == (department, name)
                and not is_of_later_data(model, signed)
            ]
            last = max(mine, key=lambda signed: (signed.at, signed.line), default=None)
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


def is_of_later_data(model: Model, signed: Signoff) -> bool:
    """Whether a sign-off is about data of a day after the as-of day, of which these pages show
    nothing.
    """
    day = model.project.as_of
    return bool(signed.as_of and isinstance(day, dt.date) and signed.as_of > day)


def strangers(model: Model, ledger: SignoffLedger) -> list[Broken]:
    """Sign-offs on statements that nobody asks any more; they stay in the file and count for
    nothing.
    """
    section = model.review
    known = {
        (department, name)
        for department, statements in section.statements.items()
        for name in statements
    }
    return [
        Broken(
            signed.line,
            words_of("review").text(
                "line.not_asked", department=signed.department, statement=signed.statement
            ),
        )
        for signed in ledger.signoffs
        if (signed.department, signed.statement) not in known
    ]


def names_in(statement: Statement) -> list[str]:
    """The metrics and checks whose numbers are in a statement, in order."""
    return re.findall(r"\{(\w+)\}", statement.says)


def figure_of(model: Model, statement: Statement) -> str:
    """The metric or check whose number is signed with a statement: the first that it names, else
    the first metric that it is about.
    """
    metrics, checks = model.metrics.metrics, model.checks.checks
    named = [name for name in names_in(statement) if name in metrics or name in checks]
    return next(
        (name for name in (*named, *statement.about) if name in metrics or name in named), ""
    )


def moved(then: Decimal, now: Decimal, tolerance: str) -> bool:
    """Whether a figure has left its tolerance: an amount, or a share of what was signed."""
    size = Decimal(tolerance.rstrip("%") or "0")
    allowed = abs(then) * size / 100 if tolerance.endswith("%") else size
    return abs(now - then) > allowed


def _state(last: Signoff | None, changes: tuple[LapseReason, ...]) -> str:
    if last is None:
        return "not_asked"
    if last.verdict == "disagree":
        return "disputed"
    return "lapsed" if changes else "agreed"


def _changes(
    model: Model, last: Signoff, digest: str, figure: Decimal | None
) -> Iterator[LapseReason]:
    if last.decision != digest:
        yield LapseReason("decision_changed" if last.decision else "decision_unknown")
    if last.figure is not None and figure is None:
        yield LapseReason("number_gone")
    elif (
        last.figure is not None
        and figure is not None
        and moved(last.figure, figure, last.tolerance)
    ):
        yield LapseReason("number_moved")
    expires = optional_duration(model.review.expires) if not model.is_open("review") else None
    day, signed = model.project.as_of, dt.datetime.combine(last.at.date(), dt.time())
    if expires and isinstance(day, dt.date) and expires.after(signed).date() < day:
        yield LapseReason("expired", {"limit": str(expires)})
