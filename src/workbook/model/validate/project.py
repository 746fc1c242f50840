"""workbook.yml: the clock of the business, the day that every page is about, how numbers are
written, and the region of its phone numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbook.errors import Problem, ShowError, WorkbookError
from workbook.model.expressions import scalar_expression
from workbook.model.model import Model
from workbook.model.validate.own_types import project_region
from workbook.model.validate.step_validator import Place, Validator
from workbook.words import known_locales, locale_of, problem_of

# The words whose values are expressions.
EXPRESSIONS = {
    "where",
    "only_if",
    "expr",
    "filter",
    "only",
    "consent",
    "opt_out",
    "must",
    "all",
    "any",
    "none",
}


def project(model: Model) -> Iterator[Problem]:
    """What workbook.yml says of time must be known."""
    yield from Validator(model, "project").zone(("timezone",), model.project.timezone)
    yield from project_region(model)
    yield from _locale(model)
    if model.project.as_of == "latest" and not model.is_open("sources") and not _is_dated(model):
        yield from _asking_for_the_day(model)


def _locale(model: Model) -> Iterator[Problem]:
    """The locale must be one that CLDR knows."""
    name = model.project.locale
    try:
        locale_of(name)
    except ShowError:
        yield Validator(model, "project").problem(
            ("locale",),
            "model.unknown_locale",
            name=name,
            spelled=name.replace("-", "_"),
            known=list(known_locales()),
        )


def _is_dated(model: Model) -> bool:
    """Whether any source says when its rows were recorded or true, so that `latest` finds a day."""
    return (
        any(source.recorded or source.valid for source in model.sources.sources.values())
        if not model.is_open("sources")
        else False
    )


def _asking_for_the_day(model: Model) -> Iterator[Problem]:
    """Every expression that names `as_of`, where no day is known; a field of that name is a
    field.
    """
    if any("as_of" in model.fields(source) for source in model.source_names):
        return
    for text in model.texts.values():
        for path, said in _expressions(text.values, ()):
            if _names_the_day(said):
                yield problem_of("model.no_as_of", text.file, text.line(path))


def _expressions(value: object, path: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _expressions(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from _expressions(item, (*path, number))
    elif isinstance(value, str) and not EXPRESSIONS.isdisjoint(path):
        yield path, value


def _names_the_day(text: str) -> bool:
    try:
        return "as_of" in text and "as_of" in scalar_expression(text)[1]
    except WorkbookError:
        return False
