"""What a metric was when its month was reported, what it is now, and how many late rows lie
between; on the clock of when we learned it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from workbook import history as room
from workbook.engine import Plan, Table
from workbook.finding import Finding
from workbook.metrics import kind_of, month_table, unit_of_metric
from workbook.metrics.compile.time_spine import MONTHS as MONTHS_LISTED
from workbook.metrics.report import wording
from workbook.model.as_of import is_undated
from workbook.model.table_names import table_of
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, table
from workbook.show.frame import frame_for
from workbook.words import number
from workbook.words.wording import join_words

MONTHS = 6  # reports that are looked back on; each is another plan below the late sources
_NOW = "__as_known_now"


@dataclass(frozen=True)
class Restated:
    """One metric in one month: what the report said, what is known now, and the late rows of
    each source that it rests on.
    """

    metric: str
    label: str
    month: dt.date
    reported: Decimal | None
    now: Decimal | None
    late: tuple[tuple[str, int], ...]
    kind: str
    unit: str

    @property
    def moved(self) -> bool:
        """Whether the report would read otherwise today."""
        return self.reported != self.now

    @property
    def rows(self) -> int:
        """How many rows came late."""
        return sum(count for _, count in self.late)

    def say(self, value: Decimal | None, *, sign: bool = False) -> str:
        """A value, or a difference, in the metric's unit."""
        return wording.format_metric_value(value, self.kind, self.unit, sign=sign)


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
        part = self.model.metrics
        if part is None:
            return ()
        moved = {each.of for each in part.movements.values()}
        named = [
            *(self.model.grain.headline if self.model.grain else ()),
            *(
                name
                for name, metric in part.metrics.items()
                if metric.measure in moved and not metric.filter
            ),
        ]
        return tuple(name for name in dict.fromkeys(named) if self.context.has(month_table(name)))

    @cached_property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """The sources that each metric rests on, however far down."""
        tables = {table_of(source): source for source in self.model.source_names}
        return {
            metric: tuple(
                tables[name] for name in sorted(self._under(month_table(metric))) if name in tables
            )
            for metric in self.metrics
        }

    def _under(self, table: str) -> set[str]:
        """All tables that one rests on; the list of months counts for none, because every dated
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
        """Sources that the metrics rest on and of which no earlier state can be told: name and
        why.
        """
        every = dict.fromkeys(source for sources in self.sources.values() for source in sources)
        found = [room.snapshot_support(self.model, source) for source in sorted(every)]
        return tuple((each.source, each.why) for each in found if not each.form)

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
        if not self.context.has(room.LATE) or not self.reports or not self.metrics:
            return {}
        rows = self.context.query(
            room.late_sql((month, *times) for month, times in self.reports.items())
        )
        found: dict[dt.date, dict[str, int]] = {}
        for month, source, late in rows.iter_rows():
            found.setdefault(month, {})[source] = late
        return found

    @cached_property
    def rows(self) -> list[Restated]:
        """One row per metric and month in which rows that it rests on came late, by metric, the
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
                metric, wording.label_of(self.model, metric), month, reported, now, late, kind, unit
            )

    def as_known(self, at: dt.datetime) -> Context:
        """The same decisions over the sources as they were known at a moment, where that can be
        told.
        """
        tables = dict(self.context.plan.tables)
        for each in room.reconstructable_sources(self.model):
            name = table_of(each.source)
            if name in tables:
                made = tables[name]
                columns = self.context.engine.artifact(self.context.plan, name).columns
                tables[name + _NOW] = replace(made, name=name + _NOW)
                tables[name] = Table(
                    name,
                    made.row_is,
                    made.step,
                    made.pattern,
                    made.keys,
                    room.as_known_sql(self.model, each, columns, name + _NOW, at),
                    classes=made.classes,
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


def restated_figure(found: Restatement, at: str) -> Figure:
    """What each month's report said beside what is known now; then the sources of which no
    earlier state can be told.
    """
    rows = [
        {
            "group": row.label,
            "what": _month_said(row.month),
            "state": "look" if row.moved else "pass",
            "reported": row.say(row.reported),
            "now": row.say(row.now),
            "moved": (
                row.say(row.now - row.reported, sign=True)
                if row.moved and row.now is not None and row.reported is not None
                else ""
            ),
            "late": row.rows,
            "because": join_words(
                [f"{number.integer(count)} of {source}" for source, count in row.late]
            ),
        }
        for row in found.rows
    ]
    rows += [
        {
            "group": "Sources whose earlier state nobody kept",
            "what": source,
            "state": "note",
            "because": why,
        }
        for source, why in found.unknown
    ]
    columns = [
        Column("state", " ", "check"),
        Column("what", "Month, or source"),
        Column("reported", "As reported", "written"),
        Column("now", "As known now", "written"),
        Column("moved", "Moved by", "written"),
        Column("late", "Late rows", "int"),
        Column("because", "Because of"),
    ]
    frame = frame_for(rows, [*columns, Column("group")])
    when = "at its end" if not found.lag else f"{number.plural(found.lag, 'day')} after its end"
    title, subtitle = (
        "Which reports would read otherwise today?",
        (
            f"Each month as reported {when} and as known now; of the last"
            f" {number.plural(found.months, 'month')}, those for which rows came late"
        ),
    )
    caption = (
        "✓: the report would read the same today. ▲: it would not. A row is late when it was true"
        " in the month and was written only after the report. Both columns use today's decisions"
        " and today's answer to who is which customer, so that only late rows lie between them."
    )
    if not found.rows:
        caption = (
            "No row that these numbers rest on came after its month had been reported. " + caption
        )
    return Figure(at, title, subtitle, table(frame, columns, group="group"), caption)


def restated_findings(found: Restatement, page: str, owner: str) -> list[Finding]:
    """One finding per metric of which a report would read otherwise: its newest such month."""
    newest: dict[str, Restated] = {}
    for row in found.rows:
        if row.moved:
            newest.setdefault(row.metric, row)
    return [
        Finding("history.restated", "look", _sentence(row), page, row.rows, owner, (row.metric,))
        for row in newest.values()
    ]


def _sentence(row: Restated) -> str:
    late = join_words([f"{number.integer(count)} of {source}" for source, count in row.late])
    return (
        f"{row.label} for {_month_said(row.month)} was {row.say(row.reported)} when reported and is"
        f" {row.say(row.now)} now, because of {number.plural(row.rows, 'late row')}: {late}."
    )


def _month_said(month: dt.date) -> str:
    return f"{number.MONTHS[month.month - 1]} {month.year}"
