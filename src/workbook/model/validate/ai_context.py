"""Names in 12_ai_context.yml: roles and purposes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.permission import things_named
from workbook.model.validate.step_validator import Place, Validator
from workbook.model.view_reads import uses_of
from workbook.words import words_of

_WORDS = words_of("errors/model")


def ai_context(model: Model) -> Iterator[Problem]:
    """Roles may use purposes; purposes name attributes."""
    section, validator = model.ai_context, Validator(model, "ai_context")
    if model.is_open("ai_context"):
        return
    yield from validator.owner(section)
    for name, role in section.roles.items():
        path = ("roles", name)
        if role.people:
            yield from validator.departments((*path, "people"), [role.people])
        for purpose in role.may:
            yield from validator.known((*path, "may"), "purpose", purpose, section.purposes)
        uses = [use for purpose in role.may for use in _uses(model, purpose)]
        if role.rows:
            yield from _condition(validator, (*path, "rows"), role.rows, uses)
    for name, purpose in section.purposes.items():
        path = ("purposes", name)
        yield from validator.owner(purpose, *path)
        yield from validator.length((*path, "freshness"), purpose.freshness, zero=True)
        for word in ("fields", "never"):
            for number, text in enumerate(getattr(purpose, word)):
                yield from _named(validator, (*path, word, number), text)
        if purpose.only_if:
            yield from _condition(
                validator, (*path, "only_if"), purpose.only_if, _uses(model, name)
            )


def _named(validator: Validator, path: Place, text: str) -> Iterator[Problem]:
    """What a purpose permits or refuses one by one: anything of the model that can be read."""
    model = validator.model
    if model.is_open("entities") or model.is_open("sources") or things_named(model, text):
        return
    first, _, rest = text.rpartition(".")
    entity = first.rpartition(".")[2] or first
    if entity in model.entities.entities and rest:
        yield from validator.dotted(path, text)
    elif first in model.source_names:
        yield from validator.field(path, first, rest)
    else:
        systems = {model.system_of(source) for source in model.source_names}
        attributes = {
            f"{name}.{item}" for name in model.entities.entities for item in model.names_of(name)
        }
        metrics = {*model.metrics.rules, *model.metrics.metrics}
        known = {*attributes, *metrics, *model.entities.entities, *model.source_names, *systems}
        yield from validator.known(path, "part", text, sorted(known))


def _uses(model: Model, purpose: str) -> list[tuple[str, str]]:
    """Every view and audience of a purpose, in words, and its entity."""
    return [
        (f"{kind[:-1]} '{name}'", use.of)
        for kind, name, use in uses_of(model)
        if use.purpose == purpose
    ]


def _condition(
    validator: Validator, path: Place, text: str, uses: list[tuple[str, str]]
) -> Iterator[Problem]:
    """A condition over the entity of every view that it is asked of; its names alone without
    any.
    """
    found: dict[Problem, None] = {}
    for use, entity in uses:
        for problem in validator.expression(path, text, entity):
            what = _WORDS.text("around.use", use=use, entity=entity, what=problem.what)
            found[replace(problem, what=what)] = None
    yield from found or (() if uses else _names(validator, path, text))


def _names(validator: Validator, path: Place, text: str) -> Iterator[Problem]:
    """Names of a condition that is asked of nothing yet."""
    rules = validator.model.metrics.rules

    def check(name: str) -> Iterator[Problem]:
        if "." in name:
            return validator.dotted(path, name)
        return validator.known(path, "rule", name, rules, "07_metrics.yml")

    yield from validator.names(path, text, check)
