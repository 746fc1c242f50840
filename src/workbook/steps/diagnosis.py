"""00 Diagnosis: the team's own answers beside the data's, six symptoms, seven failure modes,
five decisions.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

import polars as pl

from workbook import diagnose
from workbook.engine import quote
from workbook.finding import Finding
from workbook.metrics.results.definitions import choices
from workbook.model.types.normalise import normalise
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps import diagnosis_measures as measures
from workbook.steps import diagnosis_workflows as workflows
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import humanize

_NAMES = ("company_name", "full_name")
_ORDER = {"no": 0, "partly": 1, "yes": 2}
# a cross would read as a check that fails, and the cover counts those
_MARK = {"no": "look", "partly": "look", "yes": "pass", diagnose.UNTOLD: "untested"}
_SHOWN = {True: "look", False: "pass", None: "untested"}
_SOUND = {True: "pass", False: "look", None: "untested"}
_SEVERAL = 3  # answers that are no or partly, from which on the model itself is in question
_QUOTED = words_of("method").text


class Diagnosis(Step):
    """The diagnosis step: a page about all the others."""

    word = "diagnosis"

    @property
    def others(self) -> tuple[type[Step], ...]:
        """The steps whose findings it reads."""
        return tuple(step for step in self.context.steps if step is not Diagnosis)

    @cached_property
    def evidence(self) -> diagnose.DiagnosisInputs:
        """The findings of all other pages, and what only this page counts."""
        findings = [
            finding for step in self.others for finding in self.context.step(step).conclude()
        ]
        settled = frozenset(
            name for choice in choices(self.model) if not choice.open for name in choice.names
        )
        contested = self._contested()
        stale = frozenset(
            name
            for finding in findings
            if finding.code == "ai_context.stale"
            for name in finding.about
        )
        return diagnose.DiagnosisInputs(
            self.model,
            tuple(findings),
            measures.values(self.context),
            self._shared_names(),
            contested,
            settled,
            measures.landed(self.context),
            measures.double_counted(self.context),
            measures.periods(self.context),
            measures.duplicates(self.context),
            measures.workflows(self.context),
            workflows.audiences(self.context),
            workflows.shown_fields(self.model, contested, stale),
            measures.counted_once(self.context),
        )

    def _shared_names(self) -> int | None:
        grain = self.model.grain
        entity = grain.primary
        if not entity or not self.context.has(entity):
            return None
        named = [
            name
            for name in self.model.attributes(entity)
            if self.model.type_of(entity, name) in _NAMES
        ]
        parts = [
            name
            for name in self.model.attributes(entity)
            if self.model.type_of(entity, name) == "person_name"
        ]
        columns = named[:1] or parts[:2]
        if not columns:
            return None
        named = self.context.query(
            f"select {', '.join(quote(self.model.column_of(entity, name)) for name in columns)}"
            f" from {quote(entity)}"
        )
        keys = [
            normalise(
                named[self.model.column_of(entity, name)], self.model.normaliser_of(entity, name)
            ).alias(name)
            for name in columns
        ]
        alike = pl.DataFrame(keys).drop_nulls().group_by(columns).len()
        return int(alike.filter(pl.col("len") > 1)["len"].sum())

    def _contested(self) -> tuple[diagnose.Disagreement, ...]:
        """What figure 5.3 measured: of each shared field and pair of systems how often both have
        a value, and how often these are in conflict.
        """
        step = next((item for item in self.others if item.word == "survivorship"), None)
        rows = self.context.step(step).pairs if step else []  # type: ignore[attr-defined]
        return tuple(
            diagnose.Disagreement(
                row["label"],
                humanize(row["field"].partition(".")[0]),
                row["pair"],
                int(row["both_hold"]),
                int(row["differ"]),
                row["field"],
            )
            for row in rows
        )

    @cached_property
    def symptoms(self) -> tuple[diagnose.Symptom, ...]:
        """The six symptoms as the data shows them."""
        return diagnose.symptoms(self.evidence)

    @cached_property
    def answers(self) -> list[dict[str, Any]]:
        """One row per diagnostic question: what the team answered, what the data answers, and
        the difference (None where one has no answer).
        """
        team = self.model.diagnosis.answers
        rows = []
        for found in diagnose.answers(self.evidence):
            own = team.get(found.name)
            rated = own is not None and found.answer in _ORDER
            rows.append(
                {
                    "name": found.name,
                    "asks": _QUOTED(f"questions.{found.name}"),
                    "said": self.text(f"answer.{own.answer if own else 'not_answered'}"),
                    "why": own.because if own else "",
                    "data": self.text(f"answer.{found.answer}"),
                    "because": found.because,
                    "page": self.text("section", page=found.page),
                    "at": found.page,
                    "state": _MARK[found.answer],
                    "answer": found.answer,
                    "team": own.answer if own else "",
                    "gap": _ORDER[own.answer] - _ORDER[found.answer] if own and rated else None,
                }
            )
        return rows

    @property
    def _overrated(self) -> list[dict[str, Any]]:
        """The questions on which the team's answer is better than the data's."""
        return [row for row in self.answers if (row["gap"] or 0) > 0]

    def headline(self) -> Headline:
        """How many questions the data answers with yes, and how many the team."""
        rated = [row for row in self.answers if row["gap"] is not None]
        return self.answer(
            "diagnosed",
            self._lede(bool(rated)),
            state="decided" if not self.model.is_open("diagnosis") else "open",
            yes=sum(row["answer"] == "yes" for row in self.answers),
            rated=bool(rated),
            team_yes=sum(row["team"] == "yes" for row in rated),
        )

    def _lede(self, rated: bool) -> str:
        """How many symptoms show, and on how many questions the team overrates itself."""
        first = self.text(
            "lede.symptoms",
            shown=sum(symptom.shown is True for symptom in self.symptoms),
            unassessed=sum(symptom.shown is None for symptom in self.symptoms),
        )
        first = f"{self._verdict()} {first}".strip()
        if self._overrated:
            return f"{first} {self.text('lede.overrated', count=len(self._overrated))}"
        return f"{first} {self.text('lede.not_overrated' if rated else 'lede.not_rated')}"

    def _verdict(self) -> str:
        """What several answers of no or partly mean, and the first section that one concerns."""
        weak = [row for row in self.answers if row["answer"] in ("no", "partly")]
        if len(weak) < _SEVERAL:
            return ""
        concerned = {row["at"] for row in weak}
        first = next(step for step in self.others if step.page in concerned)
        return self.text(
            "lede.verdict",
            no=sum(row["answer"] == "no" for row in weak),
            partly=sum(row["answer"] == "partly" for row in weak),
            quoted=_QUOTED("verdict.several_no"),
            page=first.page,
            title=first.title,
        )

    def ten_questions(self) -> Figure:
        """Figure 0.1: what the team answered beside what the data answers."""
        columns = self.heads(
            "ten_questions",
            Column("state", " ", "check"),
            Column("asks"),
            Column("said", detail="why"),
            Column("data"),
            Column("because", detail="page"),
        )
        body = table(frame_for(self.answers, columns), columns)
        return self.figure("ten_questions", body, role="diagnostic")

    def six_symptoms(self) -> Figure:
        """Figure 0.2: six symptoms, whether the data shows them, and what to inspect first."""
        columns = self.heads(
            "six_symptoms",
            Column("state", " ", "check"),
            Column("symptom", detail="claimed"),
            Column("because", detail="pages"),
            Column("issue"),
            Column("inspect"),
        )
        rows = [self._symptom(symptom) for symptom in self.symptoms]
        return self.figure("six_symptoms", table(frame_for(rows, columns), columns))

    def _symptom(self, symptom: diagnose.Symptom) -> dict[str, Any]:
        claims = self.model.diagnosis.symptoms
        claimed = [claims[item.name] for item in symptom.detected if item.name in claims]
        return {
            "state": _SHOWN[symptom.shown],
            "symptom": _QUOTED(f"symptoms.{symptom.name}.symptom"),
            "claimed": "; ".join(claimed),
            "because": symptom.because,
            "pages": self._sections(symptom.pages),
            "issue": _QUOTED(f"symptoms.{symptom.name}.issue"),
            "inspect": _QUOTED(f"symptoms.{symptom.name}.inspect"),
        }

    def _sections(self, pages: tuple[str, ...]) -> str:
        if len(pages) == 1:
            return self.text("section", page=pages[0])
        return self.text("sections", pages=pages)

    def failure_modes(self) -> Figure:
        """Figure 0.3: seven failure modes, looked for in the decisions."""
        rows = [
            {
                "state": "look"
                if mode.shown
                else "untested"
                if mode.open or mode.unmeasured
                else "pass",
                "name": _QUOTED(f"modes.{mode.name}.name"),
                "means": _QUOTED(f"modes.{mode.name}.means"),
                "trouble": mode.shown or self.text(f"shown.{_unseen(mode)}"),
                "page": self.text("section", page=mode.page),
            }
            for mode in diagnose.modes(self.evidence)
        ]
        columns = self.heads(
            "failure_modes",
            Column("state", " ", "check"),
            Column("name"),
            Column("means"),
            Column("trouble", detail="page"),
        )
        return self.figure("failure_modes", table(frame_for(rows, columns), columns))

    def five_decisions(self) -> Figure:
        """Figure 0.4: what this project decided, beside a good first answer and what to avoid."""
        rows = [
            {
                "state": _SOUND[made.sound],
                "decision": _QUOTED(f"decisions.{made.name}.decision"),
                "says": made.says,
                "page": self.text("section", page=made.page),
                "good": _QUOTED(f"decisions.{made.name}.good"),
                "avoid": _QUOTED(f"decisions.{made.name}.avoid"),
            }
            for made in diagnose.decisions_made(self.evidence)
        ]
        columns = self.heads(
            "five_decisions",
            Column("state", " ", "check"),
            Column("decision"),
            Column("says", detail="page"),
            Column("good"),
            Column("avoid"),
        )
        return self.figure("five_decisions", table(frame_for(rows, columns), columns))

    def open_steps(self) -> Figure:
        """Figure 0.5: each page, whether it is decided, and what it found."""
        columns = self.heads(
            "open_steps",
            Column("state", " ", "check"),
            Column("page", detail="asks"),
            Column("decided"),
            Column("fail", kind="int"),
            Column("look", kind="int"),
            Column("note", kind="int"),
        )
        rows = [self._section(step) for step in self.others]
        return self.figure("open_steps", table(frame_for(rows, columns), columns))

    def _section(self, step: type[Step]) -> dict[str, Any]:
        found = Counter(
            finding.severity for finding in self.evidence.findings if finding.page == step.page
        )
        decided = not self.model.is_open(step.word)
        state = "look" if found["look"] else "pass"
        return {
            "state": "fail" if found["fail"] else state if decided else "untested",
            "page": f"{step.page} {step.title}",
            "asks": step.asks,
            "decided": self.text(f"figures.open_steps.{'decided' if decided else 'open'}"),
            "fail": found["fail"],
            "look": found["look"],
            "note": found["note"],
        }

    def conclude(self) -> list[Finding]:
        """Answers that the data contradicts; symptoms and failure modes of which no other page
        has a finding.
        """
        found = [] if not self.model.is_open("diagnosis") else [self.finding("open", owner="")]
        over = self._overrated
        if over:
            questions = [self.text("question", asks=row["asks"]) for row in over]
            found.append(self.finding("overrated", len(over), questions=questions))
        for symptom in self.symptoms:
            untold = [
                item
                for item in symptom.detected
                if item.shown and not self.evidence.having(*diagnose.TOLD_BY[item.name])
            ]
            found += [self._of_symptom(symptom.name, untold)] if untold else []
        modes = [mode for mode in diagnose.modes(self.evidence) if mode.shown and not mode.told]
        return found + ([self._of_modes(modes)] if modes else [])

    def _of_symptom(self, name: str, detected: list[diagnose.Detected]) -> Finding:
        """A symptom; its owner is that of the step that decides what it is about."""
        symptom = f"symptoms.{name}"
        return self.finding(
            "symptom",
            None,
            tuple(item.name for item in detected),
            owner=self.model.owner_of(diagnose.DECIDED_IN[detected[0].name])
            or self.model.owner_of("diagnosis")
            or self.model.owner_of("sources"),
            because=" ".join(item.because for item in detected),
            symptom=_QUOTED(f"{symptom}.symptom"),
            issue=_QUOTED(f"{symptom}.issue"),
            inspect=_QUOTED(f"{symptom}.inspect"),
        )

    def _of_modes(self, modes: list[diagnose.Mode]) -> Finding:
        named = [
            self.text("mode", name=_QUOTED(f"modes.{mode.name}.name"), shown=mode.shown)
            for mode in modes
        ]
        return self.finding("failure_modes", len(modes), modes=named)


def _unseen(mode: diagnose.Mode) -> str:
    """What is said of a failure mode that nothing shows."""
    if mode.unmeasured:
        return "unmeasured"
    return "unassessed" if mode.open else "nothing"
