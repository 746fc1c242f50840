"""The dictionary: every attribute of every entity, what it means, where it comes from, who
answers for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.model import FieldRef, Model
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.rule_words import POINTS, REASONS, TYPES
from workbook.model.shared import owner_of_attribute
from workbook.words.wording import humanize, join_words

SCORE = {
    POINTS: "How many points of {name} a row has.",
    REASONS: "What gave a row its points of {name}, the most first.",
}


@dataclass(frozen=True)
class Entry:
    """One attribute of one entity; `means` is empty where nobody has said it."""

    entity: str
    attribute: str
    means: str
    type: str
    cls: str
    guessed: bool
    sources: tuple[str, ...]
    rule: str
    owner: str

    @property
    def name(self) -> str:
        """`entity.attribute`."""
        return f"{self.entity}.{self.attribute}"


def entries(model: Model) -> list[Entry]:
    """Attributes in the order of the model, then the yes-or-no attributes that rules add."""
    return [
        entry
        for entity in model.entity_names
        for entry in (*_attributes(model, entity), *_rules(model, entity))
    ]


def _attributes(model: Model, entity: str) -> list[Entry]:
    found = []
    for attribute, refs in model.attributes(entity).items():
        if refs:
            found.append(
                Entry(
                    entity=entity,
                    attribute=attribute,
                    means=_means(model, entity, attribute),
                    type=model.type_of(entity, attribute),
                    cls=model.class_of(f"{entity}.{attribute}"),
                    guessed=any(_guessed(model, ref) for ref in refs),
                    sources=tuple(ref.name for ref in refs),
                    rule=_rule(model, entity, attribute),
                    owner=owner_of_attribute(model, entity, attribute),
                )
            )
    return found


def _guessed(model: Model, ref: FieldRef) -> bool:
    """Whether nobody has confirmed the class of a field."""
    field = model.field(ref.source, ref.field)
    return "class" in field.guess or field.unclassified


def _rules(model: Model, entity: str) -> list[Entry]:
    found = []
    for name in model.rules_of(entity):
        rule = model.metrics.rules[name]  # type: ignore[union-attr]
        owner = model.owner_of("metrics", "rules", name)
        cls = derivation_of(model).class_of(Thing("rule", name))
        found.append(
            Entry(entity, name, rule.means, "boolean", cls, False, (), "rule of 07", owner)
        )
        for word, (of, column) in model.rule_words(entity).items():
            if of == name and column in SCORE:
                found.append(
                    Entry(
                        entity,
                        word,
                        SCORE[column].format(name=humanize(name)),
                        TYPES[column],
                        cls,
                        False,
                        (),
                        "rule of 07",
                        owner,
                    )
                )
    return found


def _means(model: Model, entity: str, attribute: str) -> str:
    """What was written of it; an identifier says itself what it connects."""
    part, name = model.documentation, f"{entity}.{attribute}"
    if part and name in part.describe:
        return part.describe[name]
    for word, term in part.glossary.items() if part else ():
        if term.is_ == name:
            return f"{word}: {term.means}"
    if attribute in model.identifier_places:
        places = tuple(dict.fromkeys(ref.source for ref in model.identifier_places[attribute]))
        return (
            f"The key that connects {join_words(places)}."
            if len(places) > 1
            else f"A key of {places[0]}."
        )
    return ""


def _rule(model: Model, entity: str, attribute: str) -> str:
    if not model.has_identity(entity):
        return "its only source"
    if len({ref.source for ref in model.attributes(entity)[attribute]}) == 1:
        return "its only source"
    order = ", ".join(item.source for item in model.order(entity, attribute))
    rule = model.rule(entity, attribute)
    return (
        f"{f'first where {rule.expr}' if rule.rule == 'expression' else rule.rule.replace('_', ' ')}:"
        f" {order}"
    )
