"""06 History: what is true now, what was true then, and what was lost."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from workbook import history
from workbook.engine import Table
from workbook.finding import Finding
from workbook.model import Model
from workbook.scenarios.restatement import Restatement
from workbook.show import Column, Figure, Headline, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.history_erasure import erasure_findings
from workbook.steps.history_kept_values import kept_value_findings, kept_values_figure
from workbook.steps.history_lifecycle import (
    long_stay_findings,
    moves_figure,
    stays_figure,
    without_period_findings,
)
from workbook.steps.history_month_ends import month_ends_figure
from workbook.steps.history_overwritten import overwritten_figure, overwritten_findings
from workbook.steps.history_preceding_events import preceding_events_figure
from workbook.steps.history_restatement import restated_figure, restated_findings
from workbook.steps.history_rows import SHOWN_CLASSES, names_of
from workbook.steps.history_state_at_event import state_at_event_figure
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize, truncate_list


class History(Step):
    """The history step."""

    word = "history"

    @staticmethod
    def tables(model: Model) -> list[Table]:
        """Facts and intervals of every kept value, events, lifecycles, states at an event."""
        return history.tables(model)

    @cached_property
    def evidence(self) -> history.HistoryEvidence:
        """What was measured of everything that is kept."""
        return history.HistoryEvidence(self.model, self.context)

    @cached_property
    def restatement(self) -> Restatement:
        """What each month's report of the headline numbers said, and what is known now."""
        return Restatement(self.context)

    # ---- the answer

    def headline(self) -> Headline:
        """Since when what is known, and how often it changed."""
        if not self.evidence.kept:
            name = "open" if self.is_open else "empty"
            return self.answer(name, self._suggestion(), state="open")
        first = self.evidence.kept[0]
        return self.answer(
            "decided",
            self._lede(),
            field=first["attribute"],
            entity=first["entity"],
            ids=first["ids"],
            changed=first["changed"],
            since=first["since"],
            fields=len(self.evidence.kept),
        )

    def _suggestion(self) -> str:
        sources = len(history.suggestions(self.model))
        if not sources:
            return self.text("suggestion.none")
        return self.text("suggestion.some", sources=sources)

    def _lede(self) -> str:
        """How much is kept, how much of it arrived late, one value at an event, what is lost."""
        kept = self.evidence.kept
        lost = [row["name"] for row in self.evidence.losses if row["used_by"]]
        texts = [
            self.text("lede.periods", periods=sum(row["intervals"] for row in kept)),
            self.text(
                "lede.late",
                late=sum(row["late"] for row in kept),
                facts=sum(row["facts"] for row in kept),
            ),
            self._value_at_event(),
        ]
        if lost:
            texts.append(
                self.text(
                    "lede.lost",
                    used=len(lost),
                    of=len(self.evidence.losses),
                    fields=names_of(lost),
                )
            )
        return " ".join(filter(None, texts))

    def _value_at_event(self) -> str:
        """The most frequent value of the first state at an event that may be shown; '' without."""
        for state, occurrences in self.evidence.at_events:
            known = occurrences.drop_nulls("value")
            shown = self.evidence.class_of(state) in SHOWN_CLASSES
            if state.attribute != history.LIFECYCLE and known.height and shown:
                counted = known.group_by("value").len()
                value, count = counted.sort(["len", "value"], descending=[True, False]).row(0)
                return self.text(
                    "lede.at_event",
                    event=state.event,
                    attribute=state.attribute,
                    value=str(value),
                    count=count,
                    of=occurrences.height,
                )
        return ""

    # ---- figures

    def kept_values(self) -> Figure:
        """Figure 6.1: per kept value and kind of event: how much is known, since when, how late
        it was learned.
        """
        return kept_values_figure(self, self.evidence)

    def knew_then(self) -> Figure:
        """Figure 6.2: per month end: for how many the value believed then is not the value
        known now.
        """
        return month_ends_figure(self, self.evidence)

    def restated(self, lag: int = 0) -> Figure:
        """Figure 6.3: reports that differ today, because records came late; a report is made
        `lag` days after its month.
        """
        return restated_figure(self, Restatement(self.context, lag) if lag else self.restatement)

    def stays(self) -> Figure:
        """Figure 6.4: how long a state lasts, and who is still in it."""
        return stays_figure(self, self.evidence)

    def moves(self) -> Figure:
        """Figure 6.5: who moved from which state to which, undeclared transitions marked, and
        the paths into the last state.
        """
        return moves_figure(self, self.evidence)

    def at_event(self) -> Figure:
        """Figure 6.6: the value that applied when something happened, beside the current value of
        the same ones.
        """
        return state_at_event_figure(self, self.evidence)

    def before(self, event: str = "", days: int = 90) -> Figure:
        """Figure 6.7: what happened and what changed in the days before an event, or a kind of
        movement, beside those without it.
        """
        return preceding_events_figure(self, self.evidence, event, days)

    def losses(self) -> Figure:
        """Figure 6.8: kept fields that the current value contradicts, and fields without a
        history.
        """
        return overwritten_figure(self, self.evidence)

    def could_be_kept(self) -> Figure:
        """Figure 6.9: the sources that already say when their rows were true, and what each
        could keep.
        """
        rows = [
            {
                **row,
                "source": capital(humanize(row["source"])),
                "of": self.text("figures.could_be_kept.of", entities=row["entities"]),
                "fields": truncate_list(names_of(row["fields"]), 4),
            }
            for row in self.evidence.suggested
        ]
        columns = self.heads(
            "could_be_kept",
            Column("source", detail="of"),
            Column("form"),
            Column("fields"),
            Column("facts", kind="int"),
            Column("ids", kind="int"),
            Column("first_at", kind="date"),
            Column("last_at", kind="date"),
            Column("used", kind="dot"),
        )
        frame = frame_for(rows, columns).with_columns(pl.col("first_at", "last_at").cast(pl.Date))
        return self.figure("could_be_kept", table(frame, columns))

    # ---- findings

    def conclude(self) -> list[Finding]:
        """Open, refused, late, lost, undeclared, different from today."""
        if self.is_open:
            sources = len(history.suggestions(self.model))
            return [self.finding("open", sources, suggestion=self._suggestion())]
        refused = [
            self.finding(
                "refused",
                None,
                (refusal.name,),
                entry=refusal.name,
                reason=refusal.reason.rstrip("."),
            )
            for refusal in history.refusals(self.model)
        ]
        return [
            *refused,
            *kept_value_findings(self.model, self.evidence),
            *restated_findings(self.model, self.restatement),
            *long_stay_findings(self.model, self.evidence),
            *without_period_findings(self.model, self.evidence),
            *overwritten_findings(self.model, self.evidence),
            *erasure_findings(self.context),
        ]
