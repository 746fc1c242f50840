"""When a page's numbers are of: the end of the as-of day, and the names of periods."""

from __future__ import annotations

import datetime as dt

from workbook.model import Model
from workbook.model.as_of import UNDATED, is_undated
from workbook.model.calendar import calendar_of
from workbook.model.times import zone_of
from workbook.words import number, words_of

_SHARED = words_of("shared")


def day_end(model: Model) -> str:
    """The as-of day, and whose midnight ends it where the business has a time zone; that there
    is none, where nothing is dated.
    """
    if is_undated(model):
        return UNDATED
    zone = zone_of(model)
    day = number.date(model.project.as_of, long=True)
    return _SHARED.text("as_of.zoned", day=day, zone=str(zone)) if zone else day


def period_named(model: Model, grain: str, start: dt.date) -> str:
    """What a fiscal period is called; '' where a period is one of the calendar."""
    return calendar_of(model).name_of(start, grain) if grain.startswith("fiscal_") else ""


def at_the_end(model: Model) -> str:
    """When a number is counted: at the end of the as-of day, or that nothing is dated."""
    if is_undated(model):
        return UNDATED.capitalize()
    return _SHARED.text("as_of.end", day=day_end(model))
