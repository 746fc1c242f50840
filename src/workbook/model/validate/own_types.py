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
from workbook.model.validate.step_validator import Place, Validator

_CATEGORY = re.compile(r"[a-z]\w*(\.[a-z]\w*)*")


def own_type(validator: Validator, name: str, own: FieldType) -> Iterator[Problem]:
    path = ("types", name)
    if own.cls:
        yield from validator.known((*path, "class"), "class", own.cls, CLASSES)
    if own.normalise and own.normalise not in METHODS:
        yield validator.problem(
            (*path, "normalise"),
            "model.sources.unknown_method",
            name=own.normalise,
            type=name,
            known=list(METHODS),
            folds=own.normalise in ("lower", "upper", "text"),
        )
    if own.category and not _CATEGORY.fullmatch(own.category):
        known = sorted({item.category for item in TYPES.values() if item.category})
        yield validator.problem(
            (*path, "category"),
            "model.sources.unknown_category",
            name=own.category,
            type=name,
            known=known,
        )
    yield from one_spelling(
        validator,
        (*path, "values"),
        own.normalise or TYPES.get(own.is_, TYPES["text"]).normalise,
        own.values,
    )


def one_spelling(
    validator: Validator, path: Place, method: str, values: tuple[str, ...]
) -> Iterator[Problem]:
    """Declared values of a category that are two spellings of one."""
    if method != "category":
        return
    seen: dict[str, str] = {}
    for value in values:
        other = seen.setdefault(" ".join(value.casefold().split()), value)
        if other != value:
            yield validator.problem(path, "model.sources.two_spellings", one=other, other=value)


def project_region(model: Model) -> Iterator[Problem]:
    region = model.project.region
    if region and not _is_region(region):
        yield Validator(model, "project").problem(
            ("region",),
            "model.sources.unknown_region",
            name=region,
            source="",
            fields=[],
            code=country_code(region) or "",
        )


def _is_region(text: str) -> bool:
    return len(text) == 2 and text.isupper() and country_code(text) == text


def phone_region(
    validator: Validator,
    path: Place,
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
            (*path, "region"),
            "model.sources.region_of_no_phone",
            field=field_name,
            type=resolved.declared_type,
        )
    elif region in fields:
        kind = validator.model.field(source, region)
        if kind.normalise not in ("country", EXACT, "category") or kind.type not in (
            "country",
            "text",
            "category",
        ):
            yield validator.problem(
                (*path, "region"),
                "model.sources.region_field_type",
                field=region,
                type=kind.declared_type,
            )
    elif not _is_region(region):
        yield validator.problem(
            (*path, "region"),
            "model.sources.unknown_region",
            name=region,
            source=source,
            fields=sorted(fields),
            code=country_code(region) or "",
        )
