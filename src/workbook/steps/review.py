"""10 Review: what each department confirmed, disputes or was not asked, and what changed since
it signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook import review
from workbook.checks import Verdict
from workbook.finding import Finding
from workbook.metrics.report.period_wording import period_of
from workbook.model.as_of import is_undated
from workbook.model.dependencies import dependencies_of
from workbook.review import STATES, Signoff, SignoffStatus
from workbook.scenarios.masked_reasons import readable_reasons
from workbook.scenarios.pair_review import reviewer
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.review_signing import signing_time, status_to_sign
from workbook.steps.signoff_lines import signoff_line_findings
from workbook.steps.statement_text import (
    checks_not_ok,
    current_statement,
    figure_text,
    owner_of,
    signed_statement,
    statement_values,
    statement_verdicts,
)
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import capital, humanize, join_words, truncate_list

BAR = {"agreed": "d2", "lapsed": "amber", "disputed": "red", "not_asked": "d4"}
CHIPS = {**BAR, "agreed": "blue", "not_asked": "quiet"}
CHECKS = {"disputed": "look", "lapsed": "look", "not_asked": "untested", "agreed": "pass"}
_NOBODY = words_of("shared").text("owner.nobody")


class Review(Step):
    """The review step."""

    word = "review"

    @property
    def file(self) -> Path:
        """The file of sign-offs."""
        return self.model.root / self.model.project.decisions / review.SIGNOFFS

    @cached_property
    def ledger(self) -> review.SignoffLedger:
        """Every sign-off, and every line that is none."""
        return review.read_ledger(self.file)

    @cached_property
    def values(self) -> dict[str, Decimal | None]:
        """The number of every metric and check that a statement names or is about."""
        return statement_values(self.context, self.verdicts)

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of every check of the team's own that a statement names or is about."""
        return statement_verdicts(self.context)

    @cached_property
    def standings(self) -> list[SignoffStatus]:
        """Every statement with the status of its sign-off."""
        return review.standings(self.model, self.ledger, self.values, self._under)

    def _under(self, names: Iterable[str]) -> set[str]:
        every = list(names)
        return set(every) | dependencies_of(self.model, every).names

    @cached_property
    def signed(self) -> list[tuple[SignoffStatus, Signoff]]:
        """Every statement that is signed, with its newest sign-off."""
        return [(status, status.last) for status in self.standings if status.last]

    def filled(self, status: SignoffStatus) -> str:
        """A statement with today's numbers in it."""
        return current_statement(self.model, status, self.values)

    def headline(self) -> Headline:
        """How many statements are agreed, and how many are not."""
        if not self.standings:
            departments = list(self.model.project.departments)
            lede = self.text("lede.open", departments=departments)
            return self.answer("open", lede, state="open")
        count = _by_state(self.standings)
        states = [
            self.text(
                "lede.state_of", count=count[state], state=self.text(f"status.within.{state}")
            )
            for state in BAR
            if count[state]
        ]
        return self.answer(
            "decided", self._lede(count), statements=len(self.standings), states=states
        )

    def _lede(self, count: dict[str, int]) -> str:
        """The first dispute, who has not signed, and what has lapsed."""
        first = next((status for status in self.standings if status.state == "disputed"), None)
        asked = {status.department for status in self.standings}
        unsigned = sorted(asked - {status.department for status, _ in self.signed})
        texts = []
        if first:
            texts.append(self.text("findings.disputed.sentence", **self._dispute(first)))
        if unsigned:
            texts.append(self.text("lede.unsigned", departments=unsigned))
        if count["lapsed"]:
            texts.append(self.text("lede.lapsed", count=count["lapsed"]))
        return " ".join(texts) or self.text("lede.unchanged")

    def _status(self, state: str) -> str:
        return self.text(f"status.{state}")

    def signoffs(self) -> Figure:
        """Figure 10.1: each department, and the status of its statements."""
        departments = dict.fromkeys(status.department for status in self.standings)
        rows = [self._department(department) for department in departments]
        columns = self.heads(
            "signoffs",
            Column("department", detail="who"),
            Column("state", kind="check", detail="says"),
            Column("agreed"),
            Column("parts", kind="stack", colours=tuple(BAR.values())),
            Column("signed", kind="date"),
        )
        return self.figure(
            "signoffs",
            table(frame_for(rows, columns), columns),
            legend=[(self._status(state), tone) for state, tone in BAR.items()],
            role="signoffs",
        )

    def _department(self, department: str) -> dict[str, Any]:
        """A department with the worst status of its statements."""
        mine = [status for status in self.standings if status.department == department]
        count = _by_state(mine)
        worst = next(state for state in STATES if count[state])
        says = self._status(worst)
        if count[worst] < len(mine):
            says = self.text("status.in_part", status=says, count=count[worst], of=len(mine))
        days = [last.at.date() for status, last in self.signed if status.department == department]
        return {
            "state": CHECKS[worst],
            "department": humanize(department),
            "who": self.model.project.departments.get(department, ""),
            "says": says,
            "agreed": self.text("figures.signoffs.agreed_of", count=count["agreed"], of=len(mine)),
            "parts": [count[state] for state in BAR],
            "signed": max(days, default=None),
        }

    def disputes(self) -> Figure:
        """Figure 10.2: what is disputed, by whom, since when and why."""
        rows = [
            {
                "statement": signed_statement(self.model, last),
                "department": humanize(status.department),
                "by": last.by,
                "since": last.at.date(),
                "because": self._reasons[last.because] or self.text("gap.reason"),
                "settles": owner_of(self.model, status.statement) or _NOBODY,
                "figures": self._data_of(last),
            }
            for status, last in self.signed
            if status.state == "disputed"
        ]
        columns = self.heads(
            "disputes",
            Column("statement", detail="because"),
            Column("department", detail="by"),
            Column("since", kind="date", detail="figures"),
            Column("settles"),
        )
        return self.figure(
            "disputes",
            table(frame_for(rows, columns), columns),
            empty="empty_none" if self.standings else "empty",
            role="disputes",
        )

    def _data_of(self, signed: Signoff) -> str:
        """The day of the numbers that were signed; '' where the line does not keep it."""
        return self.text("figures.disputes.data_of", day=signed.as_of) if signed.as_of else ""

    def changes(self) -> Figure:
        """Figure 10.3: every signed statement whose decision or number changed since."""
        rows = [
            self._changed(status, last)
            for status, last in self.signed
            if status.changes or last.figure is not None
        ]
        columns = self.heads(
            "changes",
            Column("statement", detail="department"),
            Column("status", kind="chip", tone="tone"),
            Column("signed", kind="date", detail="figures"),
            Column("then", kind="written"),
            Column("now", kind="written", detail="period"),
            Column("moved", kind="percent"),
            Column("tolerance"),
            Column("changed"),
        )
        return self.figure(
            "changes",
            table(frame_for(rows, columns), columns),
            empty="empty_unchanged" if self.signed else "empty",
        )

    def _changed(self, status: SignoffStatus, last: Signoff) -> dict[str, Any]:
        """A signed statement beside its number and decision of today."""
        then, now = last.figure, status.figure
        changes = capital(join_words(self._change_texts(status)))
        return {
            "statement": signed_statement(self.model, last),
            "department": humanize(status.department),
            "status": self._status(status.state),
            "tone": CHIPS[status.state],
            "signed": last.at.date(),
            "figures": self._data_of(last),
            "then": figure_text(self.model, status, then, self.values),
            "now": figure_text(self.model, status, now, self.values),
            "period": self._period(status),
            "moved": float((now - then) / abs(then)) if then and now is not None else None,
            "tolerance": last.tolerance or self.text("gap.tolerance"),
            "changed": changes or self.text("gap.changes"),
        }

    def _change_texts(self, status: SignoffStatus) -> list[str]:
        return [self.text(f"change.{change.name}", **change.values) for change in status.changes]

    def sheet(self) -> Figure:
        """Figure 10.4: every statement with today's numbers, as it is put to its department."""
        rows = [
            {
                "department": humanize(status.department),
                "statement": self.filled(status),
                "about": self._about(status),
                "status": self._status(status.state),
                "tone": CHIPS[status.state],
                "name": humanize(status.name),
            }
            for status in self.standings
        ]
        columns = self.heads(
            "sheet",
            Column("statement", detail="about"),
            Column("status", kind="chip", tone="tone"),
            Column("name"),
        )
        frame = frame_for(rows, [*columns, Column("department")])
        return self.figure("sheet", table(frame, columns, group="department"))

    def _period(self, status: SignoffStatus) -> str:
        """The period of today's value of a statement's number."""
        metric = review.figure_of(self.model, status.statement)
        known = metric in self.model.metrics.metrics
        return period_of(self.model, self.context, metric) if known else ""

    def _about(self, status: SignoffStatus) -> str:
        """What a statement is about, the period of its number, and its checks that are not OK."""
        checked = checks_not_ok(self.model, status.statement, self.verdicts)
        named = [
            name for name in status.statement.about if not checked or name not in self.verdicts
        ]
        about = truncate_list(map(humanize, named), 3)
        return "; ".join(filter(None, [about, self._period(status), checked]))

    def sign(
        self,
        department: str,
        statement: str,
        verdict: str,
        *,
        by: str,
        at: dt.datetime | None = None,
        tolerance: str = "",
        because: str = "",
    ) -> str:
        """Write one verdict to the file of sign-offs and give its id; what was written before
        stays.

        `by` is a department of workbook.yml or the name written there. `at` is by default the
        end of the as-of day, and the present moment while that day still runs; a time without a
        zone is UTC. The line keeps the statement with its numbers and their day, as they are
        now.

        Raises:
            WorkbookError: nobody asks this, nobody of this project signs, the verdict is no
                verdict, or a disagreement has no reason.
        """
        status = status_to_sign(self.standings, department, statement, verdict, by, because)
        day = self.model.project.as_of
        dated = isinstance(day, dt.date) and not is_undated(self.model)
        row = {
            "at": f"{signing_time(self.model, status, at):%Y-%m-%dT%H:%M:%SZ}",
            "by": reviewer(self.model, by),
            "department": department,
            "statement": statement,
            "verdict": verdict,
            "decision": status.digest,
            "figure": "" if status.figure is None else f"{status.figure:f}",
            "tolerance": tolerance,
            "because": " ".join(because.split()),
            "says": " ".join(self.filled(status).split()),
            "as_of": day.isoformat() if isinstance(day, dt.date) and dated else "",
        }
        return review.append(self.file, row)

    def conclude(self) -> list[Finding]:
        """Disputes, lapsed sign-offs, statements without one, lines that cannot be read."""
        found = [*self._disputed_and_lapsed(), *self._not_asked(), *self._not_filled()]
        found += signoff_line_findings(self.model, self.ledger, self.signed)
        return found if self.standings else [*found, self.finding("open", owner="")]

    def _disputed_and_lapsed(self) -> Iterator[Finding]:
        gate = self.model.review.gate if not self.model.is_open("review") else "warn"
        for status, last in self.signed:
            about = tuple(status.statement.about)
            if status.state == "disputed":
                yield self.finding(
                    "disputed",
                    None,
                    about,
                    severity="fail" if gate == "error" else "look",
                    owner=owner_of(self.model, status.statement),
                    **self._dispute(status),
                )
            elif status.state == "lapsed":
                yield self.finding(
                    "stale",
                    None,
                    about,
                    owner=status.department,
                    department=status.department,
                    statement=signed_statement(self.model, last).rstrip("."),
                    changes=self._change_texts(status),
                )

    def _dispute(self, status: SignoffStatus) -> dict[str, str]:
        """A disputed statement as it was signed, why, and how it reads today where it does not
        read so any more; without values of people.
        """
        current, last = self.filled(status), status.last
        signed = signed_statement(self.model, last) if last else current
        return {
            "department": status.department,
            "statement": signed.rstrip("."),
            "reason": self._reasons[last.because].rstrip(".") if last else "",
            "current": current.rstrip(".") if current != signed else "",
        }

    @cached_property
    def _reasons(self) -> dict[str, str]:
        return readable_reasons(self.context, {last.because for _, last in self.signed})

    def _not_asked(self) -> Iterator[Finding]:
        departments = [
            status.department for status in self.standings if status.state == "not_asked"
        ]
        if departments:
            yield self.finding(
                "never_asked", len(departments), departments=sorted(set(departments))
            )

    def _not_filled(self) -> Iterator[Finding]:
        """Statements that name a number without a value."""
        for status in self.standings:
            names = review.names_in(status.statement)
            missing = [name for name in names if self.values.get(name) is None]
            if missing:
                yield self.finding(
                    "not_filled",
                    None,
                    missing,
                    owner=status.department,
                    name=status.name,
                    department=status.department,
                    metrics=[humanize(name) for name in missing],
                )


def _by_state(statuses: Iterable[SignoffStatus]) -> dict[str, int]:
    """How many statements have each status."""
    states = [status.state for status in statuses]
    return {state: states.count(state) for state in STATES}
