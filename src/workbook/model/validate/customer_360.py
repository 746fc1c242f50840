"""Names in 11_customer_360.yml: views and audiences."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator


def customer_360(model: Model) -> Iterator[Problem]:
    """Views and audiences: entity, question, purpose, fields."""
    section, validator = model.customer_360, Validator(model, "customer_360")
    if model.is_open("customer_360"):
        return
    yield from validator.owner(section)
    for kind, named in (("views", section.views), ("audiences", section.audiences)):
        for name, view in named.items():
            path = (kind, name)
            yield from validator.named(path, name)
            yield from validator.owner(view, *path)
            yield from validator.entity((*path, "of"), view.of)
            if view.answers and not model.is_open("questions"):
                yield from validator.known(
                    (*path, "answers"),
                    "question",
                    view.answers,
                    model.questions.questions,
                    "01_questions.yml",
                )
            if view.purpose and not model.is_open("ai_context"):
                yield from validator.known(
                    (*path, "purpose"),
                    "purpose",
                    view.purpose,
                    model.ai_context.purposes,
                    "12_ai_context.yml",
                )
            for field in view.fields:
                yield from _field(validator, (*path, "fields"), view.of, field)
            for word in ("only", "consent", "opt_out"):
                if getattr(view, word, ""):
                    yield from validator.expression((*path, word), getattr(view, word), view.of)


def _field(
    validator: Validator, path: tuple[str, ...], entity: str, name: str
) -> Iterator[Problem]:
    """An attribute, a rule or a metric of the view's entity; or, as `other.name`, one of an
    entity that each row reaches.
    """
    model = validator.model
    owner, _, last = name.rpartition(".")
    if owner and not model.is_open("metrics") and last in model.metrics.metrics:
        yield from validator.entity(path, owner)
        return
    if owner:
        yield from validator.dotted(path, name)
        return
    if not model.is_open("metrics"):
        rules = model.rule_words(entity)
        known = {**model.metrics.metrics, **dict.fromkeys(rules)}
        yield from validator.known(
            path,
            "metric_or_rule",
            name,
            known,
            "07_metrics.yml",
        )
