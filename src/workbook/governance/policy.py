"""What a purpose may read: a field's class, what is named one by one, what is never allowed."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.model import Model
from workbook.model.schema import Purpose

PERSONAL = ("personal", "sensitive")
DERIVED = "internal"  # the class of a rule or a metric: it says something about a customer and names nobody


@dataclass(frozen=True)
class Ruling:
    """Whether a purpose may read a field, and the sentence that says why."""

    purpose: str
    field: str
    cls: str
    allowed: bool
    because: str


def may_read(model: Model, name: str, field: str) -> Ruling:
    """The ruling on one field (`entity.attribute`, or a rule or metric by its bare name) for one purpose.

    What is not allowed is refused: a purpose that nobody wrote down may read nothing.
    """
    purpose = model.ai_context.purposes.get(name) if model.ai_context else None
    cls = class_of(model, field)
    if purpose is None:
        return Ruling(name, field, cls, False, "no purpose is written down that would allow it")
    allowed, because = _ruled(purpose, field, cls)
    return Ruling(name, field, cls, allowed, because)


def _ruled(purpose: Purpose, field: str, cls: str) -> tuple[bool, str]:
    if field in purpose.never:
        return False, "never for this purpose"
    if field in purpose.fields:
        return True, "named for this purpose"
    if cls in purpose.classes:
        return True, f"{cls} fields are allowed"
    return False, f"{cls} fields are not allowed, and this one is not named"


def class_of(model: Model, field: str) -> str:
    """The privacy class of what a view may name; a state or a kept value has the class of its attribute."""
    entity, _, attribute = field.partition(".")
    if not attribute:
        return DERIVED
    if model.attributes(entity).get(attribute):
        return model.class_of(field)
    kept = model.history.history.get(field) if model.history else None
    if kept and kept.from_ in model.source_names and kept.value in model.fields(kept.from_):
        return model.field(kept.from_, kept.value).cls
    return DERIVED


def rulings(model: Model) -> tuple[Ruling, ...]:
    """Every purpose ruled on every attribute of the entities that a view, an audience or a purpose touches."""
    fields = dict.fromkeys(f"{entity}.{name}" for entity in touched(model) for name, refs in model.attributes(entity).items() if refs)
    return tuple(may_read(model, purpose, field) for purpose in (model.ai_context.purposes if model.ai_context else ()) for field in fields)


def touched(model: Model) -> tuple[str, ...]:
    """The entities that something is used of: the grain, and those of views, audiences and named fields."""
    found: dict[str, None] = {}
    if model.grain and model.grain.primary in model.entity_names:
        found[model.grain.primary] = None
    for named in (model.customer_360.views, model.customer_360.audiences) if model.customer_360 else ():
        for view in named.values():
            found |= dict.fromkeys([view.of, *(field.partition(".")[0] for field in view.fields if "." in field)])
    for purpose in model.ai_context.purposes.values() if model.ai_context else ():
        found |= dict.fromkeys(field.partition(".")[0] for field in (*purpose.fields, *purpose.never))
    return tuple(name for name in found if name in model.entity_names)


def refusals(model: Model) -> tuple[tuple[str, Ruling], ...]:
    """Every field that a view or an audience asks for and its purpose refuses: (view, ruling)."""
    found = []
    for named in (model.customer_360.views, model.customer_360.audiences) if model.customer_360 else ():
        for name, view in named.items():
            ruled = (may_read(model, view.purpose, field) for field in view.fields)
            found += [(name, ruling) for ruling in ruled if not ruling.allowed]
    return tuple(found)


def approvals(model: Model) -> tuple[tuple[str, str, str], ...]:
    """Which output needs a person's approval: (purpose, what it does, when a person looks)."""
    part = model.ai_context
    return tuple((name, p.does, p.human_review or "not decided") for name, p in part.purposes.items()) if part else ()
