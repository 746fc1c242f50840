"""Figures 7.3 and 7.4: how the numbers move, in all and by segment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from workbook import metrics
from workbook.metrics import MetricResult
from workbook.metrics.report import wording
from workbook.metrics.report.period_wording import period_name
from workbook.model import Dimension, Model, dimension_of
from workbook.model.calendar import calendar_of
from workbook.privacy import shown, tokens
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, table
from workbook.show.frame import frame_for
from workbook.steps.periods import at_the_end, day_end, period_named
from workbook.words import number
from workbook.words.wording import humanize, join_words

_MOST = 12  # segments of one dimension that a figure shows
_BACK = {
    "month": ("24mo", "two years"),
    "day": ("90d", "ninety days"),
    "week": ("52w", "a year"),
    "quarter": ("20q", "five years"),
    "year": ("10y", "ten years"),
    "fiscal_quarter": ("20q", "five years"),
    "fiscal_year": ("10y", "ten years"),
}
_KINDS = {
    "flow": "within each {}",
    "level": "at each {}'s end",
    "state": "asked at each {}'s end",
    "cumulative": "over a window up to each {}'s end",
}


@dataclass(frozen=True)
class Series:
    """The numbers of a run over time and by their dimensions."""

    context: Context
    evidence: metrics.Evidence

    def by_period(self, names: list[str]) -> Figure:
        """Figure 7.3: some numbers by month, and every number by the other periods that it is
        given by; each line on a scale of its own.
        """
        columns = [
            Column("metric", "Number", detail="kind"),
            Column("spark", "Period by period", "spark"),
            Column("first", "First shown", "written"),
            Column("before", "Compared with", "written", detail="before_of"),
            Column("last", "Latest", "written", detail="last_of"),
            Column("change", "Change", "written"),
        ]
        lines = [
            (name, grain)
            for name in dict.fromkeys([*names, *self.evidence.made])
            for grain in self._grains(name)
            if grain != "month" or name in names
        ]
        rows = [row for name, grain in lines if (row := self._line(name, grain))]
        refused = {each.name: each.reason for each in self._refused if each.part == "month"}
        without = [
            f"{self.evidence.label(name)} has no months: {refused[name]}."
            for name in names
            if name in refused
        ]
        drawn = [grain for grain in _BACK if any(grain == each for _, each in lines)]
        back = (
            "A line goes back at most"
            f" {join_words([f'{_BACK[grain][1]} by {humanize(grain)}' for grain in drawn or ['month']])}."
        )
        latest = (
            "Each line has its own scale; the open dot is the latest period, which is shown up to"
            f" {day_end(self.evidence.model)}."
        )
        part = (
            "Where it is not over, what happens in it is compared with the same part of the one"
            " before; what stands, is asked or looks back at its end, with that of the one before."
        )
        caption = " ".join([latest, part, back, *without])
        return Figure(
            "7.3",
            "How did they move?",
            f"By {join_words([humanize(grain) for grain in drawn or ['month']])}",
            table(frame_for(rows, columns), columns),
            caption,
        )

    @cached_property
    def _refused(self) -> list[metrics.Refusal]:
        return metrics.refusals(self.evidence.model)

    def _grains(self, name: str) -> list[str]:
        """The grains of a number, months first."""
        return sorted(
            metrics.grains_of(self.evidence.model, name), key=lambda grain: grain != "month"
        )

    def _line(self, name: str, grain: str) -> dict[str, Any] | None:
        outcome, made = self.evidence.made[name], metrics.period_table(name, grain)
        if outcome.value is None or not self.context.has(made):
            return None
        frame = _recent(self.context.frame(made), grain)
        values = frame["value"].to_list()
        points = _points(values, outcome)
        if not points:
            return None

        def said(value: Any, sign: bool = False) -> str:
            return wording.format_metric_value(value, outcome.kind, outcome.unit, sign=sign)

        before, about = self._before(name, grain, frame)
        change = values[-1] - before if before is not None and values[-1] is not None else None
        label = self.evidence.label(name) + (f" by {humanize(grain)}" if grain != "month" else "")
        kind = _KINDS.get(metrics.nature_of(self.evidence.model, name), "").format(
            humanize(grain)
        ) + self._named(frame, grain)
        return {
            "metric": label,
            "kind": kind,
            "spark": points,
            "first": said(values[0]),
            "before": said(before),
            "last": said(values[-1]),
            "change": said(change, True),
            **about,
        }

    def _before(self, name: str, grain: str, frame: pl.DataFrame) -> tuple[Any, dict[str, str]]:
        """What the latest period is compared with, and what both are: of what happens in one
        that is not over the same part of the one before, of all else its end.
        """
        model = self.evidence.model
        ago = metrics.metrics_of(model).metrics[name].ago
        starts, part = frame[grain].to_list(), metrics.part_before(model, grain)
        latest = period_name(model, grain, _back(model, grain, starts[-1], ago))
        if len(starts) < 2:
            return None, {"last_of": latest, "before_of": ""}
        earlier = period_name(model, grain, _back(model, grain, starts[-2], ago))
        if ago or not part or starts[-1] != metrics.newest_first(model, grain):
            return frame["value"][-2], {"last_of": latest, "before_of": earlier}
        if not metrics.grows_within(model, name, grain):
            end = calendar_of(model).next_start(starts[-2], grain) - dt.timedelta(days=1)
            return frame["value"][-2], {
                "last_of": f"at {number.date(model.project.as_of, long=True)}",
                "before_of": f"at {number.date(end, long=True)}",
            }
        latest = f"{latest} up to {number.date(model.project.as_of, long=True)}"
        if self.context.has(table := metrics.before_name(name, grain)):
            before_of = f"{earlier} up to {number.date(part.last, long=True)}"
            return self.context.frame(table)["value"][0], {
                "last_of": latest,
                "before_of": before_of,
            }
        return None, {"last_of": latest, "before_of": f"no value of {earlier} up to the same day"}

    def _named(self, frame: pl.DataFrame, grain: str) -> str:
        """What the latest fiscal period is called."""
        called = (
            "" if frame.is_empty() else period_named(self.evidence.model, grain, frame[grain].max())
        )  # type: ignore[arg-type]
        return f"; the latest is {called}" if called else ""

    # ---- by segment

    def by_segment(self) -> Figure:
        """Figure 7.4: every number by its dimensions, month by month and as it is, with its
        total and what belongs to no segment.
        """
        columns = [
            Column("segment", "Segment", "value", cls="internal", tone="tone", small="people"),
            Column("spark", "Month by month", "spark"),
            Column("rows", "Rows", "int", small="people"),
            Column("value_text", "Value", "written", tone="tone", small="people"),
            Column("share", "Share", "percent", small="people"),
            Column("bar", " ", "bar", scale=1, small="people"),
            Column("people", " ", "int"),
        ]
        rows = [
            row
            for name in self.evidence.made
            for dimension in metrics.metrics_of(self.evidence.model).metrics[name].by
            for row in self._segments(name, dimension)
        ]
        frame = frame_for(rows, [*columns, Column("title")]).with_columns(
            pl.col("people").cast(pl.Int64)
        )
        caption = (
            "What has no segment stands under “(none)”, what belongs to nobody we know under “(not"
            " linked)”, what belongs to several under “(several)”: nothing is dropped or counted"
            " twice. Where a share is empty, segments do not add up to the total: one thing may"
            " stand in several. Each line has its own scale; a month in which a segment counts"
            " nothing is left open. Earlier months are split by the segments of today too, but for"
            " what held “then”: of a payment or anything else with a day of its own on that day, of"
            " all else at each month's end. Of what stands at a month's end, rules, lifecycle"
            " states and values that only the past knows are asked at that end too."
        )
        subtitle = (
            f"{at_the_end(self.evidence.model)}; a customer's segment is the one of today, unless"
            " it says “then”"
        )
        return Figure(
            "7.4",
            "Which segments carry the numbers?",
            subtitle,
            table(frame, columns[:-1], group="title"),
            caption,
        )

    def _segments(self, name: str, dimension: str) -> list[dict[str, Any]]:
        outcome, made = self.evidence.made[name], metrics.segment_table(name, dimension)
        if outcome.value is None or not self.context.has(made):
            return []
        frame = self.context.frame(made).sort(pl.col("rows_counted"), descending=True)
        frame = frame.sort(
            pl.col("exact").abs(), descending=True, nulls_last=True, maintain_order=True
        )
        split = dimension_of(dimension)
        protected = not shown(metrics.class_of_dimension(self.evidence.model, split))
        named = tokens(frame["segment"].to_list(), split.attribute) if protected else {}
        # a line tells of few people in some month what it may not tell of them today
        lines = {} if protected else self._lines(name, dimension)
        adds = metrics.adds_up(self.evidence.model, name) and bool(outcome.exact)
        decimal = (
            self.evidence.model.type_of(split.entity or self._entity(name), split.attribute)
            == "decimal"
        )
        title = (
            f"{self.evidence.label(name)} by"
            f" {self._by(name, split)}{f' at {humanize(split.event)}' if split.event else ''}"
        )
        title += (
            f" as it was then{'' if protected else self._elsewhere(name, split, frame)}"
            if split.then
            else ""
        )

        def row(
            segment: str, value: Any, exact: Decimal | None, rows: int, **more: Any
        ) -> dict[str, Any]:
            share = (
                float(exact / outcome.exact)
                if adds and exact is not None and outcome.exact
                else None
            )
            bar = share if share is not None and share >= 0 else None
            said = wording.format_metric_value(value, outcome.kind, outcome.unit)
            return {
                "title": title,
                "segment": segment,
                "value_text": said,
                "share": share,
                "bar": bar,
                "rows": rows or None,
                "tone": "",
                "people": None,
                "spark": None,
                **more,
            }

        rows = [
            row(
                _bucket(member, named, decimal=decimal),
                value,
                exact,
                counted,
                people=counted if protected else None,
                spark=lines.get(member),
            )
            for member, value, exact, counted in (
                frame.head(_MOST).select("segment", "value", "exact", "rows_counted").iter_rows()
            )
        ]
        rest = frame.slice(_MOST)
        if rest.height:
            exact = (
                sum((value for value in rest["exact"] if value is not None), Decimal(0))
                if adds
                else None
            )
            rows.append(row(f"{rest.height} more", exact, exact, int(rest["rows_counted"].sum())))
        return [
            *rows,
            row(
                "Total",
                outcome.value,
                outcome.exact,
                outcome.rows,
                tone="strong",
                bar=None,
                spark=self._whole(name),
            ),
        ]

    def _by(self, name: str, split: Dimension) -> str:
        """A dimension in words; the entity is named where it is another than the one that is
        counted, and its name is not in them already.
        """
        attribute = humanize(split.attribute)
        plain = split.entity in ("", self._entity(name)) or f" {attribute} ".startswith(
            f" {humanize(split.entity)} "
        )
        return attribute if plain else f"{humanize(split.entity)} {attribute}"

    def _entity(self, name: str) -> str:
        """The entity whose rows a number counts; '' of a ratio or formula."""
        model = self.evidence.model
        plain = metrics.metrics_of(model).metrics[name].type in ("simple", "cumulative")
        return metrics.resolved(model, name).entity if plain else ""

    def _elsewhere(self, name: str, split: Dimension, frame: pl.DataFrame) -> str:
        """How much of a number stands in another segment today, at least: what segments have
        more of by what was then than by today.
        """
        outcome, today = self.evidence.made[name], metrics.segment_table(name, split.name)
        if not metrics.adds_up(self.evidence.model, name) or not self.context.has(today):
            return ""
        both = frame.join(self.context.frame(today), on="segment", how="left", suffix="_today")
        more = both.select(
            (pl.col("exact") - pl.col("exact_today").fill_null(0)).clip(lower_bound=0).sum()
        ).item()
        return (
            " (at least"
            f" {wording.format_metric_value(wording.round_money(more, outcome.kind), outcome.kind, outcome.unit)}"
            " elsewhere by what holds today)"
            if more
            else ""
        )

    def _whole(self, name: str) -> list[float | None] | None:
        """The months of a number in all."""
        made = metrics.period_table(name, "month")
        return (
            _points(
                _recent(self.context.frame(made), "month")["value"].to_list(),
                self.evidence.made[name],
            )
            if self.context.has(made)
            else None
        )

    def _lines(self, name: str, dimension: str) -> dict[str, list[float | None] | None]:
        """Of each segment its value month by month, over the months of the number itself."""
        made, whole = (
            metrics.period_table(name, "month", dimension),
            metrics.period_table(name, "month"),
        )
        if not self.context.has(made) or not self.context.has(whole):
            return {}
        months = _recent(self.context.frame(whole), "month").select("month")
        split = self.context.frame(made)
        return {
            member: _points(
                months.join(split.filter(pl.col("segment") == member), on="month", how="left")
                .sort("month")["value"]
                .to_list(),
                self.evidence.made[name],
            )
            for member in split["segment"].unique()
        }


def _back(model: Model, grain: str, start: dt.date, periods: int) -> dt.date:
    """The start of the period so many before the one that starts here."""
    for _ in range(periods):
        start = calendar_of(model).start_of(start - dt.timedelta(days=1), grain)
    return start


def _recent(frame: pl.DataFrame, grain: str) -> pl.DataFrame:
    """The newest periods, by date: a lone row of the year 1 is not the period before."""
    dated = frame.drop_nulls(grain).sort(grain)
    return dated.filter(pl.col(grain) > pl.col(grain).max().dt.offset_by(f"-{_BACK[grain][0]}"))


def _points(values: list[Any], outcome: MetricResult) -> list[float | None] | None:
    """What a line shows; None where nothing is known or values are no amounts."""
    if not any(isinstance(value, (int, Decimal)) for value in values):
        return None
    scale = 100 if outcome.unit == metrics.SHARE else 1
    return [None if value is None else float(value) * scale for value in values]


def _bucket(segment: str, named: dict[str, str], *, decimal: bool = False) -> str:
    """A segment as a page names it; of a decimal attribute as people write a number: `2`, not
    `2.000000`.
    """
    if segment in (metrics.NO_VALUE, metrics.NOT_LINKED, metrics.SEVERAL):
        return segment
    written = segment.rstrip("0").rstrip(".") if decimal and "." in segment else segment
    return named.get(segment, written)
