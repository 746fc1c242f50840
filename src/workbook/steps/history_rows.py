"""Rows of page 06: tables under the heads of their groups, and how often an event counts."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from workbook import history
from workbook.show import Body, Column, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words.wording import humanize

SHOWN_CLASSES = ("public", "internal")  # their values may be named on the page


def grouped_table(rows: history.Rows, columns: list[Column]) -> Body:
    """A table of rows under the heads of their groups."""
    groups = pl.Series("group", [row.get("group", "") for row in rows], dtype=pl.String)
    frame = frame_for(rows, columns).with_columns(groups)
    dated = [column.name for column in columns if column.kind == "date"]
    return table(frame.with_columns(pl.col(dated).cast(pl.Date)), columns, group="group")


def event_scope(step: Step, event: str) -> str:
    """That an event counts once for each of its entity, where it does; '' else."""
    declared = step.model.history.events
    spec = declared.get(event)
    if spec is None or not (spec.last or spec.first):
        return ""
    scope = "first" if not spec.last else "last"
    if spec.last and history.runs_on(step.model, event):
        scope = "last_ended"
    return step.text(f"scope.{scope}", entity=spec.of)


def names_of(fields: Iterable[str]) -> list[str]:
    """Names of the model as words.

    >>> names_of(["account.health_score"])
    ['account health score']
    """
    return [humanize(field) for field in fields]
