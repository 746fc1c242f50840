"""Names in 03 sources: systems, types, dialects, keys, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbook.errors import Problem, did_you_mean
from workbook.model.model import CLASSES, Model
from workbook.model.names import place_of
from workbook.model.schema import FieldType, Source, SourceField, Sources
from workbook.model.types import EXACT, METHODS, TYPES
from workbook.model.types.countries import country_code
from workbook.model.validate.validator import Place, Validator

_CATEGORY = re.compile(r"[a-z]\w*(\.[a-z]\w*)*")
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
        yield from _own_type(validator, name, own)
    yield from _project_region(model)
    for name, source in part.sources.items():
        yield from _source(validator, part, name, source)
    yield from _identifiers(validator, part)
    for name in part.trace:
        yield from validator.known(("trace",), "identifier", name, part.identifiers)


def _own_type(validator: Validator, name: str, own: FieldType) -> Iterator[Problem]:
    place = ("types", name)
    if own.cls:
        yield from validator.known((*place, "class"), "class", own.cls, CLASSES)
    if own.normalise and own.normalise not in METHODS:
        hint = did_you_mean(own.normalise, METHODS)
        more = " A category folds letter case." if own.normalise in ("lower", "upper", "text") else ""
        what = f"method '{own.normalise}' of type '{name}' is not known."
        yield validator.problem((*place, "normalise"), what, f"{hint} Methods: {', '.join(METHODS)}.{more}".strip())
    if own.category and not _CATEGORY.fullmatch(own.category):
        known = sorted({each.category for each in TYPES.values() if each.category})
        what = f"category '{own.category}' of type '{name}' is no category of personal data."
        yield validator.problem((*place, "category"), what, f"Write words joined by points, like {known[0]}. {did_you_mean(own.category, known)}".strip())
    yield from _one_spelling(validator, (*place, "values"), own.normalise or TYPES.get(own.is_, TYPES["text"]).normalise, own.values)


def _one_spelling(validator: Validator, place: Place, method: str, values: tuple[str, ...]) -> Iterator[Problem]:
    """Declared values of a category that are two spellings of one."""
    if method != "category":
        return
    seen: dict[str, str] = {}
    for value in values:
        other = seen.setdefault(" ".join(value.casefold().split()), value)
        if other != value:
            yield validator.problem(place, f"'{other}' and '{value}' are two spellings of one category.", "Keep the one that pages shall show.")


def _project_region(model: Model) -> Iterator[Problem]:
    region = model.project.region
    if region and not _is_region(region):
        yield Validator(model, "project").problem(("region",), f"region '{region}' is no country.", _region_advice(region))


def _is_region(text: str) -> bool:
    return len(text) == 2 and text.isupper() and country_code(text) == text


def _region_advice(text: str) -> str:
    code = country_code(text)
    return f"Did you mean '{code}'?" if code else "Write the country's code of two capital letters, such as GB."


def _region(validator: Validator, place: Place, source: str, field_name: str, fields: Mapping[str, SourceField]) -> Iterator[Problem]:
    """A country code, or a field of the same source, beside a phone number."""
    region, resolved = fields[field_name].region, validator.model.field(source, field_name)
    if not region:
        return
    if resolved.normalise != "phone":
        yield validator.problem((*place, "region"), f"field '{field_name}' is {resolved.declared_type}, and only phone numbers have a region.", "Remove `region:`, or give the field `type: phone`.")
    elif region in fields:
        kind = validator.model.field(source, region)
        if kind.normalise not in ("country", EXACT, "category") or kind.type not in ("country", "text", "category"):
            yield validator.problem((*place, "region"), f"field '{region}' is {kind.declared_type} and holds no countries.", "Name a field of type country, or a country code such as GB.")
    elif not _is_region(region):
        hint = did_you_mean(region, fields)
        what = f"region '{region}' of field '{field_name}' is neither a country code nor a field of {source}."
        yield validator.problem((*place, "region"), what, hint or _region_advice(region))


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
        if field_name == "id" and len(field_name) < 2:
            continue
        if field_name.startswith("_"):
            yield validator.problem(here, f"field '{field_name}' starts with _, which is kept for the workbook's own columns.",
                               "Name it differently and give the file's name as `column:`.")  # fmt: skip
        yield from validator.known(here, "type", field.type, {**TYPES, **part.types})
        if field.cls:
            yield from validator.known(here, "class", field.cls, CLASSES)
        yield from _region(validator, here, name, field_name, source.fields)
        if field.type in TYPES:
            yield from _one_spelling(validator, (*here, "values"), TYPES[field.type].normalise, field.values)
        if field.currency and not re.fullmatch(r"[A-Z]{3}", field.currency):
            yield from validator.known((*here, "currency"), f"field of {name}", field.currency, source.fields)


def _identifiers(validator: Validator, part: Sources) -> Iterator[Problem]:
    for name, identifier in part.identifiers.items():
        place = ("identifiers", name)
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
