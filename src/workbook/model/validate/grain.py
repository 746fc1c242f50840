"""Names in 02_grain.yml: the primary grain and what was considered."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator


def grain(model: Model) -> Iterator[Problem]:
    """The primary grain is an entity, what would be a key is an identifier or a relationship."""
    section, validator = model.grain, Validator(model, "grain")
    if model.is_open("grain"):
        return
    yield from validator.owner(section)
    if section.primary:
        yield from validator.entity(("primary",), section.primary)
        if not section.sentence:
            yield validator.problem(("primary",), "model.no_grain_sentence", entity=section.primary)
    for name, candidate in section.considered.items():
        if candidate.by and not model.is_open("sources"):
            keys = {
                *model.identifier_places,
                *(model.entities.relationships),
            }
            yield from validator.known(
                ("considered", name, "by"),
                "key",
                candidate.by,
                keys,
                "03_sources.yml, 04_entities.yml",
            )
    for metric in section.headline:
        yield from validator.metric(("headline",), metric)
    yield from validator.departments(("customer_means",), section.customer_means)
