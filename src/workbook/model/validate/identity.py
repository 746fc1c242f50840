"""Names in 04b_identity.yml: rules, keys and guards name attributes of their entity."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from workbook.errors import Problem
from workbook.model import labels
from workbook.model.model import Model
from workbook.model.validate.step_validator import Validator


def identity(model: Model) -> Iterator[Problem]:
    """Rules, keys and guards name attributes of their entity."""
    section, validator = model.identity, Validator(model, "identity")
    if model.is_open("identity"):
        return
    yield from validator.owner(section)
    for entity, spec in section.identity.items():
        path = ("identity", entity)
        yield from validator.entity(path, entity)
        yield from validator.owner(spec, *path)
        names = [rule.name for rule in spec.rules]
        for number, rule in enumerate(spec.rules):
            here = (*path, "rules", number)
            if rule.name in names[:number]:
                yield validator.problem(here, "model.identity.rule_twice", name=rule.name)
            if not rule.match:
                yield validator.problem(here, "model.identity.no_match", name=rule.name)
            for attribute in rule.match:
                yield from validator.attribute(here, entity, attribute)
        checked = {
            "never_merge": spec.never_merge,
            "guard": (*spec.guard.distinct_per_value, *spec.guard.ignore),
        }
        if spec.suggest:
            checked["suggest"] = spec.suggest.compare
        for word, attributes in checked.items():
            for attribute in attributes:
                yield from validator.attribute((*path, word), entity, attribute)
                yield from _one_value(validator, (*path, word), entity, attribute)
        for text in spec.suggest.block_on if spec.suggest else ():
            here = (*path, "suggest", "block_on")
            yield from validator.expression(here, f"({text})", entity)
            for attribute in dict.fromkeys(re.findall(r"\w+", text)):
                yield from _one_value(validator, here, entity, attribute, "suggest")
        if spec.labels:
            matched = {
                name
                for names in (*(rule.match for rule in spec.rules), *checked.values())
                for name in names
            }
            yield from _labels(validator, (*path, "labels"), entity, spec.labels, matched)


_ONE_VALUE = ("never_merge", "suggest", "labels")


def _one_value(
    validator: Validator, path: tuple[str | int, ...], entity: str, attribute: str, word: str = ""
) -> Iterator[Problem]:
    """Where several values of one record have no meaning; rules and the guard take each value."""
    used = word or str(path[-1])
    if used in _ONE_VALUE and validator.model.is_list(entity, attribute):
        yield validator.problem(
            path, "model.identity.list", attribute=attribute, entity=entity, used=used
        )


def _labels(
    validator: Validator, path: tuple[str, ...], entity: str, text: str, matched: Collection[str]
) -> Iterator[Problem]:
    """An attribute of the entity that nothing matches on, or a file of the project that holds
    labels.
    """
    if labels.is_file(text):
        if error := labels.why_not(validator.model.root, text):
            yield validator.of(path, error)
    elif entity in validator.model.entities.entities and not validator.waits(entity):
        yield from validator.known(
            path, "attribute", text, validator.model.attributes(entity), of=entity
        )
        yield from _one_value(validator, path, entity, text)
    if text in matched:
        yield validator.problem(path, "model.identity.labels_matched_on", text=text)
