"""Figure 7.4: metrics by segment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from workbook import metrics
from workbook.metrics.report.metric_wording import format_metric_value, round_money
from workbook.model import Dimension, dimension_of
from workbook.privacy import shown, tokens
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.metrics_series import points, recent
from workbook.steps.period_labels import at_the_end
from workbook.steps.step import Step
from workbook.words.wording import humanize

_MOST = 12  # segments of one dimension that a figure shows
_AT = "figures.by_segment"
Row = dict[str, Any]
Line = list[float | None] | None


@dataclass(frozen=True)
class Segments:
    """The metrics of a run by their dimensions."""

    step: Step
    evidence: metrics.MetricEvidence

    def figure(self) -> Figure:
        """Every metric by its dimensions, month by month and as it is, with its total and what
        belongs to no segment.
        """
        columns = self.step.heads(
            "by_segment",
            Column("segment", kind="value", cls="internal", tone="tone", small="people"),
            Column("spark", kind="spark"),
            Column("rows", kind="int", small="people"),
            Column("value_text", kind="written", tone="tone", small="people"),
            Column("share", kind="percent", small="people"),
            Column("bar", " ", "bar", scale=1, small="people"),
            Column("people", " ", "int"),
        )
        rows = [
            row
            for name in self.evidence.made
            for dimension in metrics.metrics_of(self.evidence.model).metrics[name].by
            for row in self._segments(name, dimension)
        ]
        frame = frame_for(rows, [*columns, Column("title")]).with_columns(
            pl.col("people").cast(pl.Int64)
        )
        return self.step.figure(
            "by_segment",
            table(frame, columns[:-1], group="title"),
            as_of=at_the_end(self.evidence.model),
        )

    def _segments(self, name: str, dimension: str) -> list[Row]:
        """The rows of one metric by one dimension: the largest segments, the rest, the total."""
        context, outcome = self.step.context, self.evidence.made[name]
        result = metrics.segment_table(name, dimension)
        if outcome.value is None or not context.has(result):
            return []
        frame = context.frame(result).sort(pl.col("rows_counted"), descending=True)
        frame = frame.sort(
            pl.col("exact").abs(), descending=True, nulls_last=True, maintain_order=True
        )
        split = dimension_of(dimension)
        protected = not shown(metrics.class_of_dimension(self.evidence.model, split))
        named = tokens(frame["segment"].to_list(), split.attribute) if protected else {}
        # a line tells of few people in some month what it may not tell of them today
        lines = {} if protected else self._lines(name, dimension)
        decimal = self._is_decimal(name, split)
        elsewhere = self._elsewhere(name, split, frame) if split.then and not protected else ""
        title = self._title(name, split, elsewhere)
        rows = [
            self._row(
                name,
                title,
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
            label = self.step.text(f"{_AT}.rest", count=rest.height)
            exact = self._sum(name, rest)
            counted = int(rest["rows_counted"].sum())
            rows.append(self._row(name, title, label, exact, exact, counted))
        total = self._row(
            name,
            title,
            self.step.text(f"{_AT}.total"),
            outcome.value,
            outcome.exact,
            outcome.rows,
            spark=self._whole(name),
        )
        return [*rows, {**total, "tone": "strong", "bar": None}]

    def _row(
        self,
        name: str,
        title: str,
        segment: str,
        value: Any,
        exact: Decimal | None,
        counted: int,
        *,
        people: int | None = None,
        spark: Line = None,
    ) -> Row:
        outcome = self.evidence.made[name]
        share = (
            float(exact / outcome.exact)
            if self._adds(name) and exact is not None and outcome.exact
            else None
        )
        return {
            "title": title,
            "segment": segment,
            "value_text": format_metric_value(value, outcome.kind, outcome.unit),
            "share": share,
            "bar": share if share is not None and share >= 0 else None,
            "rows": counted or None,
            "tone": "",
            "people": people,
            "spark": spark,
        }

    def _adds(self, name: str) -> bool:
        """Whether segments are parts of a total that is not zero."""
        return metrics.adds_up(self.evidence.model, name) and bool(self.evidence.made[name].exact)

    def _sum(self, name: str, frame: pl.DataFrame) -> Decimal | None:
        """The sum of some segments; None where they do not add up."""
        if not self._adds(name):
            return None
        return sum((value for value in frame["exact"] if value is not None), Decimal(0))

    def _is_decimal(self, name: str, split: Dimension) -> bool:
        of = split.entity or self._entity(name)
        return self.evidence.model.type_of(of, split.attribute) == "decimal"

    def _title(self, name: str, split: Dimension, elsewhere: str) -> str:
        """A metric by a dimension, at an event or as it was at the time."""
        model = self.evidence.model
        unlike = (
            metrics.unlike_history(model, self.step.context, name, split) if elsewhere else None
        )
        source = model.history.history[split.name].from_ if unlike else ""
        differ, every = unlike or (0, 0)
        return self.step.text(
            f"{_AT}.name",
            metric=self.evidence.label(name),
            dimension=self._by(name, split),
            event=split.event,
            then=split.then,
            elsewhere=elsewhere,
            source=source,
            differ=differ,
            every=every,
            entity=split.entity or self._entity(name),
        )

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
        """The entity whose rows a metric counts; '' of a ratio or formula."""
        model = self.evidence.model
        plain = metrics.metrics_of(model).metrics[name].type in ("simple", "cumulative")
        return metrics.resolved(model, name).entity if plain else ""

    def _elsewhere(self, name: str, split: Dimension, frame: pl.DataFrame) -> str:
        """How much of a metric is in another segment today, at least: what segments have more of
        by what was then than by today; '' where it is nothing.
        """
        context, outcome = self.step.context, self.evidence.made[name]
        today = metrics.segment_table(name, split.name)
        if not metrics.adds_up(self.evidence.model, name) or not context.has(today):
            return ""
        both = frame.join(context.frame(today), on="segment", how="left", suffix="_today")
        more = both.select(
            (pl.col("exact") - pl.col("exact_today").fill_null(0)).clip(lower_bound=0).sum()
        ).item()
        if not more:
            return ""
        return format_metric_value(round_money(more, outcome.kind), outcome.kind, outcome.unit)

    def _whole(self, name: str) -> Line:
        """The months of a metric in all."""
        result = metrics.period_table(name, "month")
        if not self.step.context.has(result):
            return None
        months = recent(self.step.context.frame(result), "month")
        return points(months["value"].to_list(), self.evidence.made[name])

    def _lines(self, name: str, dimension: str) -> dict[str, Line]:
        """Of each segment its value month by month, over the months of the metric itself."""
        context = self.step.context
        result = metrics.period_table(name, "month", dimension)
        whole = metrics.period_table(name, "month")
        if not context.has(result) or not context.has(whole):
            return {}
        months = recent(context.frame(whole), "month").select("month")
        split = context.frame(result)
        return {
            member: points(
                months.join(split.filter(pl.col("segment") == member), on="month", how="left")
                .sort("month")["value"]
                .to_list(),
                self.evidence.made[name],
            )
            for member in split["segment"].unique()
        }


def _bucket(segment: str, named: dict[str, str], *, decimal: bool = False) -> str:
    """A segment as a page names it; of a decimal attribute as people write a number: `2`, not
    `2.000000`.
    """
    if segment in (metrics.NO_VALUE, metrics.NOT_LINKED, metrics.SEVERAL):
        return segment
    written = segment.rstrip("0").rstrip(".") if decimal and "." in segment else segment
    return named.get(segment, written)
