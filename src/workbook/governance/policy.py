"""What each purpose may read of what views and audiences ask for, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.model import Model
from workbook.model.derivation import DERIVED, derivation_of
from workbook.model.derivation_steps import VALUE
from workbook.model.permission import Ruling, permission_of
from workbook.model.view_reads import uses_of
from workbook.privacy import strictest
from workbook.words import words_of

PERSONAL = ("personal", "sensitive")


def may_read(model: Model, name: str, field: str, entity: str = "") -> Ruling:
    """The ruling for one purpose on one field of a view: an attribute, a rule or a metric.

    What is not allowed is refused: a purpose that is not declared may read nothing.
    """
    reads = tuple(derivation_of(model).of_field(entity or field.partition(".")[0], field))
    permission = permission_of(model, name)
    if permission is None:
        return Ruling(
            name,
            field,
            class_of(model, field, entity),
            False,
            words_of("governance").text("refusal.no_purpose"),
        )
    return permission.rule_on(field, reads)


def class_of(model: Model, field: str, entity: str = "") -> str:
    """The class of a field of a view: the strictest of the fields that its value is made from."""
    derivation = derivation_of(model)
    shown = [
        read.thing
        for read in derivation.of_field(entity or field.partition(".")[0], field)
        if read.how == VALUE
    ]
    return strictest(derivation.class_of(thing) for thing in shown) if shown else DERIVED


def rulings(model: Model) -> tuple[Ruling, ...]:
    """Every purpose ruled on every attribute and kept history of what is touched, and on all
    that views show or purposes permit by name.
    """
    fields = dict.fromkeys(
        f"{entity}.{name}" for entity in touched(model) for name in _readable(model, entity)
    )
    fields |= dict.fromkeys(
        field if "." in field else f"{use.of}.{field}"
        for _, _, use in uses_of(model)
        for field in use.fields
    )
    fields |= dict.fromkeys(
        field
        for purpose in model.ai_context.purposes.values()
        for field in purpose.fields
        if field.partition(".")[0] in model.entity_names and "." in field
    )
    return tuple(
        may_read(model, purpose, field)
        for purpose in (model.ai_context.purposes)
        for field in fields
    )


def rulings_elsewhere(model: Model) -> tuple[Ruling, ...]:
    """Every purpose ruled on every attribute of the entities that no view and no purpose names."""
    used = touched(model)
    return tuple(
        may_read(model, purpose, f"{entity}.{name}")
        for purpose in model.ai_context.purposes
        for entity in model.entity_names
        if entity not in used
        for name in _readable(model, entity)
    )


def _readable(model: Model, entity: str) -> Iterator[str]:
    """The attributes of an entity that have a source, then what is kept of it alone."""
    has = {name: refs for name, refs in model.attributes(entity).items() if refs}
    yield from has
    for kept in model.history.history:
        owner, _, name = kept.partition(".")
        if owner == entity and name not in has:
            yield name


def touched(model: Model) -> tuple[str, ...]:
    """The entities in use: the grain, and those of views, audiences and named fields."""
    found: dict[str, None] = {}
    if model.grain.primary in model.entity_names:
        found[model.grain.primary] = None
    for _, _, use in uses_of(model):
        found |= dict.fromkeys(
            [use.of, *(field.partition(".")[0] for field in use.fields if "." in field)]
        )
    for purpose in model.ai_context.purposes.values():
        found |= dict.fromkeys(
            field.partition(".")[0] for field in (*purpose.fields, *purpose.never)
        )
    return tuple(name for name in found if name in model.entity_names)


def refusals(model: Model) -> tuple[tuple[str, Ruling], ...]:
    """Every field that a view asks for and may not have, for want of a purpose: (view, ruling).

    What a purpose refuses does not come as far: `check` refuses the view.
    """
    ruled = (
        (name, may_read(model, use.purpose, field, use.of))
        for _, name, use in uses_of(model)
        for field in use.fields
    )
    return tuple((name, ruling) for name, ruling in ruled if not ruling.allowed)
