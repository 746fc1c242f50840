"""What happened in the days before an event, beside the same days of those to whom it has not
happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.errors import WorkbookError
from workbook.history.bitemporal import history_name
from workbook.history.entity_links import condition_sql, reached_sql, rows_for
from workbook.history.events import event_name, events_of, times_of
from workbook.history.lifecycle import lifecycle_name
from workbook.history.sql_time import START, now
from workbook.model import Model
from workbook.model.links import to_one_links
from workbook.model.table_names import table_of
from workbook.model.times import begins


@dataclass(frozen=True)
class PrecedingEvent:
    """Something that happens to an entity: rows of another entity, or one of its own events.

    `sql` gives id, moment, record; `since` is SQL of the moment before which nothing of it
    could be recorded, '' where none is known.
    """

    name: str
    sql: str
    since: str = ""


def happenings(model: Model, entity: str, kept: Sequence[str] = ()) -> tuple[PrecedingEvent, ...]:
    """All that happens to an entity: rows of other entities that reach at most one of it, its
    events, changes of the `kept` attributes.
    """
    found = []
    for _, link in to_one_links(model, end=entity):
        sources = model.entity_sources(link.from_)
        source = sources[0] if len(sources) == 1 and link.from_ != entity else ""
        valid = (
            model.sources.sources[source].valid if source and not model.is_open("sources") else ()
        )
        if (
            valid
            and not model.has_identity(link.from_)
            and link.from_ not in [item.name for item in found]
        ):
            found.append(PrecedingEvent(link.from_, _rows(model, entity, source, valid[0])))
    reported = {model.entity_sources(item.name)[0] for item in found}
    for name, event in events_of(model, entity).items():
        if event.from_ in reported and not event.where:
            continue  # its rows are counted already
        found.append(
            PrecedingEvent(
                name,
                f'select id, "at" as moment, record from {quote(event_name(entity))} where event ='
                f" {text(name)}",
            )
        )
    found += [
        PrecedingEvent(
            f"{attribute}_changed",
            _changes(entity, attribute),
            f"(select min(valid_from) from {quote(history_name(entity, attribute))} where"
            f" valid_from > {START})",
        )
        for attribute in kept
    ]
    return tuple(item for item in found if item.sql)


def _changes(entity: str, attribute: str) -> str:
    """The moments at which a kept value became another one; its first value is no change."""
    window = "over (partition by id order by valid_from)"
    return (
        "select id, valid_from as moment, record from (\n  select id, value, valid_from, record,"
        f" lag(value) {window} as earlier, row_number() {window} as turn from"
        f" {quote(history_name(entity, attribute))}\n) as kept\nwhere turn > 1 and value is"
        " distinct from earlier"
    )


def _rows(model: Model, entity: str, source: str, field: str) -> str:
    try:
        reached = reached_sql(model, entity, source)
    except WorkbookError:
        return ""
    return (
        f"select r.id as id, {begins(model, source, field, f's.{quote(field)}')} as moment,"
        f" s._record as record\nfrom {quote(table_of(source))} as s\njoin (\n{reached}\n) as r on"
        " r._row = s._row and r.ids = 1"
    )


def before_sql(
    model: Model,
    entity: str,
    event: str,
    days: int,
    kept: Sequence[str] = (),
    occurrences: str = "",
    among: str = "",
) -> str:
    """One row per happening: occurrences of the event, the share with one or more before it,
    the median; and the same of peers.

    What happened in a window is what had happened until its end less what had happened until
    its beginning, so that every happening is read once, however many occurrences its id has:
    the cost grows with the facts, not with their square.

    Peers are those whom the event has not met: where it is an end, those of whom something runs
    that has not ended; where it starts a state of the lifecycle, those who are today in a state
    from which it was entered; else everybody. Their window ends at the as-of day. Of changes of
    a kept value only those occurrences count whose window lies after its history began, for of
    an earlier day nobody can tell whether it changed. `occurrences` is SQL that gives id,
    moment and record of what is no event of the model, `among` SQL that gives the ids that
    peers are among.
    """
    parts = [
        f"select {text(happening.name)} as happening, h.id as id, h.moment as moment, "
        f"h.record as record"
        f" from (\n{happening.sql}\n) as h"
        for happening in happenings(model, entity, kept)
        if happening.name != event
    ]
    if not parts:
        return ""
    kinds = ", ".join(
        f"({text(happening.name)})"
        for happening in happenings(model, entity, kept)
        if happening.name != event
    )
    begun = [
        f"select {text(happening.name)} as happening, {happening.since} as since"
        for happening in happenings(model, entity, kept)
        if happening.since and happening.name != event
    ]
    told = (
        f'select id, "at" as moment, record from {quote(event_name(entity))} where event ='
        f" {text(event)}"
    )
    return filled_sql(
        "history/preceding_events",
        occurrences=occurrences or told,
        peers=_peers(model, entity, event, among),
        happenings="\nunion all\n".join(parts),
        beginnings="\n  union all ".join(begun) or _NO_BEGINNING,
        kinds=kinds,
        days=days,
        now=now(model),
    )


_NO_BEGINNING = "select cast(null as varchar) as happening, cast(null as timestamp) as since"


def peers_in(model: Model, entity: str, event: str) -> tuple[str, ...]:
    """The state that an event starts and whose entrants' states make peers; none where it
    starts no state.
    """
    states = model.history.lifecycle.get(entity, {})
    return tuple(name for name, state in states.items() if state.starts == event)


def runs_on(model: Model, event: str) -> bool:
    """Whether an event is the end of what its source tells the beginning of too, so that only
    who has something running can meet it.
    """
    spec = model.history.events.get(event) if not model.is_open("history") else None
    valid = model.sources.sources[spec.from_].valid if spec and not model.is_open("sources") else ()
    return spec is not None and len(valid) > 1 and spec.at == valid[1]


def _running(model: Model, entity: str, event: str) -> str:
    """The ids of whom a row of the event's source has begun, and of which no end is known that
    lies before the end of the as-of day.
    """
    spec = model.history.events[event]
    first, last = model.sources.sources[spec.from_].valid[:2]
    starts, ends = (
        begins(model, spec.from_, first, quote(first)),
        times_of(model, spec.from_, last)[0],
    )
    where = f" and ({condition_sql(model, spec.from_, spec.where)})" if spec.where else ""
    open_rows = (
        f"select _row from {rows_for(model, spec.from_, spec.where)} as held where {starts} <"
        f" {now(model)} and ({ends} is null or {ends} >= {now(model)}){where}"
    )
    return (
        f"select distinct r.id as id from ({open_rows}) as s join"
        f" (\n{reached_sql(model, entity, spec.from_)}\n) as r on r._row = s._row and r.ids = 1"
    )


def _peers(model: Model, entity: str, event: str, among: str) -> str:
    unmet = "select 1 from met as x where x.id = e.id"
    if not among and runs_on(model, event):
        return (
            f"select e.id as id from ({_running(model, entity, event)}) as e where not exists"
            f" ({unmet})"
        )
    states = peers_in(model, entity, event)
    if not states:
        return (
            f"select e.id as id from {f'({among})' if among else quote(entity)} as e where not"
            f" exists ({unmet})"
        )
    lifecycle = quote(lifecycle_name(entity))
    entered = (
        f"select previous_state from {lifecycle} where state in ({', '.join(map(text, states))})"
        " and previous_state is not null"
    )
    return (
        f"select e.id as id from {lifecycle} as e where e.is_current and e.state in ({entered}) and"
        f" not exists ({unmet})"
    )
