"""Names in 09_documentation.yml: glossary, descriptions and caveats."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator


def documentation(model: Model) -> Iterator[Problem]:
    """Glossary, descriptions and caveats are about names of the model."""
    section, validator = model.documentation, Validator(model, "documentation")
    if model.is_open("documentation"):
        return
    yield from validator.owner(section)
    for word, term in section.glossary.items():
        if term.is_:
            yield from about(validator, ("glossary", word, "is"), term.is_)
    for name in section.describe:
        yield from validator.dotted(("describe", name), name)
    for name, caveat in section.caveats.items():
        yield from validator.owner(caveat, "caveats", name)
        for thing in caveat.about:
            yield from about(validator, ("caveats", name, "about"), thing)


def about(validator: Validator, path: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    """Any name of the model: metric, rule, event, entity, relationship, check, source or
    attribute.
    """
    model = validator.model
    if "." in name and name not in model.source_names:
        yield from validator.dotted(path, name)
        return
    known = set(model.source_names)
    for section, words in (
        (model.metrics, ("metrics", "rules", "movements")),
        (model.history, ("events",)),
        (model.entities, ("entities", "relationships")),
        (model.checks, ("checks",)),
        (model.sources, ("identifiers",)),
        (model.questions, ("questions",)),
    ):
        for word in words:
            known |= set(getattr(section, word))
    if known and not model.is_open("metrics") and not model.is_open("entities"):
        yield from validator.known(path, "part", name, known)
