"""Names in 11 customer 360 and 12 AI context."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.crosscheck.desk import Desk
from workbook.model.model import Model


def customer_360(model: Model) -> Iterator[Problem]:
    """Views and audiences: entity, question, purpose, fields."""
    part, desk = model.customer_360, Desk(model, "customer_360")
    if part is None:
        return
    yield from desk.owner(part)
    for kind, named in (("views", part.views), ("audiences", part.audiences)):
        for name, view in named.items():
            place = (kind, name)
            yield from desk.named(place, name)
            yield from desk.owner(view, *place)
            yield from desk.entity((*place, "of"), view.of)
            if view.answers and model.questions:
                yield from desk.known((*place, "answers"), "question", view.answers, model.questions.questions, "01_questions.yml")
            if view.purpose and model.ai_context:
                yield from desk.known((*place, "purpose"), "purpose", view.purpose, model.ai_context.purposes, "12_ai_context.yml")
            for field in view.fields:
                yield from _field(desk, (*place, "fields"), view.of, field)
            for word in ("only", "consent", "opt_out"):
                if getattr(view, word, ""):
                    yield from desk.expression((*place, word), getattr(view, word), view.of)


def _field(desk: Desk, place: tuple[str, ...], entity: str, name: str) -> Iterator[Problem]:
    """An attribute, a rule or a metric of the view's entity; or, as `other.name`, one of an entity that each row reaches."""
    model = desk.model
    owner, _, last = name.rpartition(".")
    if owner and model.metrics and last in model.metrics.metrics:
        yield from desk.entity(place, owner)
        return
    if owner:
        yield from desk.dotted(place, name)
        return
    if model.metrics:
        rules = model.rules_of(entity)
        known = {**model.metrics.metrics, **dict.fromkeys(rules)}
        yield from desk.known(place, "metric or rule", name, known, "07_metrics.yml; attributes are written entity.attribute")


def ai_context(model: Model) -> Iterator[Problem]:
    """Roles may use purposes; purposes name attributes."""
    part, desk = model.ai_context, Desk(model, "ai_context")
    if part is None:
        return
    yield from desk.owner(part)
    for name, role in part.roles.items():
        place = ("roles", name)
        if role.people:
            yield from desk.functions((*place, "people"), [role.people])
        for purpose in role.may:
            yield from desk.known((*place, "may"), "purpose", purpose, part.purposes)
    for name, purpose in part.purposes.items():
        place = ("purposes", name)
        yield from desk.owner(purpose, *place)
        for word in ("fields", "never"):
            for field in getattr(purpose, word):
                yield from desk.dotted((*place, word), field)
        if purpose.only_if:
            yield from _names(desk, (*place, "only_if"), purpose.only_if)


def _names(desk: Desk, place: tuple[str, ...], text: str) -> Iterator[Problem]:
    """A purpose stands on no one entity: dotted names are attributes, bare ones are rules."""
    rules = desk.model.metrics.rules if desk.model.metrics else {}

    def check(name: str) -> Iterator[Problem]:
        if "." in name:
            return desk.dotted(place, name)
        return desk.known(place, "rule", name, rules, "07_metrics.yml")

    yield from desk.names(place, text, check)
