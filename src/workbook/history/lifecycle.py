"""Lifecycle: the states of an entity one after another, each begun by its event."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.sql import text
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
    shown = wall('e."at"', zone)
    sql = f"""with begins as (
  select state, event, place from (values
    {rows}
  ) as v(state, event, place)
), begun as (
  select e.id as id, b.state as state, b.place as place, e."at" as moment, date_trunc('day', {shown}) as day, e.record as record,
    case when e.day_only then 1 else 0 end as day_only, count(*) over (partition by e.id, e."at") as together
  from {quote(event_name(entity))} as e
  join begins as b on b.event = e.event
  where e."at" < {now(model)}
), sorted as (
  select *, max(case when day_only = 1 or together > 1 then 1 else 0 end) over (partition by id, day) as by_place from begun
), placed as (
  select id, state, record, case when by_place = 0 then moment else
      {instant("cast(day as timestamp)", zone)} + interval '1' second * (row_number() over (partition by id, day order by place, moment, record) - 1) end as valid_from
  from sorted
), follows as (
  select id, state as new_state, record, valid_from, lag(state) over (partition by id order by valid_from, record) as state from placed
), move as (
  select id, new_state, state, record, valid_from, state is null or {allowed} as valid_move
  from follows
  where state is null or state <> new_state
)
select id, new_state as state, valid_from, lead(valid_from, 1, {OPEN}) over (partition by id order by valid_from) as valid_to,
  lead(valid_from) over (partition by id order by valid_from) is null as is_current, state as previous_state, valid_move, record
from move"""
    return Table(
        lifecycle_name(entity),
        f"one stay of one {entity} in one state",
        STEP,
        "event",
        ("id", "valid_from"),
        sql,
    )
