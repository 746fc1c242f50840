"""The headline numbers as values: what the cover quotes, and what they would be under other decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from workbook.metrics import kind_of, phrases, unit_of_metric, value_table
from workbook.steps.base import Context


@dataclass(frozen=True)
class HeadlineNumber:
    """One headline metric: its label, its value (None where it has none, or is a day: then `day`), and how it is written."""

    metric: str
    label: str
    value: Decimal | None
    kind: str
    unit: str
    day: dt.date | None = None

    @property
    def answer(self) -> Decimal | dt.date | None:
        """Its value or its day."""
        return self.value if self.day is None else self.day

    def say(self, value: Decimal | dt.date | None, *, sign: bool = False) -> str:
        """A value, or a difference, in the metric's unit."""
        return phrases.said(value, self.kind, self.unit, sign=sign)


def headline_numbers(context: Context) -> dict[str, HeadlineNumber]:
    """The metrics that the grain page names as headlines, by label, in that order; those that cannot be computed are left out."""
    model = context.model
    found = {}
    for name in model.grain.headline if model.grain else ():
        if context.has(value_table(name)):
            value = context.frame(value_table(name))["value"][0]
            day = value if isinstance(value, dt.date) else None
            plain = None if value is None or day else Decimal(str(value))
            label = phrases.label_of(model, name)
            found[label] = HeadlineNumber(name, label, plain, kind_of(model, name), unit_of_metric(model, name), day)
    return found
