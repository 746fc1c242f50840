"""Names in 08 checks, 09 documentation and 10 review."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.crosscheck.desk import Desk
from workbook.model.model import Model
from workbook.model.names import place_of

_ALLOWANCE = re.compile(r"\d+(\.\d+)?%?")


def checks(model: Model) -> Iterator[Problem]:
    """Families, overrides and own checks stand on things of the model."""
    part, desk = model.checks, Desk(model, "checks")
    if part is None:
        return
    yield from desk.owner(part)
    for name, family in part.families.items():
        yield from _allowance(desk, ("families", name, "allow"), family.allow)
    for number, override in enumerate(part.overrides):
        place = ("overrides", number)
        yield from _thing(desk, place, override.on)
        yield from desk.owner(override, *place)
        yield from _allowance(desk, (*place, "allow"), override.allow)
    for name, check in part.checks.items():
        place = ("checks", name)
        yield from desk.owner(check, *place)
        yield from _allowance(desk, (*place, "allow"), check.allow)
        if bool(check.must) == bool(check.must_be):
            yield desk.problem(place, f"check '{name}' needs either `must` (a condition) or `must_be` (a value of a metric).")
        if check.must_be:
            yield from desk.metric((*place, "on"), check.on)
        elif check.must and model.entities and check.on in model.entities.entities:
            yield from desk.expression((*place, "must"), check.must, check.on)
        elif check.must and check.on in model.source_names:
            yield from desk.over_source((*place, "must"), check.must, check.on)
        elif check.must:
            yield from _thing(desk, (*place, "on"), check.on)


def _allowance(desk: Desk, place: tuple[str | int, ...], text: str) -> Iterator[Problem]:
    if text and not _ALLOWANCE.fullmatch(text):
        yield desk.problem(place, f"'{text}' is neither a count nor a share.", "Write 5 or 2%.")


def _thing(desk: Desk, place: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    """A source, a field of one, an entity, a relationship, an identifier or a metric."""
    model = desk.model
    if model.sources and place_of(model.sources, name, ""):
        return
    known = set(model.source_names) | set(model.identifier_places)
    known |= set(model.metrics.metrics) if model.metrics else set()
    if model.entities:
        known |= set(model.entities.entities) | set(model.entities.relationships)
    if name.count(".") == 2:
        yield from desk.located((*place, "on"), name, "")
    elif known:
        yield from desk.known((*place, "on"), "thing", name, known, "03_sources.yml, 04_entities.yml and 07_metrics.yml")


def documentation(model: Model) -> Iterator[Problem]:
    """Glossary, descriptions and caveats are about names of the model."""
    part, desk = model.documentation, Desk(model, "documentation")
    if part is None:
        return
    yield from desk.owner(part)
    for word, term in part.glossary.items():
        if term.is_:
            yield from about(desk, ("glossary", word, "is"), term.is_)
    for name in part.describe:
        yield from desk.dotted(("describe", name), name)
    for name, caveat in part.caveats.items():
        yield from desk.owner(caveat, "caveats", name)
        for thing in caveat.about:
            yield from about(desk, ("caveats", name, "about"), thing)


def about(desk: Desk, place: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    """Any name of the model: metric, rule, event, entity, relationship, check, source or attribute."""
    model = desk.model
    if "." in name and name not in model.source_names:
        yield from desk.dotted(place, name)
        return
    known = set(model.source_names)
    for part, words in (
        (model.metrics, ("metrics", "rules", "movements")),
        (model.history, ("events",)),
        (model.entities, ("entities", "relationships")),
        (model.checks, ("checks",)),
        (model.sources, ("identifiers",)),
        (model.questions, ("questions",)),
    ):
        for word in words:
            known |= set(getattr(part, word)) if part else set()
    if known and model.metrics and model.entities:
        yield from desk.known(place, "name", name, known)


def review(model: Model) -> Iterator[Problem]:
    """Statements belong to functions, and each is about something."""
    part, desk = model.review, Desk(model, "review")
    if part is None:
        return
    yield from desk.functions(("statements",), part.statements)
    for function, statements in part.statements.items():
        for name, statement in statements.items():
            place = ("statements", function, name)
            for thing in statement.about:
                yield from about(desk, (*place, "about"), thing)
            for metric in re.findall(r"\{(\w+)\}", statement.says):
                yield from desk.metric((*place, "says"), metric)
