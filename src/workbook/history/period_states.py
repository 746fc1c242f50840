"""States that depend on a period, such as a subscription, and who is in one without ever having had
a period.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.history.events import event_name, events_of
from workbook.history.lifecycle import lifecycle_name
from workbook.history.sql_time import now
from workbook.model import Model
from workbook.model.schema import State


@dataclass(frozen=True)
class PeriodState:
    """A state that the start of a period begins, its event and source, and this state with those
    that follow it until the period ends.
    """

    state: str
    event: str
    source: str
    states: tuple[str, ...]


def period_state(model: Model, entity: str) -> PeriodState | None:
    """The first state of an entity that begins with a period; None where none does."""
    states, known = model.history.lifecycle[entity], events_of(model, entity)
    for name, state in states.items():
        event = known.get(state.starts)
        valid = model.sources.sources[event.from_].valid if event else ()
        if event and len(valid) > 1 and (event.at or valid[0]) == valid[0] and not event.where:
            of_period = {item for item, other in known.items() if other.from_ == event.from_}
            return PeriodState(name, state.starts, event.from_, _after(states, name, of_period))
    return None


def _after(states: dict[str, State], first: str, stops: set[str]) -> tuple[str, ...]:
    """A state and all that may follow it, without those that an event of the same source begins."""
    found, waiting = [first], list(states[first].next)
    while waiting:
        name = waiting.pop(0)
        if name in states and name not in found and states[name].starts not in stops:
            found.append(name)
            waiting += states[name].next
    return tuple(name for name in states if name in found)


def without_period_sql(model: Model, entity: str, found: PeriodState) -> str:
    """One row per state: how many are in it now that never had a period."""
    return f"""select l.state as state, count(*) as without
from {quote(lifecycle_name(entity))} as l
left join (
  select distinct id from {quote(event_name(entity))}
  where event = {text(found.event)} and "at" < {now(model)}
) as begun on begun.id = l.id
where l.is_current and begun.id is null and l.state in ({", ".join(map(text, found.states))})
group by l.state"""


def stateless_sql(entity: str) -> str:
    """One row: how many there are, and how many are in no state."""
    return f"""select count(*) as ids, sum(case when l.id is null then 1 else 0 end) as stateless
from {quote(entity)} as e
left join (select distinct id from {quote(lifecycle_name(entity))}) as l on l.id = e.id"""
