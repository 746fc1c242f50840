"""Names in 01_questions.yml: who asks, which metric answers, by what it is split."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator


def questions(model: Model) -> Iterator[Problem]:
    """Who asks, which metric answers, by what it is split."""
    section, validator = model.questions, Validator(model, "questions")
    if model.is_open("questions"):
        return
    yield from validator.owner(section)
    for name, question in section.questions.items():
        path = ("questions", name)
        yield from validator.owner(question, *path)
        yield from validator.departments((*path, "asked_by"), question.asked_by)
        for metric in question.answered_by:
            yield from validator.metric((*path, "answered_by"), metric)
        for dimension in question.by:
            yield from validator.dotted((*path, "by"), dimension)
