"""10 Review: what each department confirmed, disputes or was never asked, and what changed
since it signed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from workbook import review as room
from workbook.errors import WorkbookError, did_you_mean
from workbook.finding import Finding
from workbook.metrics import SHARE, kind_of, unit_of_metric, value_table
from workbook.metrics.report import wording
from workbook.metrics.report.period_wording import period_of
from workbook.model.as_of import is_undated
from workbook.model.dependencies import dependencies_of
from workbook.model.times import midnight
from workbook.review import STATES, SignoffStatus
from workbook.scenarios.masked_reasons import readable_reasons
from workbook.scenarios.pair_review import reviewer
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.words import number
from workbook.words.wording import humanize, join_words, truncate_list, within

TONES = (("agreed", "d2"), ("stale", "amber"), ("disputed", "red"), ("never asked", "d4"))
SIGNS = {"disputed": "look", "stale": "look", "never asked": "note", "agreed": "pass"}
NO_STATEMENT = "no statement is put to a department yet (10_review.yml)"


@why_empty(
    signoffs=NO_STATEMENT,
    sheet=NO_STATEMENT,
    disputes=lambda step: "no department disputes a statement" if step.standings else NO_STATEMENT,
    changes=lambda step: (
        "nothing that was signed has a number or has changed since"
        if any(each.last for each in step.standings)
        else "nobody has signed a statement yet"
    ),
)
class Review(Step):
    """The review step."""

    word = "review"
    page = "10"
    title = "Review"
    asks = "Do the people who use it agree?"

    @property
    def file(self) -> Path:
        """The file of sign-offs."""
        return self.model.root / self.model.project.decisions / room.SIGNOFFS

    @cached_property
    def ledger(self) -> room.Ledger:
        """Every sign-off, and every line that is none."""
        return room.read_ledger(self.file)

    @cached_property
    def values(self) -> dict[str, Decimal | None]:
        """The value of every metric that a statement names or is about."""
        part, metrics = self.model.review, self.model.metrics
        asked = [
            each
            for statements in (part.statements.values() if part else ())
            for each in statements.values()
        ]
        names = {
            name
            for each in asked
            for name in (*room.metrics_in(each), room.figure_of(self.model, each))
            if metrics and name in metrics.metrics
        }
        return {name: self._value(name) for name in sorted(names)}

    def _value(self, metric: str) -> Decimal | None:
        if not self.context.has(value_table(metric)):
            return None
        column = self.context.frame(value_table(metric))["value"]
        value = column[0] if len(column) else None
        return (
            Decimal(str(value))
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
            else None
        )

    @cached_property
    def standings(self) -> list[SignoffStatus]:
        """Every statement and how it stands."""
        return room.standings(self.model, self.ledger, self.values, self._under)

    def _under(self, names: Iterable[str]) -> set[str]:
        every = list(names)
        return set(every) | dependencies_of(self.model, every).names

    def filled(self, each: SignoffStatus) -> str:
        """A statement with today's numbers in it."""
        says = each.statement.says
        for metric in room.metrics_in(each.statement):
            says = says.replace("{" + metric + "}", self._written(metric, self.values.get(metric)))
        return says

    def _written(self, metric: str, value: Decimal | None) -> str:
        if value is None:
            return "(not computed)"
        if unit_of_metric(self.model, metric) == SHARE:
            return number.percent(value)
        return number.money(value)

    def headline(self) -> Headline:
        """How many statements are agreed, and how many are not."""
        every = self.standings
        if not every:
            sentence = "Nobody has been asked yet whether this model is right."
            departments = list(self.model.project.departments)
            lede = (
                f"A first review asks each department for one sentence: {join_words(departments)}."
                if departments
                else ""
            )
            return Headline(self.page, self.title, sentence, lede, state="open")
        count = {state: sum(each.state == state for each in every) for state in STATES}
        words = {
            "agreed": ("is agreed", "are agreed"),
            "disputed": ("is disputed", "are disputed"),
            "stale": ("is stale", "are stale"),
            "never asked": ("was never asked", "were never asked"),
        }
        ended = [
            f"{number.integer(count[state])} {one if count[state] == 1 else many}"
            for state, (one, many) in words.items()
            if count[state]
        ]
        sentence = f"Of {number.plural(len(every), 'statement')}, {join_words(ended)}."
        return Headline(
            self.page, self.title, sentence, self._lede(), self.model.owner_of("review")
        )

    def _lede(self) -> str:
        disputed = [each for each in self.standings if each.state == "disputed"]
        silent = sorted(
            {each.department for each in self.standings}
            - {each.department for each in self.standings if each.last}
        )
        said = []
        if disputed:
            each = disputed[0]
            reason = self._reason(each).rstrip(".")
            because = f", because {reason}" if reason else ""
            text = self._as_signed(each.last) if each.last else self.filled(each)
            said.append(
                f"{each.department.capitalize()} does not agree that"
                f" {within(text).rstrip('.')}{because}.{self._since(each, text)}"
            )
        if silent:
            said.append(f"Nothing was ever signed by {join_words(silent)}.")
        return (
            " ".join(said) or "Every department has signed, and nothing it signed has moved since."
        )

    def signoffs(self) -> Figure:
        """Figure 10.1: each department, and how its statements stand."""
        rows = []
        for department in dict.fromkeys(each.department for each in self.standings):
            mine = [each for each in self.standings if each.department == department]
            count = {state: sum(each.state == state for each in mine) for state in STATES}
            worst = next(state for state in STATES if count[state])
            last = max(
                (each.last for each in mine if each.last),
                key=lambda signed: (signed.at, signed.line),
                default=None,
            )
            says = "in part" if worst == "never asked" and count["agreed"] else worst
            rows.append(
                {
                    "state": SIGNS[worst],
                    "department": humanize(department),
                    "who": self.model.project.departments.get(department, ""),
                    "says": says,
                    "agreed": f"{count['agreed']} of {len(mine)}",
                    "parts": [count[state] for state, _ in TONES],
                    "signed": last.at.date() if last else None,
                }
            )
        columns = [
            Column("department", "Department", detail="who"),
            Column("state", "State", "check", detail="says"),
            Column("agreed", "Statements agreed"),
            Column("parts", "Statements", "stack", colours=tuple(tone for _, tone in TONES)),
            Column("signed", "Last signed", "date"),
        ]
        caption = (
            "A department agrees while its newest word is yes, the decision reads as it did, the"
            " number stays within its tolerance, and the signature is fresh."
        )
        body = table(frame_for(rows, columns), columns)
        return Figure(
            "10.1",
            "Who agrees?",
            "Departments and their statements",
            body,
            caption,
            TONES,
            role="signoffs",
        )

    def disputes(self) -> Figure:
        """Figure 10.2: what is disputed, by whom, since when and why."""
        rows = [
            {
                "statement": self._as_signed(each.last),
                "department": humanize(each.department),
                "by": each.last.by,
                "since": each.last.at.date(),
                "because": self._reason(each) or "no reason given",
                "settles": self._owner(each) or "nobody yet",
                "figures": (
                    f"figures of {number.date(str(each.last.as_of))}" if each.last.as_of else ""
                ),
            }
            for each in self.standings
            if each.state == "disputed" and each.last
        ]
        columns = [
            Column("statement", "Statement as it was disputed", detail="because"),
            Column("department", "Disputed by", detail="by"),
            Column("since", "Since", "date", detail="figures"),
            Column("settles", "Who settles it"),
        ]
        caption = (
            "A dispute stands until the same department signs again; a changed decision alone does"
            " not end it."
        )
        return Figure(
            "10.2",
            "What is disputed?",
            "Statements whose newest word is no",
            table(frame_for(rows, columns), columns),
            caption,
            role="disputes",
        )

    def _as_signed(self, signed: room.Signoff) -> str:
        """The statement as it read when it was signed; where the line does not keep that, its
        wording of today without numbers.
        """
        if signed.says:
            return signed.says
        says = (
            self.model.review.statements[signed.department][signed.statement].says
            if self.model.review
            else ""
        )
        metric = next(iter(re.findall(r"\{(\w+)\}", says)), "")
        if metric and signed.figure is not None:
            says = says.replace("{" + metric + "}", self._written(metric, signed.figure))
        return re.sub(r"\{\w+\}", "(not kept)", says)

    def _owner(self, each: SignoffStatus) -> str:
        for name in each.statement.about:
            for word, group in (
                ("metrics", "metrics"),
                ("metrics", "rules"),
                ("checks", "checks"),
                ("entities", "entities"),
                ("entities", "relationships"),
            ):
                part = getattr(self.model, word)
                if part is not None and name in getattr(part, group):
                    return self.model.owner_of(word, group, name)
            if self.model.survivorship and name in self.model.survivorship.fields:
                return self.model.owner_of("survivorship", "fields", name)
        return self.model.owner_of("review")

    def changes(self) -> Figure:
        """Figure 10.3: every signed statement whose decision or number changed since."""
        rows = []
        for each in self.standings:
            if each.last and (each.changes or each.last.figure is not None):
                then, now = each.last.figure, each.figure
                share = float((now - then) / abs(then)) if then and now is not None else None
                rows.append(
                    {
                        "state": SIGNS[each.state],
                        "statement": self._as_signed(each.last),
                        "department": humanize(each.department),
                        "signed": each.last.at.date(),
                        "then": self._as_number(each, then),
                        "now": self._as_number(each, now),
                        "period": self._period(each),
                        "moved": share,
                        "tolerance": each.last.tolerance or "none",
                        "changed": "; ".join(each.changes) or "nothing",
                        "figures": (
                            f"figures of {number.date(str(each.last.as_of))}"
                            if each.last.as_of
                            else ""
                        ),
                    }
                )
        columns = [
            Column("statement", "Statement as it was signed", detail="department"),
            Column("state", "State", "check"),
            Column("signed", "Signed", "date", detail="figures"),
            Column("then", "Then", "written"),
            Column("now", "Now", "written", detail="period"),
            Column("moved", "Moved", "percent"),
            Column("tolerance", "Allowed"),
            Column("changed", "What changed since"),
        ]
        caption = (
            "The number and the wording at the time of signing stand in the sign-off; a number"
            " outside its tolerance or a changed decision asks again."
        )
        return Figure(
            "10.3",
            "What changed since it was signed?",
            "Signed statements",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def _as_number(self, each: SignoffStatus, value: Decimal | None) -> str:
        """A signed figure as its metric is written: counts whole, money with its currency."""
        metric = room.figure_of(self.model, each.statement)
        if value is None or not metric:
            return "–" if value is None else number.number(value)
        unit = unit_of_metric(self.model, metric)
        kind = kind_of(self.model, metric) if self.values.get(metric) is not None else ""
        return wording.format_metric_value(value, kind, unit)

    def sheet(self) -> Figure:
        """Figure 10.4: every statement with today's numbers, as it is put to its department."""
        rows = [
            {
                "department": humanize(each.department),
                "state": SIGNS[each.state],
                "stands": each.state,
                "statement": self.filled(each),
                "about": self._about(each),
                "name": each.name,
                "digest": each.digest,
            }
            for each in self.standings
        ]
        columns = [
            Column("statement", "Statement", detail="about"),
            Column("state", "State", "check", detail="stands"),
            Column("name", "Name", "mono"),
            Column("digest", "Decision", "mono"),
        ]
        caption = (
            "Each department says yes or no to its own lines. The digits name the wording of the"
            " decision that is signed."
        )
        frame = frame_for(rows, [*columns, Column("department")])
        return Figure(
            "10.4",
            "What is each department asked to confirm?",
            "With today's numbers",
            table(frame, columns, group="department"),
            caption,
        )

    def _period(self, each: SignoffStatus) -> str:
        """What today's value of a statement's number is about."""
        metric = room.figure_of(self.model, each.statement)
        return period_of(self.model, self.context, metric) if metric else ""

    def _about(self, each: SignoffStatus) -> str:
        """What a statement is about, and the period of its number."""
        return "; ".join(
            filter(
                None, [truncate_list(map(humanize, each.statement.about), 3), self._period(each)]
            )
        )

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
        found = next((each for each in self.standings if each.key == (department, statement)), None)
        if found is None:
            known = [f"{each.department} {each.name}" for each in self.standings]
            hint = did_you_mean(f"{department} {statement}", known)
            raise WorkbookError(f"'{department}' is not asked about '{statement}'. {hint}".strip())
        if verdict not in room.VERDICTS:
            raise WorkbookError(f"'{verdict}' is no verdict. Write agree or disagree.")
        if verdict == "disagree" and not because.strip():
            raise WorkbookError("A disagreement says why. Give a reason.")
        if not by.strip():
            raise WorkbookError(
                "Say who signs: by=, a department of workbook.yml or the name there."
            )
        day = self.model.project.as_of
        row = {
            "at": f"{self._signed_at(found, at):%Y-%m-%dT%H:%M:%SZ}",
            "by": reviewer(self.model, by),
            "department": department,
            "statement": statement,
            "verdict": verdict,
            "decision": found.digest,
            "figure": "" if found.figure is None else f"{found.figure:f}",
            "tolerance": tolerance,
            "because": " ".join(because.split()),
            "says": " ".join(self.filled(found).split()),
            "as_of": (
                day.isoformat() if isinstance(day, dt.date) and not is_undated(self.model) else ""
            ),
        }
        return room.append(self.file, row)

    def _signed_at(self, each: SignoffStatus, at: dt.datetime | None) -> dt.datetime:
        """The time of a sign-off in UTC: as it is given, else within the as-of day and after
        the one before it.
        """
        if at is not None:
            return at.astimezone(dt.UTC).replace(tzinfo=None) if at.tzinfo else at
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
        day, second = self.model.project.as_of, dt.timedelta(seconds=1)
        if isinstance(day, dt.date) and not is_undated(self.model):
            now = min(now, midnight(self.model, day + dt.timedelta(days=1)) - second)
        return max(now, each.last.at + second) if each.last else now

    def conclude(self) -> list[Finding]:
        """Disputes, stale signatures, statements never asked, lines that cannot be read."""
        found = [
            self._finding(each) for each in self.standings if each.state in ("disputed", "stale")
        ]
        silent = [each for each in self.standings if each.state == "never asked"]
        if silent:
            sentence = (
                f"{number.plural(len(silent), 'statement')} {'was' if len(silent) == 1 else 'were'}"
                f" never put to {join_words(sorted({each.department for each in silent}))}."
            )
            found.append(Finding("review.never_asked", "note", sentence, self.page, len(silent)))
        for each in self.standings:
            missing = [
                name for name in room.metrics_in(each.statement) if self.values.get(name) is None
            ]
            if missing:
                sentence = (
                    f"The statement '{humanize(each.name)}' of {each.department} names"
                    f" {truncate_list(map(humanize, missing))}, which is not computed."
                )
                found.append(
                    Finding(
                        "review.not_filled",
                        "look",
                        sentence,
                        self.page,
                        None,
                        each.department,
                        tuple(missing),
                    )
                )
        for each in self.ledger.broken:
            sentence = f"{self._place(each.line)} counts for nothing: {each.why}." + (
                " No signature of the file counts until it is mended." if each.whole else ""
            )
            found.append(
                Finding("review.broken_line", "fail" if each.whole else "look", sentence, self.page)
            )
        found += [
            Finding(
                "review.not_asked_any_more",
                "note",
                f"{self._place(each.line)} counts for nothing: {each.why}.",
                self.page,
            )
            for each in room.strangers(self.model, self.ledger)
        ]
        found += [
            Finding(
                "review.signed_by_another",
                "look",
                f"{self._place(each.last.line)} was signed by {each.last.by}; for {each.department}"
                f" signs {who}.",
                self.page,
            )
            for each in self.standings
            if each.last
            and (who := self.model.project.departments.get(each.department))
            and each.last.by != who
        ]
        if not self.standings:
            found.append(
                Finding(
                    "review.open",
                    "note",
                    "No department has been given a statement to confirm yet.",
                    self.page,
                )
            )
        return found

    def _reason(self, each: SignoffStatus) -> str:
        """Why a department disputes, without values of people."""
        return self._reasons[each.last.because] if each.last else ""

    @cached_property
    def _reasons(self) -> dict[str, str]:
        return readable_reasons(
            self.context, {each.last.because for each in self.standings if each.last}
        )

    def _since(self, each: SignoffStatus, said: str) -> str:
        """When a statement was disputed and how it reads today, where it does not read so any
        more.
        """
        if each.last is None or self.filled(each) == said:
            return ""
        return (
            f" So it read on {number.date(each.last.at.date(), long=True)}; today it reads"
            f" “{self.filled(each).rstrip('.')}”."
        )

    def _place(self, line: int) -> str:
        return f"{self.model.project.decisions}/{room.SIGNOFFS}:{line}"

    def _finding(self, each: SignoffStatus) -> Finding:
        gate = self.model.review.gate if self.model.review else "warn"
        about = tuple(each.statement.about)
        if each.state == "disputed":
            because = f": {self._reason(each).rstrip('.')}" if self._reason(each) else ""
            said = self._as_signed(each.last) if each.last else self.filled(each)
            sentence = (
                f"{each.department.capitalize()} disputes"
                f" “{said.rstrip('.')}”{because}.{self._since(each, said)}"
            )
            return Finding(
                "review.disputed",
                "fail" if gate == "error" else "look",
                sentence,
                self.page,
                None,
                self._owner(each),
                about,
            )
        sentence = (
            f"{each.department.capitalize()} signed '{humanize(each.name)}', and since then"
            f" {join_words(each.changes)}."
        )
        return Finding("review.stale", "look", sentence, self.page, None, each.department, about)
