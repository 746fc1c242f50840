"""The dictionary: every attribute of every entity, what it means, where it comes from, who
answers for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.model import FieldRef, Model
from workbook.model.contested_attributes import owner_of_attribute
from workbook.model.derivation import derivation_of
from workbook.model.derivation_steps import Thing
from workbook.model.personal_literals import readable
from workbook.model.rule_words import POINTS, REASONS, TYPES
from workbook.words import words_of
from workbook.words.wording import humanize

# What a rule with points adds to its entity, and the text of the catalogue that explains it.
SCORE = {POINTS: "meaning.points", REASONS: "meaning.reasons"}

_WORDS = words_of("documentation")


@dataclass(frozen=True)
class DictionaryEntry:
    """One attribute of one entity; `means` is empty where nobody has written it."""

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


def entries(model: Model) -> list[DictionaryEntry]:
    """Attributes in the order of the model, then the yes-or-no attributes that rules add."""
    return [
        entry
        for entity in model.entity_names
        for entry in (*_attributes(model, entity), *_rules(model, entity))
    ]


def _attributes(model: Model, entity: str) -> list[DictionaryEntry]:
    found = []
    for attribute, refs in model.attributes(entity).items():
        if refs:
            found.append(
                DictionaryEntry(
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


def _rules(model: Model, entity: str) -> list[DictionaryEntry]:
    found, calculated = [], _WORDS.text("survivorship.calculated")
    for name in model.rules_of(entity):
        rule = model.metrics.rules[name]
        owner = model.owner_of("metrics", "rules", name)
        cls = derivation_of(model).class_of(Thing("rule", name))
        found.append(
            DictionaryEntry(entity, name, rule.means, "boolean", cls, False, (), calculated, owner)
        )
        for word, (of, column) in model.rule_words(entity).items():
            if of == name and column in SCORE:
                found.append(
                    DictionaryEntry(
                        entity,
                        word,
                        _WORDS.text(SCORE[column], rule=name),
                        TYPES[column],
                        cls,
                        False,
                        (),
                        calculated,
                        owner,
                    )
                )
    return found


def _means(model: Model, entity: str, attribute: str) -> str:
    """What was written of it; of an identifier, the sources that share it."""
    documentation, name = model.documentation, f"{entity}.{attribute}"
    if name in documentation.describe:
        return documentation.describe[name]
    for term, meaning in documentation.glossary.items():
        if meaning.is_ == name:
            return _WORDS.text("meaning.term", term=term, means=meaning.means)
    if attribute not in model.identifier_places:
        return ""
    sources = list(dict.fromkeys(ref.source for ref in model.identifier_places[attribute]))
    if len(sources) == 1:
        return _WORDS.text("meaning.key", source=sources[0])
    return _WORDS.text("meaning.shared_key", sources=sources)


def _rule(model: Model, entity: str, attribute: str) -> str:
    """Which source wins, in words."""
    sources = {ref.source for ref in model.attributes(entity)[attribute]}
    if not model.has_identity(entity) or len(sources) == 1:
        return _WORDS.text("survivorship.single")
    order = [humanize(item.source) for item in model.order(entity, attribute)]
    rule = model.rule(entity, attribute)
    if rule.rule == "expression":
        condition = readable(model, rule.expr)
        return _WORDS.text("survivorship.expression", condition=condition, sources=order)
    return _WORDS.text("survivorship.order", rule=rule.rule, sources=order)
