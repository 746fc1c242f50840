"""The records of decisions: who took one is a department, and what is recorded apart exists."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.decision_records import decided_blocks
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator
from workbook.model.yaml_paths import at_place
from workbook.model.yaml_read import FILES


def decisions(model: Model) -> Iterator[Problem]:
    """Departments that took a decision, and places under `decisions:` that are none."""
    for word, _, _ in FILES:
        part, validator = getattr(model, word), Validator(model, word)
        for place, block in decided_blocks(part):
            yield from validator.departments((*place, "decided_by"), [block.decided_by])
            if {"decisions", "considered"} & set(place):
                yield from validator.departments((*place, "owner"), [block.owner])
        for path in part.decisions:
            yield from _place(validator, path)


def _place(validator: Validator, path: str) -> Iterator[Problem]:
    """A record apart is about a value that stands there, or stood there before."""
    model, word = validator.model, validator.word
    file = model.texts[word].file
    _, place = model.split(f"{word}.{path}")
    values = model.texts[word].values
    own = at_place(values, ("decisions", path))
    if at_place(values, place) is not None or (isinstance(own, dict) and own.get("considered")):
        return
    known = [name for name in _places(values) if not name.startswith("decisions")]
    yield validator.problem(
        ("decisions", path), "model.unknown_decision", path=path, file=file, known=known
    )


def _places(values: object, way: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(values, dict):
        for name, each in values.items():
            yield ".".join((*way, name))
            yield from _places(each, (*way, name))
