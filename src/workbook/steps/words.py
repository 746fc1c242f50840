"""How steps say things: names as words, lists, values with their unit, frames for tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from workbook.model import Model
from workbook.model.as_of import UNDATED, is_undated
from workbook.model.calendar import calendar_of
from workbook.model.times import zone_of
from workbook.show import Column, number
from workbook.show.text import in_words


def spoken(name: str) -> str:
    """A name of the model as words, well-known short forms in capitals.

    >>> spoken("churn_rate"), spoken("same_crm_id")
    ('churn rate', 'same CRM id')
    """
    return in_words(name)


def day_end(model: Model) -> str:
    """The as-of day, and whose midnight ends it where the business has a time zone; that there is none, where nothing is dated."""
    if is_undated(model):
        return UNDATED
    zone = zone_of(model)
    return number.date(model.project.as_of, long=True) + (f" ({zone} time)" if zone else "")


def period_named(model: Model, grain: str, start: dt.date) -> str:
    """What a fiscal period is called; '' where a period is one of the calendar."""
    return calendar_of(model).name_of(start, grain) if grain.startswith("fiscal_") else ""


def at_the_end(model: Model) -> str:
    """When a number is counted: at the end of the as-of day, or that nothing is dated."""
    return f"At the end of {day_end(model)}" if not is_undated(model) else UNDATED.capitalize()


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def first_of(names: Iterable[str], most: int = 5) -> str:
    """The first names, and how many more there are."""
    every = list(names)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")


def value_text(value: Any, unit: str = "") -> str:
    """A metric's value as a page writes it: money with its currency, counts whole, absence as a dash.

    A unit of three capitals is a currency; `%` a share; any other word stands behind the number.
    """
    if value is None:
        return "–"
    if len(unit) == 3 and unit.isupper():
        return number.money(value, unit)
    if isinstance(value, dt.date):
        return number.date(value)
    if unit == "%":
        return number.percent(float(value))
    if isinstance(value, (float, Decimal)) and value != int(value):
        return number.number(value, 1, unit)
    return number.number(int(value), 0, unit)


def frame_for(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pl.DataFrame:
    """Rows as a frame that holds every column that a table reads, also when there are none."""
    names = list(dict.fromkeys(name for column in columns for name in column.uses()))
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return pl.DataFrame([{name: row.get(name) for name in names} for row in rows], infer_schema_length=None)
