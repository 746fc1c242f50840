"""Names in 10_review.yml: statements of departments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.documentation import about
from workbook.model.validate.step_validator import Validator


def review(model: Model) -> Iterator[Problem]:
    """Statements belong to departments, and each is about something."""
    section, validator = model.review, Validator(model, "review")
    if model.is_open("review"):
        return
    yield from validator.departments(("statements",), section.statements)
    yield from validator.length(("expires",), section.expires, of_days=True)
    for department, statements in section.statements.items():
        for name, statement in statements.items():
            path = ("statements", department, name)
            for thing in statement.about:
                yield from about(validator, (*path, "about"), thing)
            for metric in re.findall(r"\{(\w+)\}", statement.says):
                yield from validator.metric((*path, "says"), metric)
