"""Figure 7.5: the checks of each metric, and the worst result of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbook import metrics
from workbook.metrics import MetricResult
from workbook.metrics.report.control_wording import control_of, only_period, supplied_of
from workbook.metrics.report.metric_wording import value_of
from workbook.metrics.report.period_wording import period_beside
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words.wording import join_words, within

_LISTED = 12  # metrics whose checks are listed one by one; what fails comes first
_CALM = 2  # of `_urgency`: every check passes
_ORDER = ("fail", "look", "untested", "pass")
KINDS = ("key", "rows", "link", "segments", "months", "control")
_COUNTED = {"key": "keys", "link": "links", "segments": "splits"}
_KIND_OF = {"movement": "months", "periods": "months"}  # every other kind of check is its own
Row = dict[str, Any]


@dataclass(frozen=True)
class MetricChecks:
    """What was checked about each metric, and how it came out."""

    step: Step
    evidence: metrics.MetricEvidence

    def figure(self, headline: list[str]) -> Figure:
        """One row per metric in trouble or quoted, the rest as one row, by kind of check."""
        columns = self.step.heads(
            "reconciliation",
            Column("metric", detail="found"),
            Column("value_text", kind="written", detail="tied"),
            *(Column(kind, self.step.text(f"checks.{kind}"), "check") for kind in KINDS),
        )
        names = (*self.evidence.made, *self._movements)
        every = sorted((self._results(name) for name in names), key=_urgency)
        quoted = self._quoted(headline)
        rows = (
            [row for row in every if _urgency(row) < _CALM or row["name"] in quoted][:_LISTED]
            if len(every) > _LISTED
            else every
        )
        rows += self._rest([row for row in every if row not in rows])
        return self.step.figure("reconciliation", table(frame_for(rows, columns), columns))

    def made_on(self, name: str) -> Row:
        """Which checks were made on a metric, and their worst result; none where none was made."""
        results = self._results(name)
        made = [
            self._called(kind, name) for kind in KINDS if results[kind] not in (None, "untested")
        ]
        return {
            "proven": _worst([results[kind] for kind in KINDS]) if made else None,
            "measured": join_words(made) or self.step.text("figures.every_number.unmeasured"),
        }

    def _called(self, kind: str, name: str) -> str:
        """A kind of check; of a control total that is of another period than the value, which."""
        control = self.evidence.made[name].control
        if kind == "control" and control and (period := only_period(control)):
            return self.step.text("checks.control_of", period=period)
        return within(self.step.text(f"checks.{kind}"))

    @property
    def _movements(self) -> tuple[str, ...]:
        model = self.evidence.model
        return tuple(model.metrics.movements)

    def _quoted(self, headline: list[str]) -> set[str]:
        """The headline metrics, those with a control total, and the movements."""
        tied = [name for name, outcome in self.evidence.made.items() if outcome.control]
        return {*headline, *tied, *self._movements}

    def _results(self, name: str) -> Row:
        """The worst result of each kind of check on a metric; `note` where a part is refused."""
        proofs = [proof for proof in self.evidence.proofs if proof.metric == name]
        refused = {
            "months" if metrics.is_month(refusal.part) else "segments"
            for refusal in self.evidence.refused()
            if refusal.name == name and refusal.part
        }
        results: Row = {}
        for kind in KINDS:
            verdicts: list[str | None] = [
                proof.verdict for proof in proofs if _KIND_OF.get(proof.kind, proof.kind) == kind
            ]
            results[kind] = _worst([*verdicts, *(["untested"] if kind in refused else [])])
        outcome = self.evidence.made.get(name)
        return {
            "name": name,
            "metric": self.evidence.label(name),
            "found": self._found(proofs, outcome),
            "value_text": value_of(outcome) if outcome else "",
            "tied": self._tied(name, outcome) if outcome else "",
            **results,
        }

    def _found(self, proofs: list[metrics.MetricCheck], outcome: MetricResult | None) -> str:
        """How many keys, links and splits were checked; of a movement, that it adds up."""
        parts = [
            self.step.text(f"figures.reconciliation.{text}", count=count)
            for kind, text in _COUNTED.items()
            if (count := sum(proof.kind == kind for proof in proofs))
        ]
        if parts:
            return self.step.text("figures.reconciliation.tested", parts=parts)
        return self.step.text("figures.reconciliation.movement") if outcome is None else ""

    def _tied(self, name: str, outcome: MetricResult) -> str:
        """The period of a metric's value where it is not the as-of day, and its control total."""
        period = period_beside(self.evidence.model, self.step.context, name)
        control = (
            self.step.text(
                "figures.reconciliation.tied",
                control=control_of(outcome),
                supplied=supplied_of(self.evidence.model, outcome),
            )
            if outcome.control
            else self.step.text("figures.reconciliation.untied")
        )
        return "; ".join(filter(None, (period, control)))

    def _rest(self, rows: list[Row]) -> list[Row]:
        """The metrics that are not listed one by one, as one row: each check at its worst."""
        if not rows:
            return []
        return [
            {
                "name": "",
                "metric": self.step.text("figures.reconciliation.rest", count=len(rows)),
                "found": self.step.text("figures.reconciliation.rest_found"),
                "value_text": "",
                **{kind: _worst([row[kind] for row in rows]) for kind in KINDS},
            }
        ]


def _worst(verdicts: list[str | None]) -> str | None:
    """The worst of some results; None where there is none. What is refused is no pass."""
    return min((verdict for verdict in verdicts if verdict), key=_ORDER.index, default=None)


def _urgency(row: Row) -> int:
    """0 where a check fails, 1 where one warns, else 2."""
    found = {row[kind] for kind in KINDS}
    return 0 if "fail" in found else 1 if "look" in found else _CALM
