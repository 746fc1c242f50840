"""What happened, and what changed, before an event or a movement of a metric; beside the same
days of those whom it has not met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbook import history as room
from workbook.engine import quote
from workbook.engine.sql import text
from workbook.errors import WorkbookError, did_you_mean
from workbook.metrics import movement_detail_table
from workbook.model.times import instant, zone_of
from workbook.scenarios.context import Context
from workbook.show import Column, Figure, table
from workbook.show.frame import frame_for
from workbook.words import number
from workbook.words.wording import humanize, join_words

GROWTH = "expansion"  # the kind of movement that is shown beside the end of a life


@dataclass(frozen=True)
class _Asked:
    """One event: of which entity, SQL of its occurrences and of those who could have met it (''
    where the model says both), who the others are.
    """

    entity: str
    name: str
    occurrences: str = ""
    among: str = ""
    others: str = "whom it has not met"


def before_figure(
    context: Context, evidence: room.Evidence, at: str, event: str, days: int
) -> Figure:
    """One event of the model, or one kind of a movement; none named: those of the model, or the
    event that ends a life and what grows one.

    Raises:
        WorkbookError: nothing of that name happens.
    """
    named = (event,) if event else evidence.part.before
    asked = [_asked(context, evidence, name) for name in named] or _usual(context, evidence)
    rows, said = [], []
    for each in asked:
        found = _ranked(
            evidence.before_each(each.entity, each.name, days, each.occurrences, each.among)
        )
        met, others = (
            max(row[kind] for row in found) if found else 0 for kind in ("occurrences", "peers")
        )
        said.append(
            f"{upper(humanize(each.name))}: {number.plural(met, 'occurrence')}, beside"
            f" {number.plural(others, 'other')} {each.others}."
        )
        rows += [{**row, "group": f"Before {humanize(each.name)}"} for row in found]
    columns = [
        Column("happening", "What happened"),
        Column("occurrences", "Occurrences", "int"),
        Column("share", "Had one or more", "percent"),
        Column("met_median", "Median count", "number", decimals=0),
        Column("peers_share", "Of the others", "percent"),
        Column("peers_median", "Their median", "number", decimals=0),
        Column("gap", "Points apart", "diverging", colours=("d2",)),
    ]
    names = join_words([humanize(each.name) for each in asked])
    title = (
        f"What happened in the {number.integer(days)} days before {names}?"
        if names
        else "What happened before an event?"
    )
    caption = " ".join(
        [
            *said,
            (
                "Occurrences: those whose days lie after the history of what changed began. The"
                " others are counted over as many days up to the as-of day; a movement counts from"
                " the first day of its period. What comes before is no cause."
            ),
        ]
    )
    frame = frame_for(rows, [*columns, Column("group")])
    return Figure(
        at,
        title,
        "Share of those who met it, beside the share of those who did not",
        table(frame, columns, group="group"),
        caption,
    )


def _usual(context: Context, evidence: room.Evidence) -> list[_Asked]:
    entity, event = evidence.event()
    grows = [_movement(context, GROWTH)] if GROWTH in _kinds(context) else []
    return [
        *([_of_event(evidence, entity, event)] if event else []),
        *(each for each in grows if each),
    ]


def _asked(context: Context, evidence: room.Evidence, name: str) -> _Asked:
    if name in evidence.part.events:
        return _of_event(evidence, evidence.part.events[name].of, name)
    found = _movement(context, name) if name in _kinds(context) else None
    if found is None:
        known = [*evidence.part.events, *_kinds(context)]
        raise WorkbookError(
            f"Nothing that happens is called '{name}'."
            f" {did_you_mean(name, known) or 'Known are ' + join_words(known) + '.' if known else ''}".strip()
        )
    return found


def _of_event(evidence: room.Evidence, entity: str, event: str) -> _Asked:
    if room.runs_on(evidence.model, event):
        return _Asked(entity, event, others="of whom something runs that has not ended")
    if room.peers_in(evidence.model, entity, event):
        return _Asked(entity, event, others="who are today in a state from which it is entered")
    return _Asked(entity, event)


def _kinds(context: Context) -> tuple[str, ...]:
    """The kinds of movement that are computed."""
    movements = context.model.metrics.movements if context.model.metrics else {}
    return tuple(
        dict.fromkeys(
            kind
            for name, part in movements.items()
            if context.has(movement_detail_table(name))
            for kind in part.kinds
        )
    )


def _movement(context: Context, kind: str) -> _Asked | None:
    movements = context.model.metrics.movements if context.model.metrics else {}
    for name, part in movements.items():
        each = quote(movement_detail_table(name))
        if kind in part.kinds and context.has(movement_detail_table(name)):
            begun = instant(f"cast({part.every} as timestamp)", zone_of(context.model))
            told = (
                f"select id, {begun} as moment, cast({part.every} as varchar) as record from {each}"
                f" where kind = {text(kind)}"
            )
            level = (
                f"select id from {each} where closing > 0 and {part.every} = (select"
                f" max({part.every}) from {each})"
            )
            return _Asked(part.by, kind, told, level, "who pay today and whom it has not met")
    return None


def _ranked(found: room.Rows) -> list[dict[str, Any]]:
    """The happenings with their shares, those whose shares are furthest apart first."""
    rows = []
    for row in found:
        share = row["met_any"] / row["occurrences"] if row["occurrences"] else None
        others = row["peers_any"] / row["peers"] if row["peers"] else None
        gap = round(100 * (share - others), 1) if share is not None and others is not None else None
        rows.append(
            {
                **row,
                "happening": humanize(row["happening"]),
                "share": share,
                "peers_share": others,
                "gap": gap,
            }
        )
    return sorted(rows, key=lambda row: (-abs(row["gap"] or 0), row["happening"]))


def upper(said: str) -> str:
    """The text with a capital."""
    return said[:1].upper() + said[1:]
