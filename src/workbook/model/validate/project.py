"""workbook.yml: the clock of the business, and the region of its phone numbers."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.types import project_region
from workbook.model.validate.validator import Validator


def project(model: Model) -> Iterator[Problem]:
    """What workbook.yml says of time must be known."""
    yield from Validator(model, "project").zone(("timezone",), model.project.timezone)
    yield from project_region(model)
