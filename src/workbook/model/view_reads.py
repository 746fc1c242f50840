"""What a view or an audience reads: its rows, its fields and its conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Read, Thing
from workbook.model.model import Model
from workbook.model.schema import Audience, Role, View
from workbook.model.yaml_text import Place

CONDITIONS = ("only", "consent", "opt_out")  # of a view or an audience


@dataclass(frozen=True)
class Reading:
    """One thing that a view reads: step and place where it is written, its text, what that
    means.
    """

    word: str
    place: Place
    text: str
    reads: tuple[Read, ...]


def uses_of(model: Model) -> Iterator[tuple[str, str, View | Audience]]:
    """Every view and audience: `views` or `audiences`, its name, and what was decided."""
    section = model.customer_360
    for kind, named in (
        (("views", section.views), ("audiences", section.audiences))
        if not model.is_open("customer_360")
        else ()
    ):
        yield from ((kind, name, use) for name, use in named.items())


def readings(model: Model, kind: str, name: str, use: View | Audience) -> Iterator[Reading]:
    """All that one view or audience reads, also by its purpose's condition."""
    steps, place = derivation_of(model), (kind, name)
    yield Reading("customer_360", (*place, "of"), use.of, (Read(Thing("entity", use.of)),))
    for number, field in enumerate(use.fields):
        yield Reading(
            "customer_360", (*place, "fields", number), field, tuple(steps.of_field(use.of, field))
        )
    for condition in CONDITIONS:
        if text := getattr(use, condition, ""):
            yield Reading(
                "customer_360", (*place, condition), text, tuple(steps.in_expression(use.of, text))
            )
    purpose = (
        model.ai_context.purposes.get(use.purpose) if not model.is_open("ai_context") else None
    )
    if purpose and purpose.only_if:
        reads = tuple(steps.in_expression(use.of, purpose.only_if))
        yield Reading("ai_context", ("purposes", use.purpose, "only_if"), purpose.only_if, reads)


def limited_by(model: Model, use: View | Audience) -> Iterator[tuple[str, Role, Reading]]:
    """The roles that may see only some rows of a view, and what their `rows` read."""
    steps = derivation_of(model)
    for name, role in model.ai_context.roles.items():
        if role.rows and use.purpose in role.may:
            reads = tuple(steps.in_expression(use.of, role.rows))
            yield name, role, Reading("ai_context", ("roles", name, "rows"), role.rows, reads)


def sources_read(model: Model, kind: str, name: str, use: View | Audience) -> tuple[str, ...]:
    """Every source that a view or an audience reads: by its rows, fields and conditions."""
    things = [read.thing for reading in readings(model, kind, name, use) for read in reading.reads]
    return derivation_of(model).sources(things)


def requests_read(model: Model, kind: str, name: str, use: View | Audience) -> tuple[str, ...]:
    """The lists of requests to be forgotten by which a view or an audience loses values of
    people.
    """
    asked, derivation = model.history.erasures, derivation_of(model)
    things = [read.thing for reading in readings(model, kind, name, use) for read in reading.reads]
    found = {
        entity
        for path in derivation.under(things if asked else ())
        for thing in path[-1:]
        for entity in [thing.name.partition(".")[0]]
        if thing.kind in ("attribute", "past") and model.forgets(entity, derivation.class_of(thing))
    }
    return tuple(dict.fromkeys(item.from_ for entity, item in asked.items() if entity in found))
