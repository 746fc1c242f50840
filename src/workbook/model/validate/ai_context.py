"""Names in 12_ai_context.yml: roles and purposes."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.validator import Validator


def ai_context(model: Model) -> Iterator[Problem]:
    """Roles may use purposes; purposes name attributes."""
    part, validator = model.ai_context, Validator(model, "ai_context")
    if part is None:
        return
    yield from validator.owner(part)
    for name, role in part.roles.items():
        place = ("roles", name)
        if role.people:
            yield from validator.functions((*place, "people"), [role.people])
        for purpose in role.may:
            yield from validator.known((*place, "may"), "purpose", purpose, part.purposes)
    for name, purpose in part.purposes.items():
        place = ("purposes", name)
        yield from validator.owner(purpose, *place)
        yield from validator.length((*place, "freshness"), purpose.freshness, zero=True)
        for word in ("fields", "never"):
            for field in getattr(purpose, word):
                yield from validator.dotted((*place, word), field)
        if purpose.only_if:
            yield from _names(validator, (*place, "only_if"), purpose.only_if)


def _names(validator: Validator, place: tuple[str, ...], text: str) -> Iterator[Problem]:
    """A purpose stands on no one entity: dotted names are attributes, bare ones are rules."""
    rules = validator.model.metrics.rules if validator.model.metrics else {}

    def check(name: str) -> Iterator[Problem]:
        if "." in name:
            return validator.dotted(place, name)
        return validator.known(place, "rule", name, rules, "07_metrics.yml")

    yield from validator.names(place, text, check)
