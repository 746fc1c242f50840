"""The privacy classes of every source's fields: declared, guessed, missing, and names that look
more personal than their class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.model import CLASSES, Model, ResolvedField
from workbook.privacy import guess, shown

_PLAIN = ("text", "integer", "decimal", "date", "timestamp", "boolean", "id")


@dataclass(frozen=True)
class FieldGuess:
    """What was suggested of a field, or of its whole source ('')."""

    field: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Classified:
    """The fields of one source.

    `suspicious`: nobody gave them a class, and their name suggests a stricter one.
    """

    source: str
    counts: Mapping[str, int]
    guarded: tuple[str, ...]
    guessed: tuple[FieldGuess, ...]
    suspicious: tuple[str, ...]
    undeclared: tuple[str, ...]
    undeclared_personal: tuple[str, ...]
    # of people who may ask to be forgotten: shown by pages and kept for good, and no reason is
    # written
    open_of_person: tuple[str, ...] = ()
    # text of which nobody said what it holds: personal until somebody does
    unclassified: tuple[str, ...] = ()


def classified(model: Model, undeclared: Mapping[str, tuple[str, ...]]) -> list[Classified]:
    """One entry per source, in the order of the model."""
    return [_source(model, source, undeclared.get(source, ())) for source in model.source_names]


def _source(model: Model, source: str, undeclared: tuple[str, ...]) -> Classified:
    fields = model.fields(source)
    spec = model.sources.sources[source] if not model.is_open("sources") else None
    on_source = tuple(FieldGuess("", (what,)) for what in (spec.guess if spec else ()))
    return Classified(
        source=source,
        counts={cls: sum(field.cls == cls for field in fields.values()) for cls in CLASSES},
        guarded=tuple(
            name for name, field in fields.items() if field.cls in ("personal", "sensitive")
        ),
        guessed=(
            *on_source,
            *(
                FieldGuess(name, tuple(field.guess))
                for name, field in fields.items()
                if field.guessed
            ),
        ),
        suspicious=tuple(
            name for name, field in fields.items() if _suspicious(model, source, field)
        ),
        undeclared=undeclared,
        undeclared_personal=tuple(name for name in undeclared if guess(name)),
        open_of_person=_open_of_person(model, source),
        unclassified=tuple(name for name, field in fields.items() if field.unclassified),
    )


def _suspicious(model: Model, source: str, field: ResolvedField) -> bool:
    part = model.sources
    if field.type not in _PLAIN:
        return False
    own = part.types.get(field.declared_type)
    if part.sources[source].fields[field.name].cls or (own and own.cls):
        return False
    found = guess(field.name)
    return found is not None and CLASSES.index(found.cls) > CLASSES.index(field.cls)


def _open_of_person(model: Model, source: str) -> tuple[str, ...]:
    """Attributes of people who may ask to be forgotten that pages show, without a written
    reason; identifiers and when a row was written are none.
    """
    part = model.sources
    if model.is_open("sources") or model.is_open("history"):
        return ()
    spec, found = part.sources[source], {}
    for entity in model.history.erasures:
        for name, refs in model.attributes(entity).items():
            for ref in refs:
                if (
                    ref.source == source
                    and name not in part.identifiers
                    and ref.field not in (*spec.primary_key, *spec.valid, spec.recorded)
                ):
                    found[ref.field] = model.field(source, ref.field)
    return tuple(
        name for name, field in found.items() if shown(field.cls) and not spec.fields[name].because
    )
