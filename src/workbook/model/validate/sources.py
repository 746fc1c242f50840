"""Names in 03 sources: systems, types, dialects, keys, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.errors import Problem
from workbook.model.model import CLASSES, Model
from workbook.model.names import place_of
from workbook.model.schema import Source, Sources
from workbook.model.types import TYPES
from workbook.model.validate.validator import Validator

_LENGTH = re.compile(r"\d+ (minute|hour|day|week|month|year)s?")


def sources(model: Model) -> Iterator[Problem]:
    """Everything that 03 says about itself."""
    part, validator = model.sources, Validator(model, "sources")
    if part is None:
        return
    yield from validator.owner(part)
    yield from _freshness(validator, part)
    for name, system in part.systems.items():
        yield from validator.owner(system, "systems", name)
        if system.dialect != "default":
            yield from validator.known(("systems", name, "dialect"), "dialect", system.dialect, part.dialects)
    for name, own in part.types.items():
        yield from validator.known(("types", name, "is"), "type", own.is_, TYPES)
        if own.cls:
            yield from validator.known(("types", name, "class"), "class", own.cls, CLASSES)
    for name, source in part.sources.items():
        yield from _source(validator, part, name, source)
    yield from _identifiers(validator, part)
    for name in part.trace:
        yield from validator.known(("trace",), "identifier", name, part.identifiers)


def _freshness(validator: Validator, part: Sources) -> Iterator[Problem]:
    places = [(("freshness",), part.freshness)]
    places += [(("systems", name, "freshness"), system.freshness) for name, system in part.systems.items() if system.freshness]
    for place, limit in places:
        for word in ("warn_after", "error_after"):
            text = getattr(limit, word)
            if text and not _LENGTH.fullmatch(text):
                yield validator.problem((*place, word), f"'{text}' is no length of time.", "Write it like '6 hours' or '3 days'.")


def _source(validator: Validator, part: Sources, name: str, source: Source) -> Iterator[Problem]:
    place = ("sources", name)
    yield from validator.owner(source, *place)
    if not re.fullmatch(r"[A-Za-z]\w*\.[A-Za-z]\w*", name):
        yield validator.problem(place, f"source '{name}' must be written as system.table.", "Letters, digits and _ only.")
        return
    yield from validator.known(place, "system", name.partition(".")[0], part.systems)
    if source.dialect and source.dialect != "default":
        yield from validator.known((*place, "dialect"), "dialect", source.dialect, part.dialects)
    if not source.fields:
        yield validator.problem(place, f"source '{name}' declares no fields.", "Run `workbook add-source FILE`, or list them.")
    for word, names in (("primary_key", source.primary_key), ("valid", source.valid), ("recorded", (source.recorded,))):
        for field in names:
            if field:
                yield from validator.known((*place, word), f"field of {name}", field, source.fields)
    for field_name, field in source.fields.items():
        here = (*place, "fields", field_name)
        if field_name.startswith("_"):
            yield validator.problem(here, f"field '{field_name}' starts with _, which is kept for the workbook's own columns.",
                               "Name it differently and give the file's name as `column:`.")  # fmt: skip
        else:
            yield from validator.named(here, field_name)
        yield from validator.known(here, "type", field.type, {**TYPES, **part.types})
        if field.cls:
            yield from validator.known(here, "class", field.cls, CLASSES)
        if field.currency and not re.fullmatch(r"[A-Z]{3}", field.currency):
            yield from validator.known((*here, "currency"), f"field of {name}", field.currency, source.fields)


def _identifiers(validator: Validator, part: Sources) -> Iterator[Problem]:
    for name, identifier in part.identifiers.items():
        place = ("identifiers", name)
        yield from validator.named(place, name)
        yield from validator.owner(identifier, *place)
        types = {}
        for text in identifier.in_:
            ref = place_of(part, text, name)
            if ref is None:
                yield from validator.located((*place, "in"), text, name)
            else:
                types.setdefault(validator.model.field(ref.source, ref.field).type, ref.name)
        if len(types) > 1:
            said = ", ".join(f"{where} is {kind}" for kind, where in types.items())
            yield validator.problem(place, f"identifier '{name}' has places of different types: {said}.", "Give them one type.")
