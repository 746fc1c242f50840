"""Figure 7.3: metrics over time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from workbook import metrics
from workbook.engine import quote
from workbook.metrics import MetricResult
from workbook.metrics.report.metric_wording import WORDS, format_metric_value
from workbook.metrics.report.period_wording import period_name
from workbook.model import Model
from workbook.model.calendar import calendar_of
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.period_labels import day_end, period_named
from workbook.steps.step import Step

# How far a line goes back, by grain, in the order in which a page names the grains.
_BACK = {
    "month": "24mo",
    "day": "90d",
    "week": "52w",
    "quarter": "20q",
    "year": "10y",
    "fiscal_quarter": "20q",
    "fiscal_year": "10y",
}
_AT = "figures.by_month"
Row = dict[str, Any]


@dataclass(frozen=True)
class Series:
    """The metrics of a run over time."""

    step: Step
    evidence: metrics.MetricEvidence
    reader: metrics.MetricReader

    def figure(self, names: list[str]) -> Figure:
        """Some metrics by month, and every metric by the other periods that it is given by; each
        line on a scale of its own.
        """
        columns = self.step.heads(
            "by_month",
            Column("metric", detail="kind"),
            Column("spark", kind="spark"),
            Column("first", kind="written", detail="first_of"),
            Column("before", kind="written", detail="before_of"),
            Column("last", kind="written", detail="last_of"),
            Column("change", kind="written", detail="change_of"),
        )
        lines = [
            (name, grain)
            for name in dict.fromkeys([*names, *self.evidence.made])
            for grain in self._grains(name)
            if grain != "month" or name in names
        ]
        rows = [row for name, grain in lines if (row := self._line(name, grain))]
        drawn = [grain for grain in _BACK if any(grain == given for _, given in lines)] or ["month"]
        return self.step.figure(
            "by_month",
            table(frame_for(rows, columns), columns),
            self._caption(names, drawn, rated=any(row["change_of"] for row in rows)),
            grains=drawn,
            role="months",
        )

    def _caption(self, names: list[str], grains: list[str], *, rated: bool) -> str:
        """How to read the lines, how far they go back, and which headline metrics have none."""
        refused = {
            refusal.name: refusal.reason
            for refusal in metrics.refusals(self.evidence.model)
            if refusal.part == "month"
        }
        spans = [self.step.text(f"{_AT}.spans.{grain}") for grain in grains]
        sentences = [
            self.step.text(f"{_AT}.scale", day=day_end(self.evidence.model)),
            self.step.text(f"{_AT}.incomplete"),
            self.step.text(f"{_AT}.span", spans=spans),
        ]
        if rated and len(grains) > 1:
            sentences.append(self.step.text(f"{_AT}.rates_apart"))
        sentences += [
            self.step.text(
                f"{_AT}.months_missing", metric=self.evidence.label(name), reason=refused[name]
            )
            for name in names
            if name in refused
        ]
        return " ".join(sentences)

    def _grains(self, name: str) -> list[str]:
        """The grains of a metric, months first."""
        return sorted(
            metrics.grains_of(self.evidence.model, name), key=lambda grain: grain != "month"
        )

    def _line(self, name: str, grain: str) -> Row | None:
        """One metric by one grain; None where nothing is known of it."""
        model, context = self.evidence.model, self.step.context
        outcome = self.evidence.made[name]
        result = metrics.period_table(name, grain)
        if outcome.value is None or not context.has(result):
            return None
        frame = recent(context.frame(result), grain)
        values = frame["value"].to_list()
        drawn = points(values, outcome)
        if not drawn:
            return None

        def written(value: Any, *, sign: bool = False) -> str:
            return format_metric_value(value, outcome.kind, outcome.unit, sign=sign)

        compared = self._compared(name, grain, frame)
        starts, ended = frame[grain].to_list(), metrics.last_record(model, self.reader, name)
        # nothing is measured of a period that begins after the last record
        last = None if ended and ended < starts[-1] else values[-1]
        unknown = ended and len(starts) > 1 and ended < starts[-2]
        before = None if unknown else compared.before
        change = last - before if before is not None and last is not None else None
        label = self.evidence.label(name)
        if grain != "month":
            label = self.step.text(f"{_AT}.by", metric=label, grain=grain)
        return {
            "metric": label,
            "kind": self._kind(name, grain, frame),
            "spark": drawn,
            "first": written(values[0]),
            "before": written(before),
            "last": written(last),
            "change": written(change, sign=True),
            "first_of": self._first(name, grain, frame[grain][0]),
            "change_of": self._rates(name, grain, frame[grain][-1]) if change else "",
            "last_of": compared.last_of,
            "before_of": compared.before_of,
        }

    def _kind(self, name: str, grain: str, frame: pl.DataFrame) -> str:
        """What a point of the line is, and what the latest fiscal period is called."""
        model, nature = self.evidence.model, metrics.nature_of(self.evidence.model, name)
        kind = self.step.text(f"{_AT}.kinds.{nature}", grain=grain) if nature in _DRAWN else ""
        called = ""
        if not frame.is_empty():
            called = period_named(model, grain, frame[grain].max())  # type: ignore[arg-type]
        kind += self.step.text(f"{_AT}.latest", period=called) if called else ""
        today = metrics.todays_values(model, name)
        return kind + (self.step.text(f"{_AT}.todays", names=today) if today else "")

    def _first(self, name: str, grain: str, start: dt.date) -> str:
        """What the first period shown is called; of what happens in periods, where the first
        record of all lies in it, also that day, before which there is no data.
        """
        model = self.evidence.model
        called = period_name(model, grain, _back(model, grain, start, self._ago(name)))
        first, end = self._first_record(name), calendar_of(model).next_start(start, grain)
        if first is None or not start < first < end:
            return called
        return self.step.text(f"{_AT}.first_record", period=called, day=first)

    def _rates(self, name: str, grain: str, start: dt.date) -> str:
        """How much of the change are exchange rates; that it is not measured where amounts of
        other currencies are under it and no movement tells.
        """
        model, reader = self.evidence.model, self.reader
        outcome = self.evidence.made[name]
        if outcome.unit == metrics.SHARE or not metrics.has_rate_effect(model, reader, name):
            return ""
        movement = metrics.of_level(model, name, grain)
        amount = metrics.revaluation(model, reader, movement, start) if movement else None
        if amount is None:
            return self.step.text(f"{_AT}.rates_unknown")
        shown = format_metric_value(amount, outcome.kind, outcome.unit, sign=True)
        return self.step.text(f"{_AT}.rates", amount=shown)

    def _ago(self, name: str) -> int:
        return metrics.metrics_of(self.evidence.model).metrics[name].ago

    def _at(self, name: str, grain: str, day: dt.date) -> str:
        """The moment or the window of a value at the end of a day, and how far its period has
        come where it is not over.
        """
        model = self.evidence.model
        calendar, window = calendar_of(model), metrics.metrics_of(model).metrics[name].window
        start = calendar.start_of(day, grain)
        days = (calendar.next_start(start, grain) - start).days
        come = (day - start).days + 1
        return self.step.text(
            f"{_AT}.at", day=day, window=window, come=come, days=days, grain=grain
        )

    def _compared(self, name: str, grain: str, frame: pl.DataFrame) -> Comparison:
        """What the latest period is compared with: of what happens in one that is not over the
        same part of the one before, of all else its end.
        """
        model, context = self.evidence.model, self.step.context
        ago = self._ago(name)
        starts, part = frame[grain].to_list(), metrics.part_before(model, grain)
        latest = period_name(model, grain, _back(model, grain, starts[-1], ago))
        if len(starts) < 2:
            return Comparison(None, latest, "")
        earlier = period_name(model, grain, _back(model, grain, starts[-2], ago))
        before = frame["value"][-2]
        if ago or not part or starts[-1] != metrics.newest_first(model, grain):
            return Comparison(before, latest, earlier)
        day: dt.date = model.project.as_of  # type: ignore[assignment]
        if not metrics.grows_within(model, name, grain):
            end = calendar_of(model).next_start(starts[-2], grain) - dt.timedelta(days=1)
            return Comparison(before, self._at(name, grain, day), self._at(name, grain, end))
        latest = WORDS.text("period.up_to", period=latest, day=day)
        made, first = metrics.before_name(name, grain), self._first_record(name)
        if not context.has(made) or (first and first > part.last):
            return Comparison(None, latest, self.step.text(f"{_AT}.no_earlier", period=earlier))
        earlier = WORDS.text("period.up_to", period=earlier, day=part.last)
        return Comparison(context.frame(made)["value"][0], latest, earlier)

    def _first_record(self, name: str) -> dt.date | None:
        """The day of the first record that a flow counts; None where it counts none by a day, and
        of any other metric.
        """
        rows, nature = f"m__{name}__rows", metrics.nature_of(self.evidence.model, name)
        if nature != "flow" or not self.step.context.has(rows):
            return None
        found = self.step.context.query(f"select min(starts) as first from {quote(rows)}")["first"]
        return found[0].date() if found[0] else None


_DRAWN = ("flow", "level", "state", "cumulative")  # the types of which a point says what it is


@dataclass(frozen=True)
class Comparison:
    """The value that a latest period is compared with, and what both periods are called."""

    before: Any
    last_of: str
    before_of: str


def _back(model: Model, grain: str, start: dt.date, periods: int) -> dt.date:
    """The start of the period so many before the one that starts here."""
    for _ in range(periods):
        start = calendar_of(model).start_of(start - dt.timedelta(days=1), grain)
    return start


def recent(frame: pl.DataFrame, grain: str) -> pl.DataFrame:
    """The newest periods, by date: a lone row of the year 1 is not the period before."""
    dated = frame.drop_nulls(grain).sort(grain)
    return dated.filter(pl.col(grain) > pl.col(grain).max().dt.offset_by(f"-{_BACK[grain]}"))


def points(values: list[Any], outcome: MetricResult) -> list[float | None] | None:
    """What a line shows; None where nothing is known or values are no amounts."""
    if not any(isinstance(value, (int, Decimal)) for value in values):
        return None
    scale = 100 if outcome.unit == metrics.SHARE else 1
    return [None if value is None else float(value) * scale for value in values]
