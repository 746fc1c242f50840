"""Figures that late-arriving records have restated since they were reported: 6.3."""

from __future__ import annotations

from typing import Any

from workbook.finding import Finding
from workbook.model import Model
from workbook.scenarios.restatement import Restated, Restatement
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words import finding, words_of
from workbook.words.wording import capital, humanize, join_words

_AT = "figures.restated"


def restated_figure(step: Step, restatement: Restatement) -> Figure:
    """Each month's report beside what is known now; then the sources of which no earlier state
    can be told.
    """
    rows = [_month_row(step, row) for row in restatement.rows]
    rows += [
        {
            "group": step.text(f"{_AT}.sources"),
            "what": capital(humanize(source)),
            "state": "note",
            "because": step.text(f"{_AT}.reasons.{reason}"),
        }
        for source, reason in restatement.unknown
    ]
    columns = step.heads(
        "restated",
        Column("state", " ", "check"),
        Column("what"),
        Column("reported", kind="written"),
        Column("now", kind="written"),
        Column("moved", kind="written"),
        Column("late", kind="int"),
        Column("because"),
    )
    frame = frame_for(rows, [*columns, Column("group")])
    none_late = "" if restatement.rows else step.text(f"{_AT}.none_late")
    absent = [
        step.text(f"{_AT}.unlisted.{reason}", labels=labels)
        for reason in dict.fromkeys(reason for _, reason in restatement.unlisted)
        if (labels := [label for label, item in restatement.unlisted if item == reason])
    ]
    return step.figure(
        "restated",
        table(frame, columns, group="group"),
        " ".join(filter(None, (none_late, step.text(f"{_AT}.caption"), *absent))),
        lag=restatement.lag,
        months=restatement.months,
    )


def _month_row(step: Step, row: Restated) -> dict[str, Any]:
    unchanged = "unassessed" if row.unknown else "unchanged"
    change = "" if row.moved else step.text(f"{_AT}.{unchanged}")
    if row.moved and row.now is not None and row.reported is not None:
        change = row.say(row.now - row.reported, sign=True)
    return {
        "group": row.label,
        "what": step.text(f"{_AT}.month", month=row.month),
        "state": "look" if row.moved else "untested" if row.unknown else "pass",
        "reported": row.say(row.reported),
        "now": row.say(row.now),
        "moved": change,
        "late": row.rows,
        "because": join_words(late_by_source(row)),
    }


def late_by_source(row: Restated) -> list[str]:
    """The late-arriving records of each source."""
    return [
        words_of("history").text(f"{_AT}.because", count=count, source=source)
        for source, count in row.late
    ]


def restated_findings(model: Model, restatement: Restatement) -> list[Finding]:
    """One finding per metric of which a report has been restated: its newest such month."""
    newest: dict[str, Restated] = {}
    for row in restatement.rows:
        if row.moved:
            newest.setdefault(row.metric, row)
    return [
        finding(
            model,
            "history.restated",
            row.rows,
            (row.metric,),
            label=row.label,
            month=row.month,
            reported=row.say(row.reported),
            now=row.say(row.now),
            sources=late_by_source(row),
        )
        for row in newest.values()
    ]
