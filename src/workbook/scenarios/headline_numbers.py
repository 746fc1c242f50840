"""The headline numbers as values: what the cover quotes, and what they would be under other
decisions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from workbook.errors import WorkbookError
from workbook.metrics import SHARE, kind_of, unit_of_metric, value_table
from workbook.metrics.report import metric_wording
from workbook.metrics.report.period_wording import period_beside
from workbook.scenarios.context import Context
from workbook.words import number, words_of

Answer = Decimal | dt.date | None


@dataclass(frozen=True)
class NumberChange:
    """One headline number under another decision: its label, what it is and would be as text,
    the change as a share of what it is, and as text.

    `told_in`: of a day `days`, which are no share of anything; of a share `points`, for a share
    of a share is read as neither.
    """

    label: str
    before: str
    after: str
    share: float | None
    by: str = ""  # nothing where it does not move
    told_in: Literal["", "days", "points"] = ""
    period: str = ""  # which it is about, where it is more than the end of the day

    @property
    def named(self) -> str:
        """Its label, with its period."""
        if not self.period:
            return self.label
        return _text("named", label=self.label, period=self.period)

    @property
    def effect(self) -> float:
        """The change as a share, without its sign; of a number that had none, or has none then,
        all of it; of a day nothing.
        """
        return (
            0.0
            if self.told_in == "days" or not self.by
            else abs(self.share)
            if self.share is not None
            else 1.0
        )

    @property
    def said(self) -> str:
        """In words."""
        by = self.by if self.told_in else self.percent
        return _text("moved", label=self.named, before=self.before, after=self.after, by=by)

    @property
    def percent(self) -> str:
        """The change as a share in words; nothing of days and shares, and where there is none."""
        return (
            ""
            if self.share is None or self.told_in
            else f"{'+' if self.share > 0 else ''}{number.percent(self.share, 1, bounds=False)}"
        )


@dataclass(frozen=True)
class HeadlineNumber:
    """One headline metric: its label, its value (None where it has none, or is a day: then
    `day`), and how it is written.
    """

    metric: str
    label: str
    value: Decimal | None
    kind: str
    unit: str
    day: dt.date | None = None
    period: str = ""

    @property
    def answer(self) -> Answer:
        """Its value or its day."""
        return self.value if self.day is None else self.day

    def say(self, value: Decimal | dt.date | None, *, sign: bool = False) -> str:
        """A value, or a difference, in the metric's unit."""
        return metric_wording.format_metric_value(value, self.kind, self.unit, sign=sign)

    def by(self, now: Answer, then: Answer) -> str:
        """By how much the second is above the first: in the metric's unit, or by days; nothing
        where they are one.
        """
        if now == then:
            return ""
        if isinstance(now, dt.date) and isinstance(then, dt.date):
            days = (then - now).days
            sign = "+" if days > 0 else ""
            return _text("days", sign=sign, days=days) if days else _text("same_day")
        if isinstance(now, Decimal) and isinstance(then, Decimal):
            return self.say(then - now, sign=True)
        return _text("value_lost" if then is None else "value_gained")

    def moved(self, then: Answer) -> NumberChange:
        """How it moves to another value."""
        now = self.answer
        share = (
            float((then - now) / abs(now))
            if isinstance(now, Decimal) and isinstance(then, Decimal) and now
            else None
        )
        days = isinstance(now, dt.date) and isinstance(then, dt.date)
        return NumberChange(
            self.label,
            self.say(now),
            self.say(then),
            share,
            self.by(now, then),
            "days" if days else "points" if share is not None and self.unit == SHARE else "",
            self.period,
        )


def headline_numbers(context: Context) -> dict[str, HeadlineNumber]:
    """The metrics that the grain page names as headlines, by label, in that order; those that
    cannot be computed are left out.
    """
    model = context.model
    found = {}
    for name in model.grain.headline:
        if context.has(value_table(name)):
            value = context.frame(value_table(name))["value"][0]
            day = value if isinstance(value, dt.date) else None
            plain = None if value is None or day else Decimal(str(value))
            label = metric_wording.label_of(model, name)
            found[label] = HeadlineNumber(
                name,
                label,
                plain,
                kind_of(model, name),
                unit_of_metric(model, name),
                day,
                period_beside(model, context, name),
            )
    return found


def metric_values(context: Context) -> dict[str, str]:
    """Every metric of 07 by name: its unrounded value as text, empty where it has none or is
    refused.
    """
    return {name: _exact(context, name) for name in (context.model.metrics.metrics)}


def _exact(context: Context, metric: str) -> str:
    """What its table holds, without trailing zeros; nothing where it has no table, or none that
    can be built.
    """
    if not context.has(value_table(metric)):
        return ""
    try:
        row = context.frame(value_table(metric)).row(0, named=True)
    except WorkbookError:
        return ""
    value = row["value"] if row["exact"] is None else row["exact"]
    return (
        ""
        if value is None
        else f"{value.normalize():f}"
        if isinstance(value, Decimal)
        else str(value)
    )


def _text(name: str, /, **values: Any) -> str:
    return words_of("scenarios").text(f"number_change.{name}", **values)
