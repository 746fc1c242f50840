"""00 Diagnosis: where the team thinks it stands beside what the data says, six symptoms, seven
failure modes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import polars as pl

from workbook import diagnose
from workbook.engine import quote
from workbook.finding import Finding
from workbook.metrics import value_table
from workbook.metrics.results.definitions import choices
from workbook.model import Model
from workbook.model.types.normalise import normalise
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, Headline, table
from workbook.show.frame import frame_for
from workbook.steps import diagnosis_measures as measures
from workbook.steps.base import Step
from workbook.words import number
from workbook.words.wording import humanize, truncate_list

_NAMES = ("company_name", "full_name")
_ORDER = {"no": 0, "partly": 1, "yes": 2}
# a cross would read as a check that fails, and the cover counts those
_MARK = {"no": "look", "partly": "look", "yes": "pass", diagnose.UNTOLD: "note"}


class Diagnosis(Step):
    """The diagnosis step: a page about all the others."""

    word = "diagnosis"
    page = "00"
    title = "Diagnosis"
    asks = "Where do we stand?"

    @property
    def others(self) -> tuple[type[Step], ...]:
        """The steps whose findings it reads."""
        return tuple(step for step in self.context.steps if step is not Diagnosis)

    @cached_property
    def evidence(self) -> diagnose.Evidence:
        """The findings of all other pages, and what only this page counts."""
        findings = [finding for step in self.others for finding in step(self.context).conclude()]
        settled = frozenset(
            name for each in choices(self.model) if not each.open for name in each.names
        )
        return diagnose.Evidence(
            self.model,
            tuple(findings),
            _values(self.context),
            self._shared_names(),
            self._contested(),
            settled,
            measures.landed(self.context),
            measures.double_counted(self.context),
            measures.duplicates(self.context),
        )

    def _shared_names(self) -> int | None:
        grain = self.model.grain
        entity = grain.primary if grain else ""
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
        """What figure 5.3 measured: of each shared field and pair of systems whom both know,
        and about whom they differ in meaning.
        """
        step = next((each for each in self.others if each.word == "survivorship"), None)
        rows = step(self.context).pairs if step else []  # type: ignore[attr-defined]
        return tuple(
            diagnose.Disagreement(
                row["label"],
                humanize(row["field"].partition(".")[0]),
                row["pair"],
                int(row["both_hold"]),
                int(row["differ"]),
            )
            for row in rows
        )

    @cached_property
    def answers(self) -> list[dict[str, Any]]:
        """One row per diagnostic question: what the team said, what the data says, widest gap
        first.
        """
        said = self.model.diagnosis.answers if self.model.diagnosis else {}
        rows = []
        for found in diagnose.answers(self.evidence):
            own = said.get(found.name)
            gap = (
                _ORDER[own.answer] - _ORDER[found.answer]
                if own and found.answer in _ORDER
                else None
            )
            rows.append(
                {
                    "asks": found.asks,
                    "said": own.answer if own else "not asked",
                    "data": found.answer,
                    "because": found.because,
                    "page": f"section {found.page}",
                    "state": _MARK[found.answer],
                    "gap": gap,
                    "own_because": own.because if own else "",
                }
            )
        return rows

    def headline(self) -> Headline:
        """How often the team and the data agree, and which way they differ."""
        rows = self.answers
        yes = sum(row["data"] == "yes" for row in rows)
        over = [row for row in rows if row["gap"] is not None and row["gap"] > 0]
        said = [row for row in rows if row["gap"] is not None]
        shown = [symptom for symptom in diagnose.symptoms(self.evidence) if symptom.shown]
        sentence = (
            f"The data answers yes to {yes} of the ten questions that a customer model must answer."
        )
        if said:
            sentence = (
                f"The data answers yes to {yes} of ten questions; the team said yes to"
                f" {sum(row['said'] == 'yes' for row in said)}."
            )
        lede = (
            f"{number.plural(len(shown), 'of the six symptoms shows', 'of the six symptoms show')}"
            " in the data. "
        )
        lede += (
            "The team rates itself higher than the data does on"
            f" {number.plural(len(over), 'question')}."
            if over
            else (
                "Nowhere does the team rate itself higher than the data does."
                if said
                else (
                    "The team has not answered yet; its own answers stand beside the data's once"
                    " they are written."
                )
            )
        )
        return Headline(
            self.page,
            self.title,
            sentence,
            lede,
            owner=self.model.owner_of("diagnosis"),
            state="decided" if self.model.diagnosis else "open",
        )

    def ten_questions(self) -> Figure:
        """Figure 0.1: what the team said beside what the data says."""
        columns = [
            Column("state", " ", "check"),
            Column("asks", "Question"),
            Column("said", "The team says"),
            Column("data", "The data says"),
            Column("because", "Why", detail="page"),
        ]
        caption = (
            "The team answers before it looks. A team that is stricter than its data is rare and"
            " welcome; the other way round is where to start."
        )
        return Figure(
            "0.1",
            "Where does the team overrate itself?",
            "Ten questions",
            table(frame_for(self.answers, columns), columns),
            caption,
            role="diagnostic",
        )

    def six_symptoms(self) -> Figure:
        """Figure 0.2: six symptoms, whether they show, what to inspect first."""
        claimed = self.model.diagnosis.symptoms if self.model.diagnosis else {}
        rows = [
            {
                "state": "look" if s.shown else "pass" if s.shown is False else "note",
                "says": s.says,
                "because": s.because,
                "inspect": s.inspect,
                "claimed": claimed.get(s.name, ""),
            }
            for s in diagnose.symptoms(self.evidence)
        ]
        columns = [
            Column("state", " ", "check"),
            Column("says", "Symptom", detail="claimed"),
            Column("because", "What the data shows"),
            Column("inspect", "Inspect first"),
        ]
        caption = (
            "The grey line is where the team met it. A symptom that shows and was never reported"
            " has usually been explained away."
        )
        return Figure(
            "0.2",
            "Which symptoms does the data show?",
            "Six detectors",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def failure_modes(self) -> Figure:
        """Figure 0.3: seven failure modes, looked for in the decisions."""
        rows = [
            {
                "state": "look" if m.trouble else "note" if m.open else "pass",
                "name": m.name,
                "trouble": m.trouble or ("cannot be told yet" if m.open else "not found"),
                "good": m.good,
                "avoid": m.avoid,
                "page": f"section {m.page}",
            }
            for m in diagnose.modes(self.evidence)
        ]
        columns = [
            Column("state", " ", "check"),
            Column("name", "Failure mode", detail="page"),
            Column("trouble", "In these decisions"),
            Column("good", "A good first answer"),
            Column("avoid", "Avoid"),
        ]
        caption = (
            "A lint of what was written, not of the data: each line can be true of a model whose"
            " every check passes."
        )
        return Figure(
            "0.3",
            "How could this model fail?",
            "Seven failure modes",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def open_steps(self) -> Figure:
        """Figure 0.4: each page, whether it is decided, and what it found."""
        rows = []
        for step in self.others:
            found = [finding for finding in self.evidence.findings if finding.page == step.page]
            counts = {
                severity: sum(f.severity == severity for f in found)
                for severity in ("fail", "look", "note")
            }
            decided = getattr(self.model, step.word) is not None
            state = (
                "fail"
                if counts["fail"]
                else "note"
                if not decided
                else "look"
                if counts["look"]
                else "pass"
            )
            rows.append(
                {
                    "state": state,
                    "page": f"{step.page} {step.title}",
                    "asks": step.asks,
                    "decided": "decided" if decided else "open",
                    **counts,
                }
            )
        columns = [
            Column("state", " ", "check"),
            Column("page", "Section", detail="asks"),
            Column("decided", "State"),
            Column("fail", "Fails", "int"),
            Column("look", "To look at", "int"),
            Column("note", "Worth knowing", "int"),
        ]
        caption = (
            "An open step is not an error: its section shows the question, and what the data"
            " already suggests."
        )
        return Figure(
            "0.4",
            "What is decided, and what is open?",
            "Every other section",
            table(frame_for(rows, columns), columns),
            caption,
        )

    def conclude(self) -> list[Finding]:
        """Answers that the data contradicts; symptoms and failure modes of which no other page
        has a finding.
        """
        owner = self.model.owner_of("diagnosis")
        found = []
        if self.model.diagnosis is None:
            found.append(
                Finding(
                    "diagnosis.open",
                    "note",
                    "The team has not yet answered the ten diagnostic questions itself.",
                    self.page,
                )
            )
        over = [row for row in self.answers if row["gap"] is not None and row["gap"] > 0]
        if over:
            sentence = (
                "The team rates itself higher than the data does on"
                f" {number.plural(len(over), 'question')}:"
                f" {truncate_list((row['asks'] for row in over), 3)}"
            )
            found.append(
                Finding("diagnosis.overrated", "look", sentence, self.page, len(over), owner)
            )
        found += [
            Finding(
                "diagnosis.symptom",
                "look",
                f"{each.says}: {each.because}",
                self.page,
                None,
                self.model.owner_of(diagnose.DECIDED_IN[each.name])
                or owner
                or self.model.owner_of("sources"),
                (each.name,),
            )
            for each in diagnose.symptoms(self.evidence)
            if each.shown and not self.evidence.having(*diagnose.TOLD_BY[each.name])
        ]
        troubled = [
            mode for mode in diagnose.modes(self.evidence) if mode.trouble and not mode.told
        ]
        if troubled:
            said = "; ".join(f"{mode.name.lower()} ({mode.trouble})" for mode in troubled[:3])
            sentence = (
                f"{number.plural(len(troubled), 'failure mode')}"
                f" {'shows' if len(troubled) == 1 else 'show'} of which no other section tells:"
                f" {said}."
            )
            found.append(
                Finding(
                    "diagnosis.failure_modes", "look", sentence, self.page, len(troubled), owner
                )
            )
        return found


def _values(context: Context) -> dict[str, object]:
    model: Model = context.model
    found: dict[str, object] = {}
    for name in model.metrics.metrics if model.metrics else ():
        if context.has(value_table(name)):
            column = context.frame(value_table(name))["value"]
            found[name] = column[0] if len(column) else None
    return {name: value for name, value in found.items() if value is not None}
