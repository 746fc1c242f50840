"""Events: what happened to an entity and when, all kinds of it in one table."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.sql_files import filled_sql
from workbook.history.entity_links import condition_sql, reached_sql, rows_for, why_unlinked
from workbook.history.sql_time import NEVER, START, STEP, now
from workbook.model import Model
from workbook.model.schema import Event
from workbook.model.times import begins


def event_name(entity: str) -> str:
    """The table of everything that happens to an entity."""
    return f"{entity}__event"


_COPY = "s.record, s.recorded, s._row"  # which of several rows of one moment comes first


def events_of(model: Model, entity: str) -> dict[str, Event]:
    """The events of an entity that can be laid at its door."""
    events = model.history.events
    return {
        name: event
        for name, event in events.items()
        if event.of == entity and not why_unlinked(model, entity, event.from_)
    }


def event_table(model: Model, entity: str) -> Table | None:
    """`<entity>__event`: one row per occurrence, or None where nothing happens.

    `day_only`: the source says the day and no time. What is recorded after the as-of day is not
    in it; what is known already and lies ahead is.
    """
    parts = [
        _occurrences(model, entity, name, event) for name, event in events_of(model, entity).items()
    ]
    if not parts:
        return None
    row_is = f"one thing that happened to one {entity}"
    return Table(
        event_name(entity),
        row_is,
        STEP,
        "event",
        ("id", "event", "at", "record"),
        "\nunion all\n".join(parts),
    )


def _occurrences(model: Model, entity: str, name: str, event: Event) -> str:
    source = model.sources.sources[event.from_]
    field = event.at or source.valid[0]
    ends = len(source.valid) > 1 and field == source.valid[1]
    at, known = times_of(model, event.from_, field)
    conditions = [f"({condition_sql(model, event.from_, event.where)})"] if event.where else []
    if source.valid:  # a row that has not begun by the as-of day is not there yet
        conditions.append(f"{_begins(model, event.from_, source.valid[0])} < {now(model)}")
    rank, counted = _turn(event, ends, now(model))
    day_only = str(model.field(event.from_, field).type == "date").lower()
    return filled_sql(
        "history/occurrences",
        event=name,
        source=event.from_,
        rows=rows_for(model, event.from_, event.where),
        links=reached_sql(model, entity, event.from_),
        moment=at,
        recorded=known,
        day_only=day_only,
        where=" and ".join(conditions),
        turn=rank,
        counted=counted,
        now=now(model),
    )


def _begins(model: Model, source: str, field: str, alias: str = "") -> str:
    return begins(model, source, field, f"{alias}.{quote(field)}" if alias else quote(field))


def times_of(model: Model, source: str, field: str) -> tuple[str, str]:
    """When it happened (NULL: not yet, or nobody knows) and when that was learned.

    A log tells when it wrote each row. A source that writes over its rows tells it of the end
    alone; whatever else stands in it counts as known since it happened. An end happens on the
    day that the file says, whether or not it counts.
    """
    part, end = model.sources.sources[source], now(model)
    recorded, valid = part.recorded, part.valid
    at = _begins(model, source, field)
    written = f"coalesce({_begins(model, source, recorded)}, {at})" if recorded else at
    placed = (
        f"case when {at} >= {NEVER} or {at} < {START} then cast(null as timestamp) else {at} end"
    )
    if len(valid) == 1:
        return placed, written
    if len(valid) > 1 and field == valid[1]:
        return (
            f"case when {written} >= {end} then cast(null as timestamp) else {placed} end",
            written,
        )
    return placed, f"least({at}, {written})"


def _turn(event: Event, ends: bool, end: str) -> tuple[str, str]:
    """Which occurrences stand: each one (a copy of a record once), the first, or the last; and
    a condition for that.

    Of copies the one that was written first stands, and of those the first row of the source.
    Of ends, one that has not come is the last of all: whoever still has a period running has
    not reached its end.
    """
    untimed = "case when s.moment is null then {0} else {1} end"
    if event.last and ends:
        return (
            (
                f"row_number() over (partition by r.id order by {untimed.format(0, 1)}, s.moment"
                f" desc, {_COPY})"
            ),
            "",
        )
    if event.last:
        return (
            (
                f"row_number() over (partition by r.id order by {untimed.format(1, 0)}, s.moment"
                f" desc, {_COPY})"
            ),
            f"s.moment < {end}",
        )
    if event.first:
        return (
            (
                f"row_number() over (partition by r.id order by {untimed.format(1, 0)}, s.moment,"
                f" {_COPY})"
            ),
            "",
        )
    return f"row_number() over (partition by r.id, s.moment, s.record order by {_COPY})", ""


def unplaced_sql(model: Model, name: str) -> str:
    """One row: rows of an event's source that belong to nobody or to several; rows without the
    time that their source promises.

    The years 1 and 9999 are no time at which something happens. Any other time that is empty
    says that it has not happened.
    """
    event = model.history.events[name]
    source = model.sources.sources[event.from_]
    field = event.at or source.valid[0]
    where = f"\nwhere {condition_sql(model, event.from_, event.where)}" if event.where else ""
    at = _begins(model, event.from_, field, "s")
    never = (
        f"{at} is null or {at} < {START} or {at} >= {NEVER}"
        if field in source.valid[:1]
        else f"{at} < {START}"
    )
    timed = f"count(case when {never} then 1 end)"
    return f"""select count(case when coalesce(r.ids, 0) <> 1 then 1 end) as nobody,
  {timed} as untimed
from (select * from {rows_for(model, event.from_, event.where)} as occurred{where}) as s
left join (
{reached_sql(model, event.of, event.from_)}
) as r on r._row = s._row"""
