"""Names in 06_history.yml: attributes, events and states stand on sources and on each other."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.schema import Erasure, Event
from workbook.model.validate.step_validator import Validator


def history(model: Model) -> Iterator[Problem]:
    """Attributes, events and states stand on sources and on each other."""
    section, validator = model.history, Validator(model, "history")
    if model.is_open("history"):
        return
    yield from validator.owner(section)
    for name, kept in section.history.items():
        path = ("history", name)
        entity, _, attribute = name.partition(".")
        if not attribute:
            yield validator.problem(path, "model.no_entity_in_name", name=name)
        else:
            yield from validator.named(path, attribute)
        yield from validator.entity(path, entity)
        yield from validator.source((*path, "from"), kept.from_)
        for word, field in (("value", kept.value), ("before", kept.before)):
            if field:
                yield from validator.field((*path, word), kept.from_, field)
        if kept.absent and kept.as_ != "snapshots":
            yield validator.problem(
                (*path, "absent"),
                "model.history.absent_without_snapshots",
                name=name,
                form=kept.as_,
            )
        if kept.where and kept.from_ in model.source_names:
            yield from validator.over_source((*path, "where"), kept.where, kept.from_)
        yield from _valid(validator, path, kept.from_, kept.as_)
    for name, event in section.events.items():
        path = ("events", name)
        yield from validator.named(path, name)
        yield from validator.entity((*path, "of"), event.of)
        yield from _happens(validator, path, event)
    for entity, asked in section.erasures.items():
        path = ("erasures", entity)
        yield from validator.entity(path, entity)
        yield from _happens(validator, path, asked)
    for entity, states in section.lifecycle.items():
        yield from validator.entity(("lifecycle", entity), entity)
        for name, state in states.items():
            path = ("lifecycle", entity, name)
            yield from validator.named(path, name)
            yield from validator.known((*path, "starts"), "event", state.starts, section.events)
            if state.starts in section.events and section.events[state.starts].of != entity:
                yield validator.problem(
                    (*path, "starts"),
                    "model.history.event_of_another",
                    event=state.starts,
                    of=section.events[state.starts].of,
                    entity=entity,
                )
            yield from validator.length((*path, "expected"), state.expected, of_days=True)
            for other in state.next:
                yield from validator.known((*path, "next"), "lifecycle_state", other, states)
    movements = model.metrics.movements
    kinds = {kind for movement in movements.values() for kind in movement.kinds}
    for name in section.before:
        yield from validator.known(("before",), "event_or_kind", name, {*section.events, *kinds})


def _happens(
    validator: Validator, path: tuple[str, ...], event: Event | Erasure
) -> Iterator[Problem]:
    """Where something stands, and when it happened."""
    yield from validator.source((*path, "from"), event.from_)
    if event.at:
        yield from validator.field((*path, "at"), event.from_, event.at)
    else:
        yield from _valid(validator, path, event.from_, "events")
    if event.where and event.from_ in validator.model.source_names:
        yield from validator.over_source((*path, "where"), event.where, event.from_)


def _valid(
    validator: Validator, path: tuple[str, ...], source: str, form: str
) -> Iterator[Problem]:
    if source not in validator.model.sources.sources:
        return
    valid = validator.model.sources.sources[source].valid
    if not valid or (form == "periods" and len(valid) < 2):
        yield validator.problem(
            path, "model.history.undated_rows", source=source, periods=form == "periods"
        )
