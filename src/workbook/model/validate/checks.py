"""Names in 08_checks.yml: families, overrides and own checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.expressions import names_in
from workbook.model.model import Model
from workbook.model.names import place_of
from workbook.model.schema import Check
from workbook.model.validate.step_validator import Validator

_ALLOWANCE = re.compile(r"\d+(\.\d+)?%?")


def checks(model: Model) -> Iterator[Problem]:
    """Families, overrides and own checks stand on things of the model."""
    section, validator = model.checks, Validator(model, "checks")
    if model.is_open("checks"):
        return
    yield from validator.owner(section)
    for name, family in section.families.items():
        yield from _allowance(validator, ("families", name, "allow"), family.allow)
    for number, override in enumerate(section.overrides):
        path = ("overrides", number)
        yield from _thing(validator, path, override.on)
        yield from validator.owner(override, *path)
        yield from _allowance(validator, (*path, "allow"), override.allow)
    for name, check in section.checks.items():
        path = ("checks", name)
        yield from validator.owner(check, *path)
        yield from _allowance(validator, (*path, "allow"), check.allow)
        if bool(check.must) == bool(check.must_be):
            yield validator.problem(
                path, "model.checks.no_condition", name=name, both=bool(check.must)
            )
        if check.then:
            yield from _then(validator, (*path, "then"), check)
        if check.must_be:
            yield from validator.metric((*path, "on"), check.on)
            yield from validator.period((*path, "in"), check.in_)
        elif check.must and not model.is_open("entities") and check.on in model.entities.entities:
            yield from validator.expression((*path, "must"), check.must, check.on)
        elif check.must and check.on in model.source_names:
            yield from validator.over_source((*path, "must"), check.must, check.on)
        elif check.must:
            yield from _thing(validator, (*path, "on"), check.on)


def _then(validator: Validator, path: tuple[str | int, ...], check: Check) -> Iterator[Problem]:
    """`then` needs a moment of each row, and a kept value that may have been another one."""
    model = validator.model
    names = names_in(check.must) if check.must else []
    kept = [
        name
        for name in names
        for owner, _, attribute in [name.rpartition(".")]
        if attribute in model.kept_of(owner or check.on)
    ]
    sources = model.entity_sources(check.on) if check.on in model.entity_names else ()
    dated = len(sources) == 1 and bool(model.sources.sources[sources[0]].valid)
    if not dated:
        yield validator.problem(path, "model.checks.then_undated", name=check.on)
    elif not kept:
        yield validator.problem(path, "model.checks.then_of_nothing")


def _allowance(validator: Validator, path: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    if text and not _ALLOWANCE.fullmatch(text):
        yield validator.problem(path, "model.checks.not_an_allowance", text=text)


def _thing(validator: Validator, path: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    """A source, a field of one, an entity, a relationship, an identifier or a metric."""
    model = validator.model
    if not model.is_open("sources") and place_of(model.sources, name, ""):
        return
    known = set(model.source_names) | set(model.identifier_places)
    known |= set(model.metrics.metrics)
    if not model.is_open("entities"):
        known |= set(model.entities.entities) | set(model.entities.relationships)
    if name.count(".") == 2:
        yield from validator.located((*path, "on"), name, "")
    elif known:
        yield from validator.known(
            (*path, "on"),
            "part",
            name,
            known,
            "03_sources.yml, 04_entities.yml, 07_metrics.yml",
        )
