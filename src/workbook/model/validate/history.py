"""Names in 06_history.yml: attributes, events and states stand on sources and on each other."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.schema import Erasure, Event
from workbook.model.validate.step_validator import Validator


def history(model: Model) -> Iterator[Problem]:
    """Attributes, events and states stand on sources and on each other."""
    part, validator = model.history, Validator(model, "history")
    if model.is_open("history"):
        return
    yield from validator.owner(part)
    for name, kept in part.history.items():
        place = ("history", name)
        entity, _, attribute = name.partition(".")
        if not attribute:
            yield validator.problem(place, "model.no_entity_in_name", name=name)
        else:
            yield from validator.named(place, attribute)
        yield from validator.entity(place, entity)
        yield from validator.source((*place, "from"), kept.from_)
        for word, field in (("value", kept.value), ("before", kept.before)):
            if field:
                yield from validator.field((*place, word), kept.from_, field)
        if kept.absent and kept.as_ != "snapshots":
            yield validator.problem(
                (*place, "absent"),
                "model.history.absent_without_snapshots",
                name=name,
                form=kept.as_,
            )
        if kept.where and kept.from_ in model.source_names:
            yield from validator.over_source((*place, "where"), kept.where, kept.from_)
        yield from _valid(validator, place, kept.from_, kept.as_)
    for name, event in part.events.items():
        place = ("events", name)
        yield from validator.named(place, name)
        yield from validator.entity((*place, "of"), event.of)
        yield from _happens(validator, place, event)
    for entity, asked in part.erasures.items():
        place = ("erasures", entity)
        yield from validator.entity(place, entity)
        yield from _happens(validator, place, asked)
    for entity, states in part.lifecycle.items():
        yield from validator.entity(("lifecycle", entity), entity)
        for name, state in states.items():
            place = ("lifecycle", entity, name)
            yield from validator.named(place, name)
            yield from validator.known((*place, "starts"), "event", state.starts, part.events)
            if state.starts in part.events and part.events[state.starts].of != entity:
                yield validator.problem(
                    (*place, "starts"),
                    "model.history.event_of_another",
                    event=state.starts,
                    of=part.events[state.starts].of,
                    entity=entity,
                )
            yield from validator.length((*place, "expected"), state.expected, of_days=True)
            for other in state.next:
                yield from validator.known((*place, "next"), "lifecycle_state", other, states)
    movements = model.metrics.movements
    kinds = {kind for movement in movements.values() for kind in movement.kinds}
    for name in part.before:
        yield from validator.known(("before",), "event_or_kind", name, {*part.events, *kinds})


def _happens(
    validator: Validator, place: tuple[str, ...], part: Event | Erasure
) -> Iterator[Problem]:
    """Where something stands, and when it happened."""
    yield from validator.source((*place, "from"), part.from_)
    if part.at:
        yield from validator.field((*place, "at"), part.from_, part.at)
    else:
        yield from _valid(validator, place, part.from_, "events")
    if part.where and part.from_ in validator.model.source_names:
        yield from validator.over_source((*place, "where"), part.where, part.from_)


def _valid(
    validator: Validator, place: tuple[str, ...], source: str, form: str
) -> Iterator[Problem]:
    if source not in validator.model.sources.sources:
        return
    valid = validator.model.sources.sources[source].valid
    if not valid or (form == "periods" and len(valid) < 2):
        yield validator.problem(
            place, "model.history.undated_rows", source=source, periods=form == "periods"
        )
