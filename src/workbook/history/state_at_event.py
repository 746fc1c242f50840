"""A state at an event: what the plan was at churn, read from the interval in which the event
fell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook.engine import Table
from workbook.engine.sql_files import filled_sql
from workbook.history.bitemporal import history_name
from workbook.history.events import event_name, events_of
from workbook.history.facts import value_class
from workbook.history.lifecycle import lifecycle_name
from workbook.history.sql_time import STEP, now
from workbook.model import Model, dimension_of
from workbook.words import words_of

LIFECYCLE = "lifecycle"


@dataclass(frozen=True)
class StateAtEvent:
    """`entity.attribute at event`; `asked` says whether the model asks for it, `refused` why it
    has no answer.
    """

    entity: str
    attribute: str
    event: str
    asked: bool = True
    refused: str = ""

    @property
    def table(self) -> str:
        """Its table."""
        return f"{self.entity}__{self.attribute}__at__{self.event}"

    @property
    def name(self) -> str:
        """As the model writes it."""
        return f"{self.entity}.{self.attribute} at {self.event}"


def combinations(model: Model) -> tuple[StateAtEvent, ...]:
    """Every state at an event that questions, metrics or dimensions name; where none does, the
    first one possible.
    """
    found = {
        each.name: each for name in dict.fromkeys(_asked(model)) if (each := _read(model, name))
    }
    return tuple(found.values()) or tuple(_first(model))


def _asked(model: Model) -> Iterator[str]:
    for question in model.questions.questions.values():
        yield from question.by
    for metric in model.metrics.metrics.values():
        yield from metric.by
    for semantic in model.metrics.semantic_models.values():
        for dimension in semantic.dimensions:
            yield dimension if dimension_of(dimension).entity else f"{semantic.of}.{dimension}"


def _read(model: Model, name: str) -> StateAtEvent | None:
    entity, attribute, event, _ = dimension_of(name)
    if not (event and entity and attribute):
        return None
    return StateAtEvent(entity, attribute, event, refused=_refusal(model, entity, attribute, event))


def _refusal(model: Model, entity: str, attribute: str, event: str) -> str:
    """Why the catalogue says that there is no answer; '' where there is one."""
    declared, name = model.history, f"{entity}.{attribute}"
    if model.is_open("history"):
        return words_of("history").text("refused.no_history")
    if attribute == LIFECYCLE and entity not in declared.lifecycle:
        return words_of("history").text("refused.no_lifecycle", entity=entity)
    if attribute != LIFECYCLE and name not in declared.history:
        return words_of("history").text("refused.no_past_value", attribute=name)
    if event not in declared.events:
        return words_of("history").text("refused.no_event", event=event)
    if event not in events_of(model, entity):
        return words_of("history").text("refused.other_entity", event=event, entity=entity)
    return ""


def _first(model: Model) -> Iterator[StateAtEvent]:
    """A kept value that may be shown, at the event that ends a life."""
    section = model.history
    for name, kept in section.history.items():
        entity, _, attribute = name.partition(".")
        event = ending(model, entity)
        if event and value_class(model, name, kept) in ("public", "internal"):
            yield StateAtEvent(entity, attribute, event, asked=False)
            return


def ending(model: Model, entity: str) -> str:
    """The event that ends a life: one that the model calls the last, or that starts the last
    state; '' where none does.
    """
    known = events_of(model, entity)
    lasts = [name for name, event in known.items() if event.last]
    states = list(model.history.lifecycle.get(entity, {}).values())
    return next(
        iter([*lasts, *(state.starts for state in reversed(states) if state.starts in known)]), ""
    )


def at_event_table(model: Model, state_at_event: StateAtEvent) -> Table:
    """`<entity>__<attribute>__at__<event>`: one row per occurrence up to the as-of day, with
    the value that held then.

    The value is the one whose interval holds the moment; where none does, the one that this
    very moment ended. It is NULL where nothing is known. `value_now` is today's.
    """
    if state_at_event.attribute == LIFECYCLE:
        table, value, cls = lifecycle_name(state_at_event.entity), "state", "internal"
    else:
        name = f"{state_at_event.entity}.{state_at_event.attribute}"
        table, value = history_name(state_at_event.entity, state_at_event.attribute), "value"
        cls = value_class(model, name, model.history.history[name])
    # the state that the event itself starts does not count
    before = 'h.valid_from < e."at"' if state_at_event.attribute == LIFECYCLE else ""
    sql = filled_sql(
        "history/state_at_event",
        events=event_name(state_at_event.entity),
        event=state_at_event.event,
        periods=table,
        value=value,
        not_begun_by_it=before,
        now=now(model),
    )
    row_is = (
        f"one {state_at_event.event} of one {state_at_event.entity}, and its "
        f"{state_at_event.attribute} at that moment"
    )
    return Table(
        state_at_event.table,
        row_is,
        STEP,
        "event",
        ("id", "at", "record"),
        sql,
        classes={"value": cls, "value_now": cls},
    )
