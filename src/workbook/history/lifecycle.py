"""Lifecycle: the states of an entity one after another, each begun by its event."""

from __future__ import annotations

from workbook.engine import Table
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.history.events import event_name, events_of
from workbook.history.sql_time import OPEN, STEP, now
from workbook.model import Model
from workbook.model.times import instant, wall, zone_of


def lifecycle_name(entity: str) -> str:
    """The table of an entity's states."""
    return f"{entity}__lifecycle"


def lifecycle_table(model: Model, entity: str) -> Table | None:
    """`<entity>__lifecycle`: one row per stay in a state up to the as-of day, or None where no
    event starts one.

    A move that `next` does not name is kept, and `valid_move` is false. The event of a state
    that lasts already starts nothing new. On a day on which one event bears no time, or two the
    same, the order is that of the model: each starts one second after the other.
    """
    states = model.history.lifecycle[entity]
    known = events_of(model, entity)
    starts = [
        (number, name, state)
        for number, (name, state) in enumerate(states.items())
        if state.starts in known
    ]
    if not starts:
        return None
    rows = ",\n    ".join(
        f"({text(name)}, {text(state.starts)}, {number})" for number, name, state in starts
    )
    moves = [
        f"state = {text(before)} and new_state = {text(after)}"
        for before, state in states.items()
        for after in state.next
    ]
    allowed = " or ".join(f"({move})" for move in moves) or "false"
    zone = zone_of(model)
    sql = filled_sql(
        "history/lifecycle",
        events=event_name(entity),
        states=rows,
        local_time=wall('e."at"', zone),
        day_starts=instant("cast(day as timestamp)", zone),
        allowed=allowed,
        now=now(model),
        open=OPEN,
    )
    return Table(
        lifecycle_name(entity),
        f"one stay of one {entity} in one state",
        STEP,
        "event",
        ("id", "valid_from"),
        sql,
    )
