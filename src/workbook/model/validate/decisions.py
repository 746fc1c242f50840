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
        section, validator = getattr(model, word), Validator(model, word)
        for yaml_path, block in decided_blocks(section):
            yield from validator.departments((*yaml_path, "decided_by"), [block.decided_by])
            if {"decisions", "considered"} & set(yaml_path):
                yield from validator.departments((*yaml_path, "owner"), [block.owner])
        for path in section.decisions:
            yield from _place(validator, path)


def _place(validator: Validator, path: str) -> Iterator[Problem]:
    """A record apart is about a value that stands there, or stood there before."""
    model, word = validator.model, validator.word
    file = model.texts[word].file
    _, yaml_path = model.split(f"{word}.{path}")
    values = model.texts[word].values
    own = at_place(values, ("decisions", path))
    if at_place(values, yaml_path) is not None or (isinstance(own, dict) and own.get("considered")):
        return
    known = [name for name in _places(values) if not name.startswith("decisions")]
    yield validator.problem(
        ("decisions", path), "model.unknown_decision", path=path, file=file, known=known
    )


def _places(values: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(values, dict):
        for name, item in values.items():
            yield ".".join((*path, name))
            yield from _places(item, (*path, name))
