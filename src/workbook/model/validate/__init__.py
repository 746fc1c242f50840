"""Every name in a model must lead somewhere: one function a step, and one list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.ai_context import ai_context
from workbook.model.validate.checks import checks
from workbook.model.validate.customer_360 import customer_360
from workbook.model.validate.decisions import decisions
from workbook.model.validate.diagnosis import diagnosis
from workbook.model.validate.documentation import documentation
from workbook.model.validate.entities import entities
from workbook.model.validate.grain import grain
from workbook.model.validate.history import history
from workbook.model.validate.identity import identity
from workbook.model.validate.metrics import metrics
from workbook.model.validate.name_clashes import names
from workbook.model.validate.project import project
from workbook.model.validate.protection import protection
from workbook.model.validate.questions import questions
from workbook.model.validate.review import review
from workbook.model.validate.sources import sources
from workbook.model.validate.survivorship import survivorship

STEPS: tuple[Callable[[Model], Iterator[Problem]], ...] = (
    project,
    diagnosis,
    questions,
    grain,
    sources,
    entities,
    identity,
    survivorship,
    history,
    metrics,
    checks,
    documentation,
    review,
    customer_360,
    ai_context,
    names,
    decisions,
)


def validate(model: Model) -> Iterator[Problem]:
    """Every contradiction between the files; what is not decided yet contradicts nothing.

    Who may read what is asked once every name leads somewhere.
    """
    found = [problem for step in STEPS for problem in step(model)]
    yield from found or protection(model)
