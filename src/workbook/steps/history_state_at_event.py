"""Figure 6.6: the value that applied when an event occurred, beside the current value of the same
records.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from workbook import history
from workbook.model import CLASSES
from workbook.show import Column, Figure
from workbook.steps.history_rows import SHOWN_CLASSES, event_scope, grouped_table
from workbook.steps.period_labels import day_end
from workbook.steps.step import Step

MOST = 12  # values that are listed one by one; the rest are one row


def state_at_event_figure(step: Step, evidence: history.HistoryEvidence) -> Figure:
    """Per state at an event and value: how many had it then, and how many have it today."""
    rows = [
        row
        for state, occurrences in evidence.at_events
        for row in _value_rows(step, evidence, state, occurrences)
    ]
    strictest = max(
        (evidence.class_of(state) for state, _ in evidence.at_events),
        key=CLASSES.index,
        default="internal",
    )
    small = "" if strictest in SHOWN_CLASSES else "then"
    columns = [
        Column("value", kind="value", cls=strictest),
        Column("then", kind="int", small=small),
    ]
    if not small:
        columns += [
            Column("bar", " ", "bar"),
            Column("share", kind="percent"),
            Column("now", kind="int"),
        ]
    columns = step.heads("at_event", *columns)
    return step.figure("at_event", grouped_table(rows, columns), day=day_end(step.model))


def _value_rows(
    step: Step,
    evidence: history.HistoryEvidence,
    state: history.StateAtEvent,
    occurrences: pl.DataFrame,
) -> history.Rows:
    then: dict[Any, int] = dict(occurrences.group_by("value").len().rows())
    now = evidence.today(state)
    order = sorted(
        {*then, *now}, key=lambda value: (-then.get(value, 0), -now.get(value, 0), str(value))
    )
    group = step.text(
        "figures.at_event.group",
        attribute=state.attribute,
        event=state.event,
        scope=event_scope(step, state.event),
    )
    unknown = (
        step.text("figures.at_event.unknown") if evidence.class_of(state) in SHOWN_CLASSES else None
    )
    rows = [
        {
            "group": group,
            "value": unknown if value is None else str(value),
            "then": then.get(value, 0),
            "bar": then.get(value, 0),
            "share": then.get(value, 0) / occurrences.height,
            "now": now.get(value, 0),
        }
        for value in order[:MOST]
    ]
    if rest := order[MOST:]:
        rows.append(
            {
                "group": group,
                "value": None,
                "then": sum(then.get(value, 0) for value in rest),
                "now": sum(now.get(value, 0) for value in rest),
            }
        )
    return rows
