"""07 Metrics: what each metric means, what it comes to, and the proof that it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from workbook import metrics
from workbook.engine import Table
from workbook.finding import Finding
from workbook.metrics import MetricResult
from workbook.metrics.report import dashboard_rows, definition_rows, definition_wording
from workbook.metrics.report.control_wording import standing_of, status_of, supplied_of
from workbook.metrics.report.metric_wording import WORDS, means_of, value_of
from workbook.metrics.report.period_wording import period_beside, period_of, period_told
from workbook.model import Model
from workbook.model.times import zone_of
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.decision_reasons import reasons
from workbook.steps.metrics_checks import MetricChecks
from workbook.steps.metrics_movements import movement_figure
from workbook.steps.metrics_plot import plot
from workbook.steps.metrics_segments import Segments
from workbook.steps.metrics_series import Series
from workbook.steps.period_labels import at_the_end
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import humanize

_MOST = 12  # definitions' rows and dashboards' months that a figure shows
_NOBODY = words_of("shared").text("owner.nobody")


class Metrics(Step):
    """The metrics step."""

    word = "metrics"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Rules, values, segments and months of every metric that can be computed."""
        values = metrics.values_table(model)
        return [*metrics.tables(model), *([values] if values else [])]

    @cached_property
    def reader(self) -> PlanReader:
        """The tables of the plan, and how often a key repeats in them."""
        return PlanReader(self.context)

    @cached_property
    def evidence(self) -> metrics.MetricEvidence:
        """How every metric came out, what was checked about it, and what competes with it."""
        result = metrics.outcomes(self.model, self.reader)
        refused = {
            refusal.name: refusal.reason
            for refusal in metrics.refusals(self.model)
            if refusal.part == "dashboard"
        }
        return metrics.MetricEvidence(
            self.model,
            result,
            metrics.reconcile(self.model, self.reader, result),
            metrics.contests(self.model, self.reader, result),
            metrics.against(self.model, self.reader, result, refused),
            {name: period_of(self.model, self.context, name) for name in result},
        )

    @property
    def outcomes(self) -> Mapping[str, MetricResult]:
        """Every metric as it came out."""
        return self.evidence.made

    @property
    def headline_names(self) -> list[str]:
        """The metrics that the grain page names; else those with a control total; else the first
        four.
        """
        named = [name for name in (self.model.grain.headline) if name in self.outcomes]
        tied = [name for name, metric in self._metrics.items() if metric.control_total]
        return named or tied or list(self.outcomes)[:4]

    @property
    def _metrics(self) -> dict[str, Any]:
        return dict(self.model.metrics.metrics)

    @property
    def _as_of(self) -> str:
        return at_the_end(self.model)

    # ---- the answer

    def headline(self) -> Headline:
        """How many metrics there are, how many are reconciled with a control total, how many
        cannot be calculated.
        """
        if not self.outcomes:
            return self.answer("open", self._suggested(), state="open")
        totals = [outcome.control for outcome in self.outcomes.values() if outcome.control]
        answer = self.answer(
            "decided",
            self._lede(),
            metrics=len(self.outcomes),
            tied=len(totals),
            comparable=sum(total.found is not None for total in totals),
            agreeing=sum(total.met for total in totals),
            refused=sum(bool(outcome.refused) for outcome in self.outcomes.values()),
        )
        choices = [
            definition_wording.choice_answer(
                self.model, choice, self.outcomes, self.evidence.periods
            )
            for choice in self.evidence.choices
        ]
        return replace(answer, sentence=" ".join([answer.sentence, *choices]))

    def _lede(self) -> str:
        values = [self._dated(name) for name in self.headline_names[:3]]
        failed = [
            proof
            for proof in self.evidence.proofs
            if proof.verdict == "fail" and proof.kind != "control"
        ]
        sentences = [self.text("lede.values", as_of=self._as_of, values=values)]
        if checks := sum(proof.kind in metrics.ADDING_UP for proof in self.evidence.proofs):
            sentences.append(self.text("lede.checks", checks=checks, failed=len(failed)))
        if partial := len({refusal.name for refusal in self.evidence.refused() if refusal.part}):
            sentences.append(self.text("lede.partial", metrics=partial))
        sentences += [
            definition_wording.overlap_of(self.model, pair) for pair in self.evidence.disagreements
        ]
        return " ".join(sentences)

    def _dated(self, name: str) -> str:
        """A metric with its value, and its period where that is more than the end of the day."""
        return WORDS.text(
            "value.dated",
            label=self.evidence.label(name),
            value=value_of(self.outcomes[name], prose=True),
            period=period_beside(self.model, self.context, name),
        )

    def _suggested(self) -> str:
        money = sum(
            field.type == "money"
            for source in self.model.source_names
            for field in self.model.fields(source).values()
        )
        dated = sum(bool(source.valid) for source in (self.model.sources.sources.values()))
        return self.text("lede.suggested", money=money, dated=dated)

    # ---- figures

    def headline_metrics(self) -> Figure:
        """Figure 7.1: the metrics of the cover, each with its control total and its caveats."""
        columns = self.heads(
            "headline_metrics",
            Column("metric", detail="means"),
            Column("value_text", kind="written", detail="period"),
            Column("standing", kind="check", detail="control"),
            Column("supplied"),
            Column("caveat"),
            Column("owner"),
        )
        body = table(frame_for([self._row(name) for name in self.headline_names], columns), columns)
        return self.figure("headline_metrics", body, role="headline_metrics", as_of=self._as_of)

    def every_number(self) -> Figure:
        """Figure 7.2: every metric with its value, its type, the entity whose rows it counts, and
        what it means.
        """
        columns = self.heads(
            "every_number",
            Column("metric", detail="means"),
            Column("value_text", kind="written", detail="period"),
            Column("kind", detail="over"),
            Column("caveat"),
            Column("proven", kind="check"),
            Column("measured"),
            Column("owner"),
        )
        checks = MetricChecks(self, self.evidence)
        rows = [self._row(name) | checks.made_on(name) for name in self.outcomes]
        caption = [self.text("figures.every_number.caption")]
        if self.context.has(metrics.VALUES):
            values = self.context.frame(metrics.VALUES).height
            caption += [self.text("figures.every_number.exported", values=values)] if values else []
        return self.figure(
            "every_number",
            table(frame_for(rows, columns), columns),
            " ".join(caption) + reasons(self.model, self.word, "currency", "rules", "metrics"),
            as_of=self._as_of,
        )

    def _row(self, name: str) -> dict[str, Any]:
        outcome = self.outcomes[name]
        kind, entity = self._nature(name)
        over = (
            self.text("figures.every_number.over", rows=outcome.rows, entity=entity)
            if entity and outcome.rows
            else entity
        )
        return {
            "metric": self.evidence.label(name),
            "means": means_of(self.model, name),
            "value_text": value_of(outcome),
            "period": period_told(self.model, self.context, name),
            "standing": standing_of(self.model, outcome),
            "control": status_of(self.model, outcome),
            "supplied": supplied_of(self.model, outcome),
            "caveat": self.evidence.caveat(name),
            "owner": self.evidence.owner(name) or _NOBODY,
            "kind": self.text(f"figures.every_number.kinds.{kind}"),
            "over": over,
        }

    def _nature(self, name: str) -> tuple[str, str]:
        """What type of metric it is, and the entity whose rows it counts."""
        metric = self._metrics[name]
        if metric.type not in ("simple", "cumulative") or self.outcomes[name].refused:
            return metric.type, ""
        movement = self.model.metrics.movements.get(metric.measure.partition(".")[0])
        # what moved is counted by whose it is
        entity = movement.by if movement else metrics.resolved(self.model, name).entity
        kind = metrics.nature_of(self.model, name)
        if kind == "cumulative" and (metric.window or metric.grain_to_date):
            kind = "window" if metric.window else "to_date"
        return kind, humanize(entity)

    def by_month(self) -> Figure:
        """Figure 7.3: the headline metrics by month, and every metric by the other periods that it
        is given by.
        """
        return Series(self, self.evidence, self.reader).figure(self.headline_names)

    def by_segment(self) -> Figure:
        """Figure 7.4: every metric by its dimensions, with its months, its total and what belongs
        to no segment.
        """
        return Segments(self, self.evidence).figure()

    def reconciliation(self) -> Figure:
        """Figure 7.5: per metric, whether keys are unique, rows counted once, links lead to one,
        segments and months add up.
        """
        return MetricChecks(self, self.evidence).figure(self.headline_names)

    def competing(self) -> Figure:
        """Figure 7.6: definitions that claim one name, open or chosen, each with its value and why
        it differs; then the rows on which two disagree.
        """
        columns = self.heads(
            "competing",
            Column("name", tone="tone", detail="about"),
            Column("value_text", kind="written", tone="tone", detail="period"),
            Column("amount", " ", kind="bar", scale=1),
            Column("state"),
            Column("counted"),
            Column("difference", kind="written"),
            Column("why"),
        )
        rows = [
            {**row, "state": self.text(f"figures.competing.states.{row['state']}")}
            if "state" in row
            else row
            for row in definition_rows.rival_rows(self.evidence, self.reader, _MOST)
        ]
        frame = frame_for(rows, [*columns, Column("title")])
        body = table(frame, columns, group="title")
        return self.figure("competing", body, as_of=self._as_of, role="competing")

    def dashboards(self) -> Figure:
        """Figure 7.7: what dashboards show today by their own SQL beside our value, and the
        difference laid to its causes or months.
        """
        columns = self.heads(
            "dashboards",
            Column("cause", tone="tone", detail="about"),
            Column("count", kind="int", tone="tone"),
            Column("ours", kind="written", tone="tone"),
            Column("theirs", kind="written", tone="tone"),
            Column("difference", kind="written", tone="tone"),
        )
        rows = dashboard_rows.dashboard_rows(self.evidence, _MOST)
        caption = self.text("figures.dashboards.caption")
        if zone := zone_of(self.model):
            caption += " " + self.text("figures.dashboards.zone", zone=str(zone))
        frame = frame_for(rows, [*columns, Column("title")])
        return self.figure("dashboards", table(frame, columns, group="title"), caption)

    def movements(self, name: str = "") -> Figure:
        """Figure 7.8: what moved a balance (the first, unless one is named) period by period;
        every change has exactly one name.
        """
        return movement_figure(self, name)

    def plot(self, name: str, grain: str = "", by: str = "") -> Figure:
        """Any metric over time, by its name or label; `grain` is a period of its own (default:
        months), `by` one of its dimensions, of which the largest segments are drawn.

        Raises:
            WorkbookError: there is no such metric, period or split, or its segments are personal.
        """
        return plot(self, name, grain, by)

    def refused(self) -> Figure:
        """Figure 7.9: what is not calculated, and why."""
        columns = self.heads("refused", Column("metric"), Column("part"), Column("why"))
        rows = [
            {
                "metric": self.evidence.label(refusal.name),
                "part": metrics.part_of(refusal.part),
                "why": refusal.reason,
            }
            for refusal in self.evidence.refused()
        ]
        return self.figure("refused", table(frame_for(rows, columns), columns))

    def conclude(self) -> list[Finding]:
        """Control totals that are missed, what does not add up, what is refused, excluded,
        contested or unowned.
        """
        return metrics.conclude(self.evidence)


class PlanReader:
    """The tables of a context's plan as the metrics room reads them."""

    def __init__(self, context: Context) -> None:
        self.has, self.frame, self.query = context.has, context.frame, context.query
        self._context = context

    def duplicates(self, name: str) -> int:
        """How many rows of a table repeat the key of another."""
        return self._context.engine.artifact(self._context.plan, name).duplicate_keys
