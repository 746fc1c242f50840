"""Names in 04b_identity.yml: rules, keys and guards name attributes of their entity."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from workbook.errors import Problem
from workbook.model import labels
from workbook.model.model import Model
from workbook.model.validate.validator import Validator


def identity(model: Model) -> Iterator[Problem]:
    """Rules, keys and guards name attributes of their entity."""
    part, validator = model.identity, Validator(model, "identity")
    if model.is_open("identity"):
        return
    yield from validator.owner(part)
    for entity, spec in part.identity.items():
        place = ("identity", entity)
        yield from validator.entity(place, entity)
        yield from validator.owner(spec, *place)
        names = [rule.name for rule in spec.rules]
        for number, rule in enumerate(spec.rules):
            here = (*place, "rules", number)
            if rule.name in names[:number]:
                yield validator.problem(
                    here, f"two rules are named '{rule.name}'.", "Name each rule once."
                )
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
                yield from validator.attribute((*place, word), entity, attribute)
                yield from _one_value(validator, (*place, word), entity, attribute)
        for text in spec.suggest.block_on if spec.suggest else ():
            here = (*place, "suggest", "block_on")
            yield from validator.expression(here, f"({text})", entity)
            for attribute in dict.fromkeys(re.findall(r"\w+", text)):
                yield from _one_value(validator, here, entity, attribute, "suggest")
        if spec.labels:
            matched = {
                name
                for names in (*(rule.match for rule in spec.rules), *checked.values())
                for name in names
            }
            yield from _labels(validator, (*place, "labels"), entity, spec.labels, matched)


_RULES = "The lists may be matched on under `rules`."
_ONE_VALUE = {
    "never_merge": (
        "a customer can have one value only of a never-merge attribute",
        f"Name a field there that holds one value. {_RULES}",
    ),
    "suggest": (
        "similarity is scored between one value and one value",
        f"Compare fields that hold one value. {_RULES}",
    ),
    "labels": (
        "a label is the one customer that a record truly is",
        "Name a field there that holds one value.",
    ),
}


def _one_value(
    validator: Validator, place: tuple[str | int, ...], entity: str, attribute: str, word: str = ""
) -> Iterator[Problem]:
    """Where several values of one record have no meaning; rules and the guard take each value."""
    why, remedy = _ONE_VALUE.get(word or str(place[-1]), ("", ""))
    if why and validator.model.is_list(entity, attribute):
        what = f"'{attribute}' of {entity} holds several values in a cell (`split`), and {why}."
        yield validator.problem(place, what, remedy)


def _labels(
    validator: Validator, place: tuple[str, ...], entity: str, text: str, matched: Collection[str]
) -> Iterator[Problem]:
    """An attribute of the entity that nothing matches on, or a file of the project that holds
    labels.
    """
    if labels.is_file(text):
        why = labels.why_not(validator.model.root, text)
        if why:
            heads = " or ".join(",".join(head) for head in labels.HEADS)
            yield validator.problem(
                place,
                why,
                "Labels are a CSV or Parquet file below the project's folder, with the columns"
                f" {heads}.",
            )
    elif entity in validator.model.entities.entities and not validator.waits(entity):
        yield from validator.known(
            place, f"attribute of {entity}", text, validator.model.attributes(entity)
        )
        yield from _one_value(validator, place, entity, text)
    if text in matched:
        yield validator.problem(
            place,
            f"'{text}' is the truth to measure by, and is matched on too.",
            "Matching on it would measure it by itself.",
        )
