"""Every name in a model must lead somewhere: one function a step, and one list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook.errors import Problem
from workbook.model.crosscheck.numbers import history, metrics
from workbook.model.crosscheck.things import entities, identity, survivorship
from workbook.model.crosscheck.trust import checks, documentation, review
from workbook.model.crosscheck.use import ai_context, customer_360
from workbook.model.crosscheck.where import sources
from workbook.model.crosscheck.why import diagnosis, grain, questions
from workbook.model.model import Model

STEPS: tuple[Callable[[Model], Iterator[Problem]], ...] = (
    diagnosis, questions, grain, sources, entities, identity, survivorship, history, metrics, checks, documentation,
    review, customer_360, ai_context,
)  # fmt: skip


def crosscheck(model: Model) -> Iterator[Problem]:
    """Every contradiction between the files; what is not decided yet contradicts nothing."""
    for step in STEPS:
        yield from step(model)
