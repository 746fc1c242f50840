"""What a metric was when its month was reported, what it is now, and how many late-arriving
records lie between; by recorded time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from workbook import history
from workbook.engine import Plan, Table
from workbook.metrics import kind_of, month_table, unit_of_metric
from workbook.metrics.compile.as_of_clock import MONTHS as MONTHS_LISTED
from workbook.metrics.report import metric_wording
from workbook.model.as_of import is_undated
from workbook.model.table_names import table_of
from workbook.scenarios.context import Context

MONTHS = 6  # reports that are looked back on; each is another plan below the late sources
_NOW = "__as_known_now"


@dataclass(frozen=True)
class Restated:
    """One metric in one month: as reported, as known now, the late-arriving records of each
    source that it uses, and those of its sources of which no earlier state is known.
    """

    metric: str
    label: str
    month: dt.date
    reported: Decimal | None
    now: Decimal | None
    late: tuple[tuple[str, int], ...]
    kind: str
    unit: str
    unknown: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the figure differs today from its report."""
        return self.reported != self.now

    @property
    def rows(self) -> int:
        """How many records arrived late."""
        return sum(count for _, count in self.late)

    def say(self, value: Decimal | None, *, sign: bool = False) -> str:
        """A value, or a difference, in the metric's unit."""
        return metric_wording.format_metric_value(value, self.kind, self.unit, sign=sign)


class Restatement:
    """The headline metrics and those whose movements are kept, month by month, as they were
    reported and as they are now.

    A month is reported `lag` days after its end. Who is which customer, and every decision, are
    those of today.
    """

    def __init__(self, context: Context, lag: int = 0, months: int = MONTHS) -> None:
        self.context = context
        self.model = context.model
        self.lag = max(0, lag)
        self.months = months

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that are looked at and have months."""
        declared = self.model.metrics
        if self.model.is_open("metrics"):
            return ()
        moved = {movement.of for movement in declared.movements.values()}
        named = [
            *(self.model.grain.headline),
            *(
                name
                for name, metric in declared.metrics.items()
                if metric.measure in moved and not metric.filter
            ),
        ]
        return tuple(name for name in dict.fromkeys(named) if self.context.has(month_table(name)))

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """The sources that each metric depends on, however far down."""
        tables = {table_of(source): source for source in self.model.source_names}
        return {
            metric: tuple(
                tables[name] for name in sorted(self._under(month_table(metric))) if name in tables
            )
            for metric in self.metrics
        }

    def _under(self, table: str) -> set[str]:
        """All tables that one depends on; the list of months counts for none, because every dated
        source has a say in it.
        """
        found, waiting = {table}, [table]
        while waiting:
            reads = set(self.context.plan[waiting.pop()].reads) - found - {MONTHS_LISTED}
            found |= reads
            waiting.extend(reads)
        return found

    @cached_property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """Sources that the metrics use and of which no earlier state can be told: name, and the
        reason by its name in the catalogue.
        """
        used = dict.fromkeys(source for sources in self.sources.values() for source in sources)
        found = [history.snapshot_support(self.model, source) for source in sorted(used)]
        return tuple((support.source, support.reason) for support in found if not support.form)

    def _unknown_of(self, metric: str) -> tuple[str, ...]:
        """The sources of a metric of which no earlier state can be told."""
        return tuple(name for name, _ in self.unknown if name in self.sources[metric])

    @cached_property
    def unlisted(self) -> list[tuple[str, str]]:
        """Headline metrics of which no month is compared: label, and the reason by its name in
        the catalogue.
        """
        listed, found = {row.metric for row in self.rows}, []
        for metric in () if self.model.is_open("metrics") else self.model.grain.headline:
            if metric in listed:
                continue
            overwritten = metric in self.metrics and self._unknown_of(metric)
            reason = "overwritten" if overwritten else "none_late"
            found.append(
                (
                    metric_wording.label_of(self.model, metric),
                    reason if metric in self.metrics else "no_months",
                )
            )
        return found

    @cached_property
    def reports(self) -> dict[dt.date, tuple[dt.datetime, dt.datetime]]:
        """The months that have ended and were reported by the as-of day: their end, and when
        they were reported; the newest last.
        """
        day = self.model.project.as_of
        if not isinstance(day, dt.date) or is_undated(self.model):
            return {}
        now = dt.datetime.combine(day, dt.time()) + dt.timedelta(days=1)
        end, found = now.replace(day=1), {}
        while len(found) < self.months and end.year > 1900:
            start = (end - dt.timedelta(days=1)).replace(day=1)
            if end + dt.timedelta(days=self.lag) <= now:
                found[start.date()] = (end, end + dt.timedelta(days=self.lag))
            end = start
        return dict(sorted(found.items()))

    @cached_property
    def late(self) -> dict[dt.date, dict[str, int]]:
        """Late rows by month and source; months without any are left out."""
        if not self.context.has(history.LATE) or not self.reports or not self.metrics:
            return {}
        rows = self.context.query(
            history.late_sql((month, *times) for month, times in self.reports.items())
        )
        found: dict[dt.date, dict[str, int]] = {}
        for month, source, late in rows.iter_rows():
            found.setdefault(month, {})[source] = late
        return found

    @cached_property
    def rows(self) -> list[Restated]:
        """One row per metric and month in which rows that it depends on came late, by metric, the
        newest month first.
        """
        found = [row for month in self.late for row in self._month(month)]
        return sorted(
            found, key=lambda row: (self.metrics.index(row.metric), -row.month.toordinal())
        )

    def _month(self, month: dt.date) -> Iterator[Restated]:
        touched = [
            metric for metric in self.metrics if set(self.late[month]) & set(self.sources[metric])
        ]
        if not touched:
            return
        then = self.as_known(self.reports[month][1])
        for metric in touched:
            late = tuple(
                (source, count)
                for source, count in sorted(self.late[month].items())
                if source in self.sources[metric]
            )
            reported, now = (_value(context, metric, month) for context in (then, self.context))
            kind, unit = kind_of(self.model, metric), unit_of_metric(self.model, metric)
            yield Restated(
                metric,
                metric_wording.label_of(self.model, metric),
                month,
                reported,
                now,
                late,
                kind,
                unit,
                self._unknown_of(metric),
            )

    def as_known(self, at: dt.datetime) -> Context:
        """The same decisions over the sources as they were known at a moment, where that can be
        told.
        """
        tables = dict(self.context.plan.tables)
        for support in history.reconstructable_sources(self.model):
            name = table_of(support.source)
            if name in tables:
                current = tables[name]
                columns = self.context.engine.artifact(self.context.plan, name).columns
                tables[name + _NOW] = replace(current, name=name + _NOW)
                tables[name] = Table(
                    name,
                    current.row_is,
                    current.step,
                    current.pattern,
                    current.keys,
                    history.as_known_sql(self.model, support, columns, name + _NOW, at),
                    classes=current.classes,
                )
        return Context(
            self.model,
            Plan(tables.values()),
            self.context.engine,
            self.context.planner,
            self.context.steps,
        )


def _value(context: Context, metric: str, month: dt.date) -> Decimal | None:
    frame = context.frame(month_table(metric))
    found = frame.filter(frame["month"] == month)["value"].to_list()
    return None if not found or found[0] is None else Decimal(str(found[0]))
