"""Figure 5.5: documented exceptions, and whether they are in force."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbook import survivorship
from workbook.scenarios.masked_reasons import readable_reasons
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words import words_of
from workbook.words.wording import capital, humanize

_NOBODY = words_of("shared").text("owner.nobody")
_HIDDEN = "…"
_NAMES = ("person_name", "full_name")  # types


def exceptions_figure(step: Step) -> Figure:
    """One row per exception: what it is about, until when, who decided it, and why."""
    day, at = step.model.project.as_of, "figures.exceptions"
    known = survivorship.exceptions(step.model)
    reasons = readable_reasons(step.context, [e.because for e in known])
    rows = []
    for e in known:
        holds = isinstance(day, dt.date) and e.holds(day)
        use = step.text(f"{at}.own_value")
        if e.use_source:
            use = step.text(f"{at}.takes", source=e.use_source)
        rows.append(
            {
                "state": "fail" if e.trouble else "pass" if holds else "look",
                "field": capital(humanize(e.field)) or step.text(f"{at}.unreadable", line=e.line),
                "use": use if e.field else "",
                "until": e.until,
                "by": e.by or _NOBODY,
                "because": e.trouble
                or (_HIDDEN if e.because and _names_person(step, e.field) else reasons[e.because]),
            }
        )
    columns = step.heads(
        "exceptions",
        Column("state", " ", "check"),
        Column("field"),
        Column("use"),
        Column("until", kind="date"),
        Column("by"),
        Column("because"),
    )
    frame = frame_for(rows, columns)
    if rows:
        frame = frame.with_columns(pl.col("until").cast(pl.Date))
    return step.figure("exceptions", table(frame, columns))


def _names_person(step: Step, field: str) -> bool:
    """Whether a field's values are names of people: why another one stands is about a person."""
    entity, _, attribute = field.partition(".")
    known = step.model.attributes(entity) if entity in step.model.entity_names else {}
    return attribute in known and step.model.type_of(entity, attribute) in _NAMES
