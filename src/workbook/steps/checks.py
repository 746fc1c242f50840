"""08 Checks: which defects the data has today, how many records they affect, who owns them, and
which headline metrics they touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook import checks
from workbook.checks import OWN, STATES, Check, Verdict
from workbook.engine import Table
from workbook.errors import WorkbookError
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.persons import leads_to_person
from workbook.model.schema import FAMILIES
from workbook.privacy import strictest
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.check_verdicts import CheckVerdicts, compiled
from workbook.words import error_of, number, words_of

ORDER = (*FAMILIES, OWN)
_MISSING = "missing_identifiers"
_TONES = {"pass": "d3", "accepted": "d1", "look": "amber", "fail": "red"}
_SHARED = words_of("shared")
_NOBODY = _SHARED.text("owner.nobody")


class Checks(CheckVerdicts):
    """The checks step."""

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """The counts of every check, and the rows that fail it."""
        return checks.tables(model, compiled)

    def headline(self) -> Headline:
        """How many checks ran, over how many records, and how they ended."""
        count = self._counts()
        ran = sum(count.values()) - count["untested"]
        if not ran:
            return self.answer("no_source", state="open")
        results = [
            self.text(f"ended.{state}", count=count[state]) for state in _TONES if count[state]
        ]
        values = {"checks": ran, "records": self._rows(), "results": results}
        if self.is_open:
            lede = f"{self.text('headline.decided', **values)} {self.text('lede.open')}"
            return self.answer("open", lede, state="open")
        return self.answer("decided", self._lede(count), **values)

    def _lede(self, count: Mapping[str, int]) -> str:
        """The defect that affects most records, the metrics that it may affect, and how many
        checks are not assessed.
        """
        sentences = []
        defects = self._in("fail") or self._in("look")
        if defects:
            most = max(verdict.failing or 0 for verdict in defects)
            worst, *tied = [verdict for verdict in defects if (verdict.failing or 0) == most]
            name = "lede.worst_failed" if count["fail"] else "lede.worst"
            sentences.append(self.text(name, defect=worst.says, tied=len(tied)))
        else:
            sentences.append(self.text("lede.sound"))
        touched = [row["metric"] for row in self.touched_metrics if row["troubled"]]
        if touched:
            sentences.append(self.text("lede.touched", metrics=touched[:4]))
        if count["untested"]:
            sentences.append(self.text("lede.untested", count=count["untested"]))
        return " ".join(sentences)

    def results(self, most: int = 24) -> Figure:
        """Figure 8.1: every check with a defect, accepted or not assessed, and some that are OK
        beside.
        """
        defects = [verdict for verdict in self.verdicts if verdict.state != "pass"]
        order = list(reversed(ORDER))
        passing = sorted(
            self._in("pass"),
            key=lambda verdict: (order.index(verdict.check.family), verdict.check.name),
        )
        shown = [*defects, *passing[: max(0, most - len(defects))]]
        columns = self.heads(
            "results",
            Column("says", detail="on"),
            Column("state", kind="check"),
            Column("rows", kind="int"),
            Column("failing", kind="int", detail="measured"),
            Column("share", kind="bar", tone="tone"),
            Column("limit"),
            Column("owner"),
        )
        return self.figure(
            "results",
            table(frame_for([self._result(verdict) for verdict in shown], columns), columns),
            left=len(self.verdicts) - len(shown),
        )

    def _result(self, verdict: Verdict) -> dict[str, Any]:
        """One line of figure 8.1; a check of one figure has no records, but what it measured."""
        check, of_records = verdict.check, verdict.rows != 1
        return {
            "state": verdict.state,
            "says": verdict.says if verdict.state != "pass" else check.says,
            "on": self.text(
                "figures.results.on", family=self.text(f"families.{check.family}"), on=check.on
            ),
            "rows": verdict.rows if verdict.share is not None and of_records else None,
            "measured": "" if of_records else verdict.measured,
            "failing": verdict.failing if of_records else None,
            "share": verdict.share if of_records else None,
            "limit": verdict.limit,
            "owner": check.policy.owner or _NOBODY,
            "tone": {"fail": "red", "look": "amber"}.get(verdict.state, "d3"),
        }

    def families(self) -> Figure:
        """Figure 8.2: each type of checks, and how many ended in which state."""
        rows = []
        for family in ORDER:
            states = [verdict.state for verdict in self.verdicts if verdict.check.family == family]
            if states:
                counts = {state: states.count(state) for state in STATES}
                rows.append(
                    {
                        "family": self.text(f"families.{family}"),
                        "checks": len(states),
                        **counts,
                        "parts": [counts[state] for state in _TONES],
                    }
                )
        columns = self.heads(
            "families",
            Column("family"),
            Column("checks", kind="int"),
            Column("parts", kind="stack", colours=tuple(_TONES.values())),
            *(
                Column(state, _SHARED.text(f"check.{state}"), "int")
                for state in (*_TONES, "untested")
            ),
        )
        legend = tuple((_SHARED.text(f"check.{state}"), tone) for state, tone in _TONES.items())
        return self.figure("families", table(frame_for(rows, columns), columns), legend=legend)

    def accepted(self) -> Figure:
        """Figure 8.3: defects that are known and allowed, why, up to what and until when."""
        rows = []
        for verdict in self.verdicts:
            policy = verdict.check.policy
            if policy.expired or (verdict.failing and (policy.accepted or policy.because)):
                known = policy.accepted
                rows.append(
                    {
                        "state": "note" if verdict.never_fails else verdict.state,
                        "says": verdict.says,
                        "on": self.text(
                            "figures.results.on",
                            family=self.text(f"families.{verdict.check.family}"),
                            on=verdict.check.on,
                        ),
                        "measured": verdict.measured or verdict.why,
                        "max": self._limit(verdict),
                        "until": known.until if known else policy.until,
                        "because": (
                            "; ".join(map(self._expired, policy.expired))
                            or (known.because if known else policy.because)
                        ),
                        "owner": (known.owner if known else "") or policy.owner or _NOBODY,
                    }
                )
        columns = self.heads(
            "accepted",
            Column("says", detail="on"),
            Column("state", kind="check"),
            Column("measured"),
            Column("max"),
            Column("until", kind="date"),
            Column("because"),
            Column("owner"),
        )
        return self.figure("accepted", table(frame_for(rows, columns), columns))

    def _limit(self, verdict: checks.Verdict) -> str:
        """What is allowed or accepted, and that it can never fail where it cannot."""
        known = verdict.check.policy.accepted
        limit = (
            known.max or self.text("allowed.any_number") if known else verdict.check.policy.allow
        )
        return self.text("allowed.never_fails", limit=limit) if verdict.never_fails else limit

    def _expired(self, expired: checks.Expired) -> str:
        return self.text(f"expired.{expired.kind}", on=expired.on, until=expired.until)

    def touched(self) -> Figure:
        """Figure 8.4: which headline metrics use data with a defect."""
        columns = self.heads(
            "touched",
            Column("metric"),
            Column("state", kind="check"),
            Column("troubled", kind="int"),
            Column("accepted", kind="int"),
            Column("which"),
        )
        return self.figure("touched", table(frame_for(self.touched_metrics, columns), columns))

    def failing_rows(self, name: str = "", most: int = 12) -> Figure:
        """Figure 8.5: the records that one check affects (by default the worst): their keys and
        reasons, no values.
        """
        worst = self._worst(name)
        rows: list[dict[str, Any]] = []
        cls = "internal"
        if worst:
            result = self.context.plan[worst.check.evidence]
            cls = self._class_of_records(worst.check, result.classes.get("record", "internal"))
            rows = self.context.frame(result.name).head(most).to_dicts()
        columns = self.heads(
            "failing_rows",
            Column("record", kind="value", cls=cls),
            Column("row", kind="int"),
            Column("reason"),
        )
        caption = (
            self.text("figures.failing_rows.first", shown=len(rows), count=worst.failing or 0)
            if worst
            else ""
        )
        check = worst.says if worst else self.text("figures.failing_rows.none")
        return self.figure(
            "failing_rows", table(frame_for(rows, columns), columns), caption, check=check
        )

    def _class_of_records(self, check: Check, cls: str) -> str:
        """The class of the keys of a check's records: personal where they lead to a person."""
        sources = {name.rpartition(".")[0] for name in check.reads} | {check.on}
        leads = any(
            leads_to_person(self.model, entity)
            for entity in self.model.entity_names
            if entity in sources or sources & set(self.model.entity_sources(entity))
        )
        return strictest([cls, "personal"]) if leads else cls

    def _worst(self, name: str) -> Verdict | None:
        """The check of that name, else the hardest one that affects most records."""
        known = {
            verdict.check.name: verdict
            for verdict in self.verdicts
            if self.context.has(verdict.check.evidence)
        }
        if name and name not in known:
            raise error_of(WorkbookError, "steps.unknown_check", name=name, known=list(known))
        if name:
            return known[name]
        found = [verdict for verdict in known.values() if verdict.failing and verdict.rows != 1]
        hardest = [verdict for verdict in found if verdict.state == found[0].state]
        return max(
            hardest, key=lambda verdict: (verdict.failing or 0, verdict.check.name), default=None
        )

    def conclude(self) -> list[Finding]:
        """Checks that failed, raised a warning, were accepted, expired, or are not assessed; what
        another page finds is found there alone.
        """
        own = [
            verdict
            for verdict in self._in("fail", "look", "accepted")
            if not (verdict.state == "look" and self._found_elsewhere(verdict))
        ]
        empty = [
            verdict
            for verdict in own
            if verdict.check.family == _MISSING and verdict.state == "look"
        ]
        found = [self._finding(verdict) for verdict in own if verdict not in empty]
        found += self._missing(empty)
        found += [
            self.finding(
                "expired",
                None,
                (verdict.check.on,),
                owner=verdict.check.policy.owner,
                rule=verdict.check.says,
                expired=self._expired(expired),
            )
            for verdict in self.verdicts
            for expired in verdict.check.policy.expired
        ]
        if waiting := self._in("untested"):
            reasons = sorted({verdict.why for verdict in waiting})
            found.append(self.finding("not_run", len(waiting), reasons=reasons))
        if self.is_open:
            found.append(self.finding("open"))
        return found

    def _found_elsewhere(self, verdict: Verdict) -> bool:
        """Whether page 03, 04 or 06 has a finding about the same records."""
        family = verdict.check.family
        return family in ("relationship_counts", "current") or (
            family == "duplicate_keys" and verdict.check.on in self.model.source_names
        )

    def _missing(self, empty: list[Verdict]) -> list[Finding]:
        """Identifiers that are missing in some records, in one finding an owner."""
        found = []
        for owner in dict.fromkeys(verdict.check.policy.owner for verdict in empty):
            own = [verdict for verdict in empty if verdict.check.policy.owner == owner]
            found.append(
                self.finding(
                    "warning",
                    len(own),
                    tuple(verdict.check.on for verdict in own),
                    owner=owner,
                    variant="defect" if len(own) == 1 else "missing",
                    defect=own[0].says,
                    places=[
                        self.text(
                            "measured.field", measured=verdict.measured, **verdict.check.rule.values
                        )
                        for verdict in own
                    ],
                )
            )
        return found

    def _finding(self, verdict: Verdict) -> Finding:
        """The finding about one defect."""
        policy = verdict.check.policy
        accepted = policy.accepted if verdict.state == "accepted" else None
        given: dict[str, Any] = {
            "count": verdict.failing if verdict.rows != 1 else None,
            "about": (verdict.check.on,),
            "owner": policy.owner,
            "defect": verdict.says,
        }
        if verdict.state == "fail":
            return self.finding("failed", **given)
        if verdict.state == "look":
            return self.finding("warning", variant="defect", **given)
        until = number.date(accepted.until) if accepted and accepted.until else ""
        return self.finding("accepted", until=until, **given)
