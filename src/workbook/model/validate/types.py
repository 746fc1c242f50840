"""Types of the team's own, spellings of declared values, and the region of phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbook.errors import Problem
from workbook.model.attribute_lookup import CLASSES
from workbook.model.model import Model
from workbook.model.schema import FieldType, SourceField
from workbook.model.types import EXACT, METHODS, TYPES
from workbook.model.types.countries import country_code
from workbook.model.validate.validator import Place, Validator
from workbook.nearest_name import did_you_mean

_CATEGORY = re.compile(r"[a-z]\w*(\.[a-z]\w*)*")


def own_type(validator: Validator, name: str, own: FieldType) -> Iterator[Problem]:
    place = ("types", name)
    if own.cls:
        yield from validator.known((*place, "class"), "class", own.cls, CLASSES)
    if own.normalise and own.normalise not in METHODS:
        hint = did_you_mean(own.normalise, METHODS)
        more = (
            " A category folds letter case." if own.normalise in ("lower", "upper", "text") else ""
        )
        what = f"method '{own.normalise}' of type '{name}' is not known."
        yield validator.problem(
            (*place, "normalise"), what, f"{hint} Methods: {', '.join(METHODS)}.{more}".strip()
        )
    if own.category and not _CATEGORY.fullmatch(own.category):
        known = sorted({each.category for each in TYPES.values() if each.category})
        hint = did_you_mean(own.category, known)
        what = f"category '{own.category}' of type '{name}' is no category of personal data."
        yield validator.problem(
            (*place, "category"),
            what,
            f"Write words joined by points, like {known[0]}. {hint}".strip(),
        )
    yield from one_spelling(
        validator,
        (*place, "values"),
        own.normalise or TYPES.get(own.is_, TYPES["text"]).normalise,
        own.values,
    )


def one_spelling(
    validator: Validator, place: Place, method: str, values: tuple[str, ...]
) -> Iterator[Problem]:
    """Declared values of a category that are two spellings of one."""
    if method != "category":
        return
    seen: dict[str, str] = {}
    for value in values:
        other = seen.setdefault(" ".join(value.casefold().split()), value)
        if other != value:
            yield validator.problem(
                place,
                f"'{other}' and '{value}' are two spellings of one category.",
                "Keep the one that pages shall show.",
            )


def project_region(model: Model) -> Iterator[Problem]:
    region = model.project.region
    if region and not _is_region(region):
        yield Validator(model, "project").problem(
            ("region",), f"region '{region}' is no country.", _region_advice(region)
        )


def _is_region(text: str) -> bool:
    return len(text) == 2 and text.isupper() and country_code(text) == text


def _region_advice(text: str) -> str:
    code = country_code(text)
    return (
        f"Did you mean '{code}'?"
        if code
        else "Write the country's code of two capital letters, such as GB."
    )


def phone_region(
    validator: Validator,
    place: Place,
    source: str,
    field_name: str,
    fields: Mapping[str, SourceField],
) -> Iterator[Problem]:
    """A country code, or a field of the same source, beside a phone number."""
    region, resolved = fields[field_name].region, validator.model.field(source, field_name)
    if not region:
        return
    if resolved.normalise != "phone":
        yield validator.problem(
            (*place, "region"),
            f"field '{field_name}' is {resolved.declared_type}, and only phone numbers have a"
            " region.",
            "Remove `region:`, or give the field `type: phone`.",
        )
    elif region in fields:
        kind = validator.model.field(source, region)
        if kind.normalise not in ("country", EXACT, "category") or kind.type not in (
            "country",
            "text",
            "category",
        ):
            yield validator.problem(
                (*place, "region"),
                f"field '{region}' is {kind.declared_type} and holds no countries.",
                "Name a field of type country, or a country code such as GB.",
            )
    elif not _is_region(region):
        hint = did_you_mean(region, fields)
        what = (
            f"region '{region}' of field '{field_name}' is neither a country code nor a field of"
            f" {source}."
        )
        yield validator.problem((*place, "region"), what, hint or _region_advice(region))
