"""08 Checks: what fails today, how much of it, who answers, and which headline numbers it
touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from workbook import checks as room
from workbook.checks import OWN, STATES, Verdict
from workbook.engine import Table
from workbook.errors import WorkbookError, did_you_mean
from workbook.finding import Finding
from workbook.metrics import value_table
from workbook.metrics.compile.scope import CompiledExpression, Scope
from workbook.metrics.compile.time_spine import now
from workbook.metrics.report import wording
from workbook.model import Model
from workbook.model.dependencies import Dependencies, dependencies_of
from workbook.model.table_names import table_of
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.steps.base import Step
from workbook.steps.empty_reasons import why_empty
from workbook.words import number
from workbook.words.wording import capital, humanize, join_words, truncate_list, within

FAMILIES = {
    "duplicate_keys": "Duplicate keys",
    "missing_identifiers": "Missing identifiers",
    "impossible_dates": "Impossible dates",
    "invalid_states": "Invalid states",
    "relationship_counts": "Relationship counts",
    "freshness": "Freshness",
    "reconciliation": "Reconciliation",
    "intervals": "Intervals",
    "current": "Profile and history",
    "identity": "Identity",
    OWN: "Our own",
}
_MISSING = "missing_identifiers"
TONES = (("pass", "d3"), ("accepted", "d1"), ("look", "amber"), ("fail", "red"))
NO_CHECK = "nothing can be checked before a source is declared (03_sources.yml)"


@why_empty(
    results=NO_CHECK,
    families=NO_CHECK,
    touched="no headline number is computed yet",
    failing_rows="no row fails",
    accepted=(
        "no check that fails now is accepted or has an exception, and no decision about one has"
        " run out"
    ),
)
class Checks(Step):
    """The checks step."""

    word = "checks"
    page = "08"
    title = "Checks"
    asks = "Can we trust it today?"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """The counts of every check, and the rows that fail it."""
        return room.tables(model, _compiled)

    @cached_property
    def suite(self) -> room.Suite:
        """Every check of the model."""
        return room.suite(self.model, _compiled)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Every check's verdict, trouble first."""
        return room.verdicts(self.model, self.suite, self._row)

    def _row(self, name: str) -> Mapping[str, Any] | None:
        return self.context.frame(name).to_dicts()[0] if self.context.has(name) else None

    def headline(self) -> Headline:
        """How many checks ran, over how many rows, and how they ended."""
        count = self._counts()
        ran = sum(count.values()) - count["waits"]
        if not ran:
            return Headline(
                self.page,
                self.title,
                "Nothing can be checked before a source is declared.",
                state="open",
            )
        sentence = (
            f"{number.plural(ran, 'check')} ran over {number.plural(self._rows(), 'row')}:"
            f" {_ended(count)}."
        )
        if self.part is None:
            lede = (
                f"{sentence} They follow from the model alone; until somebody decides how hard each"
                " is, none stops a run."
            )
            return Headline(
                self.page,
                self.title,
                "How hard each check is has not been decided yet.",
                lede,
                state="open",
            )
        return Headline(
            self.page, self.title, sentence, self._lede(count), self.model.owner_of("checks")
        )

    def _counts(self) -> dict[str, int]:
        return {state: sum(each.state == state for each in self.verdicts) for state in STATES}

    def _rows(self) -> int:
        """Rows of sources and of canonical tables, each once."""
        tables = {table_of(name) for name in self.model.source_names} | set(self.model.entity_names)
        rows = {
            scan.table: row["rows"]
            for scan in self.suite.scans
            if scan.table in tables and (row := self._row(scan.counts))
        }
        return sum(rows.values())

    def _lede(self, count: Mapping[str, int]) -> str:
        said = []
        troubled = self._in("fail") or self._in("look")
        if troubled:
            most = max(each.failing or 0 for each in troubled)
            worst, *tied = [each for each in troubled if (each.failing or 0) == most]
            of = "of those that fail" if self._in("fail") else "of those that call for a look"
            besides = f" and {number.plural(len(tied), 'other check')}" if tied else ""
            said.append(
                f"{capital(of)}, the most rows ({worst.measured}) break"
                f" “{within(worst.check.says)}”{besides}."
            )
        else:
            said.append("Nothing fails beyond what is allowed.")
        touched = [row["metric"] for row in self._touched if row["troubled"]]
        if touched:
            said.append(
                f"{join_words(touched[:4])} {'rests' if len(touched) == 1 else 'rest'} on something"
                " that calls for a look or fails (figure 8.4)."
            )
        if count["waits"]:
            said.append(f"{number.plural(count['waits'], 'check')} cannot run yet.")
        return " ".join(said)

    def _in(self, *states: str) -> list[Verdict]:
        return [each for each in self.verdicts if each.state in states]

    def results(self, most: int = 24) -> Figure:
        """Figure 8.1: every check that is in trouble, accepted or not run, and passing ones
        beside for scale.
        """
        troubled = [each for each in self.verdicts if each.state != "pass"]
        order = list(reversed(FAMILIES))
        passing = sorted(
            self._in("pass"), key=lambda each: (order.index(each.check.family), each.check.name)
        )
        shown = [*troubled, *passing[: max(0, most - len(troubled))]]
        rows = [
            {
                "state": each.sign,
                "says": each.check.says,
                "on": f"{FAMILIES[each.check.family]} · {each.check.on}",
                "result": each.state if each.state in ("accepted", "waits") else "",
                "rows": each.rows if each.share is not None and each.rows != 1 else None,
                "measured": each.measured if each.rows == 1 else "",
                "failing": each.failing if each.rows != 1 else None,
                "share": each.share if each.rows != 1 else None,
                "limit": each.limit,
                "owner": each.check.policy.owner or "nobody yet",
                "tone": {"fail": "red", "look": "amber"}.get(each.state, "d3"),
            }
            for each in shown
        ]
        columns = [
            Column("says", "Check", detail="on"),
            Column("state", "Result", "check", detail="result"),
            Column("rows", "Rows", "int"),
            Column("failing", "Failing", "int", detail="measured"),
            Column("share", "Share", "bar", tone="tone"),
            Column("limit", "Allowed"),
            Column("owner", "Owner"),
        ]
        left = len(self.verdicts) - len(shown)
        caption = (
            "▲: more rows fail than allowed, and a person should look. ✕: the team decided that"
            " this much stops the run. ✓: none, or no more than allowed. The bar is the share of"
            " rows that fail."
        )
        caption += (
            f" {number.plural(left, 'more check')} {'passes' if left == 1 else 'pass'} and"
            f" {'is' if left == 1 else 'are'} counted in figure 8.2."
            if left
            else ""
        )
        return Figure(
            "8.1",
            "What fails, and how much of it?",
            "What is in trouble first, then some that pass, for scale",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def families(self) -> Figure:
        """Figure 8.2: each family of checks, and how it ended."""
        rows = []
        for family, label in FAMILIES.items():
            here = [each for each in self.verdicts if each.check.family == family]
            if here:
                counts = {state: sum(each.state == state for each in here) for state in STATES}
                rows.append(
                    {
                        "family": label,
                        "checks": len(here),
                        **counts,
                        "parts": [counts[state] for state, _ in TONES],
                    }
                )
        columns = [
            Column("family", "Family"),
            Column("checks", "Checks", "int"),
            Column("parts", "How they ended", "stack", colours=tuple(tone for _, tone in TONES)),
            Column("pass", "Pass", "int"),
            Column("accepted", "Accepted", "int"),
            Column("look", "Look", "int"),
            Column("fail", "Fail", "int"),
            Column("waits", "Not run", "int"),
        ]
        caption = (
            "The team wrote only those under “Our own”; all others follow from what it decided"
            " about keys, identifiers, dates, states and relationships."
        )
        return Figure(
            "8.2",
            "Which kind of trouble is it?",
            "Checks by family",
            table(frame_for(rows, columns), columns),
            caption,
            TONES,
        )

    def accepted(self) -> Figure:
        """Figure 8.3: defects that are known and allowed, why, up to what and until when."""
        rows = []
        for each in self.verdicts:
            policy = each.check.policy
            if policy.expired or (each.failing and (policy.accepted or policy.because)):
                known = policy.accepted
                rows.append(
                    {
                        "state": each.sign,
                        "says": each.check.says,
                        "on": each.check.on,
                        "measured": each.measured or each.why,
                        "max": (known.max or "any number") if known else policy.allow,
                        "until": known.until if known else policy.until,
                        "because": (
                            "; ".join(policy.expired)
                            or (known.because if known else policy.because)
                        ),
                        "owner": (known.owner if known else "") or policy.owner or "nobody yet",
                    }
                )
        columns = [
            Column("says", "Check", detail="on"),
            Column("state", "Result", "check"),
            Column("measured", "Fail now"),
            Column("max", "Allowed"),
            Column("until", "Until", "date"),
            Column("because", "Because"),
            Column("owner", "Accepted by"),
        ]
        caption = (
            "A defect that was accepted (· note) or lies within what its rule allows (✓) does not"
            " call for a look up to its limit and until its day; one more row, or one day later,"
            " and it does. So does one with a reason for which nothing is allowed."
        )
        return Figure(
            "8.3",
            "Which defects are known and allowed?",
            "Defects that somebody accepted, and rules with an exception",
            table(frame_for(rows, columns), columns),
            caption,
        )

    @cached_property
    def _touched(self) -> list[dict[str, Any]]:
        """Headline numbers with the checks under them that do not pass, by the fields that both
        read.
        """
        part, grain = self.model.metrics, self.model.grain
        names = [
            name
            for name in (grain.headline if grain else ()) or (part.metrics if part else ())
            if part and name in part.metrics
        ]
        troubled = self._in("fail", "look", "accepted")
        rows = []
        for name in names:
            if self.context.has(value_table(name)):
                used = dependencies_of(self.model, [name])
                under = [each for each in troubled if self._under(each, used)]
                found = [each for each in under if each.state != "accepted"]
                state = (
                    "fail"
                    if any(each.state == "fail" for each in under)
                    else "look"
                    if found
                    else "note"
                    if under
                    else "pass"
                )
                label = wording.label_of(self.model, name)
                rows.append(
                    {
                        "state": state,
                        "metric": label,
                        "troubled": len(found),
                        "accepted": len(under) - len(found),
                        "name": name,
                        "which": (
                            truncate_list((within(each.check.says) for each in under), 3) or "none"
                        ),
                    }
                )
        return rows

    def _under(self, verdict: Verdict, used: Dependencies) -> bool:
        """Whether a check is about something that a number rests on; an age is about whole
        sources.
        """
        check = verdict.check
        # of the states of an entity, which a number reads or not
        if check.name.endswith("__lifecycle"):
            return f"{check.on}.lifecycle" in used.attributes
        if check.family == "freshness":
            return bool({field.rpartition(".")[0] for field in check.reads} & used.sources)
        if check.reads:
            return bool(set(check.reads) & used.fields)
        return check.on in used.metrics | used.entities | used.relationships | used.attributes

    def touched(self) -> Figure:
        """Figure 8.4: which headline numbers rest on something that does not pass."""
        columns = [
            Column("metric", "Number"),
            Column("state", "Result", "check"),
            Column("troubled", "Checks in trouble", "int"),
            Column("accepted", "Accepted", "int"),
            Column("which", "Which checks"),
        ]
        caption = (
            "A check counts here when the number reads the field, the key or the relationship that"
            " the check is about. It says that the number may be off, not by how much."
        )
        body = table(frame_for(self._touched, columns), columns)
        return Figure(
            "8.4",
            "Which headline numbers rest on something that fails?",
            "Each headline number, and the checks on what it reads",
            body,
            caption,
        )

    def failing_rows(self, name: str = "", most: int = 12) -> Figure:
        """Figure 8.5: the rows that fail one check (by default the worst): their keys and
        reasons, no values.
        """
        known = {
            each.check.name: each for each in self.verdicts if self.context.has(each.check.evidence)
        }
        if name and name not in known:
            raise WorkbookError(f"No check is named '{name}'. {did_you_mean(name, known)}".strip())
        with_rows = [each for each in known.values() if each.failing and each.rows != 1]
        hardest = (
            [each for each in with_rows if each.state == with_rows[0].state] if with_rows else []
        )
        worst = (
            known[name]
            if name
            else max(hardest, key=lambda each: (each.failing or 0, each.check.name), default=None)
        )
        rows: list[dict[str, Any]] = []
        cls = "internal"
        if worst:
            made = self.context.plan[worst.check.evidence]
            cls = made.classes.get("record", "internal")
            rows = self.context.frame(made.name).head(most).to_dicts()
        columns = [
            Column("record", "Row", "value", cls=cls),
            Column("row", "Line in the file", "int"),
            Column("reason", "Why"),
        ]
        subtitle = worst.check.says if worst else "No check has a failing row"
        caption = (
            f"The first {len(rows):,} of {worst.failing or 0:,} rows, without any value; all are in"
            f" the table {worst.check.evidence}."
            if worst
            else ""
        )
        return Figure(
            "8.5",
            "Which rows are they?",
            subtitle,
            table(frame_for(rows, columns), columns),
            caption,
        )

    def conclude(self) -> list[Finding]:
        """Checks that fail, call for a look, were accepted, ran out, or could not run; what
        another page tells is told there alone.
        """
        own = [
            each
            for each in self._in("fail", "look", "accepted")
            if not (each.state == "look" and self._told_elsewhere(each))
        ]
        found = [
            self._finding(each)
            for each in own
            if each.check.family != _MISSING or each.state != "look"
        ]
        found += self._missing(
            [each for each in own if each.check.family == _MISSING and each.state == "look"]
        )
        for each in self.verdicts:
            for what in each.check.policy.expired:
                sentence = f"{each.check.says}: {what}."
                found.append(
                    Finding(
                        "checks.expired",
                        "look",
                        sentence,
                        self.page,
                        None,
                        each.check.policy.owner,
                        (each.check.on,),
                    )
                )
        waiting = self._in("waits")
        if waiting:
            why = truncate_list(sorted({each.why for each in waiting}), 2)
            sentence = f"{number.plural(len(waiting), 'check')} did not run: {why}."
            found.append(Finding("checks.not_run", "note", sentence, self.page, len(waiting)))
        if self.part is None:
            found.append(
                Finding(
                    "checks.open",
                    "note",
                    "How hard each check is, and which defects are accepted, is not decided yet.",
                    self.page,
                )
            )
        return found

    def _told_elsewhere(self, each: Verdict) -> bool:
        """Whether page 03, 04 or 06 says the same of the same rows."""
        family = each.check.family
        return family in ("relationship_counts", "current") or (
            family == "duplicate_keys" and each.check.on in self.model.source_names
        )

    def _missing(self, empty: list[Verdict]) -> list[Finding]:
        """Identifiers that are empty on some rows, in one finding an owner."""
        found = []
        for owner in dict.fromkeys(each.check.policy.owner for each in empty):
            own = [each for each in empty if each.check.policy.owner == owner]
            said = [
                f"{humanize(each.check.on.replace('.', ' '))} ({each.measured})" for each in own
            ]
            sentence = (
                f"{number.plural(len(own), 'identifier')} {'is' if len(own) == 1 else 'are'} empty"
                f" on some rows: {truncate_list(said)}."
            )
            about = tuple(each.check.on for each in own)
            found.append(
                Finding("checks.warning", "look", sentence, self.page, len(own), owner, about)
            )
        return found

    def _finding(self, each: Verdict) -> Finding:
        policy, accepted = each.check.policy, each.state == "accepted"
        code, severity = {
            "fail": ("checks.failed", "fail"),
            "look": ("checks.warning", "look"),
        }.get(each.state, ("checks.accepted", "note"))
        until = (
            f", accepted until {number.date(policy.accepted.until)}"
            if accepted and policy.accepted and policy.accepted.until
            else ""
        )
        sentence = (
            f"{each.check.says}:"
            f" {each.measured}{' fail' if each.rows != 1 else f', limit {each.limit}'}{until}."
        )
        return Finding(
            code,
            severity,
            sentence,
            self.page,
            each.failing if each.rows != 1 else None,
            policy.owner,
            (each.check.on,),
        )  # type: ignore[arg-type]


def _compiled(model: Model, entity: str, text: str) -> CompiledExpression:
    return Scope(model, entity, now(model)).compile(text)


def _ended(count: Mapping[str, int]) -> str:
    """`38 pass, 2 are accepted, 1 fails`."""
    words = {
        "pass": ("passes", "pass"),
        "accepted": ("is accepted", "are accepted"),
        "look": ("calls for a look", "call for a look"),
        "fail": ("fails", "fail"),
    }
    return ", ".join(
        f"{number.integer(count[state])} {one if count[state] == 1 else many}"
        for state, (one, many) in words.items()
        if count[state]
    )
