"""Findings about fields: classifications, spelling variants, unknown codes, phone numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.field_classes import Classified
from workbook.sources.profile.spellings import SpelledAttribute
from workbook.words import finding, words_of
from workbook.words.wording import humanize

_ABOUT = 20  # fields that a finding names as what it is about
# Finding, attribute of `Classified` that lists the fields, and how each is written.
_LISTS = (
    ("unclassified_text", "unclassified", "named"),
    ("undeclared_columns", "undeclared", "as_written"),
    ("open_of_person", "open_of_person", "named"),
    ("suspicious_fields", "suspicious", "named"),
)


def of_classes(model: Model, classes: Sequence[Classified]) -> list[Finding]:
    """Suggestions that await confirmation, columns that are not declared, fields that seem
    personal and have no class.
    """
    owner = model.owner_of("sources")
    found = [*_of_guesses(model, classes, owner)]
    for code, name, form in _LISTS:
        fields = [(part.source, field) for part in classes for field in getattr(part, name)]
        if fields:
            found.append(
                finding(
                    model,
                    f"sources.{code}",
                    len(fields),
                    tuple(f"{source}.{field}" for source, field in fields[:_ABOUT]),
                    owner=owner,
                    fields=[
                        words_of("sources").text(f"field.{form}", field=field, source=source)
                        for source, field in fields
                    ],
                )
            )
    return found


def _of_guesses(model: Model, classes: Sequence[Classified], owner: str) -> Iterable[Finding]:
    identifiers = [
        name for name, identifier in (model.sources.identifiers).items() if identifier.guess
    ]
    guesses = sum(len(part.guessed) for part in classes) + len(identifiers)
    places = [part.source for part in classes if part.guessed] or identifiers
    if guesses:
        names = list(map(humanize, places))
        yield finding(model, "sources.guessed", guesses, owner=owner, places=names)


def of_spellings(
    model: Model, every: Sequence[SpelledAttribute], counted: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    """Texts by which numbers are split, filtered or linked, and of which one value has spelling
    variants.
    """
    by_name = {spelled.name: spelled for spelled in every}
    return [
        finding(
            model,
            "sources.spellings",
            row["rarer"],
            _places(spelled),
            severity="look",
            owner=_owner(model, spelled),
            variant="text",
            attribute=spelled.name,
            several=row["several"],
            used_by=list(map(humanize, spelled.used_by)),
        )
        for row in counted
        if row["several"] and (spelled := by_name[row["name"]])
    ]


def of_categories(
    model: Model, every: Sequence[SpelledAttribute], counted: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    """Categories of which some rows hold another spelling than pages show."""
    by_name = {spelled.name: spelled for spelled in every}
    return [
        finding(
            model,
            "sources.spellings",
            row["rarer"],
            _places(spelled),
            severity="note",
            owner=_owner(model, spelled),
            variant="category",
            attribute=spelled.name,
            several=row["several"],
        )
        for row in counted
        if row["rarer"] and (spelled := by_name[row["name"]])
    ]


def of_unknown(
    model: Model,
    spelled: SpelledAttribute,
    shown: Sequence[Mapping[str, Any]],
    code: Callable[[str], str],
) -> list[Finding]:
    """Values of a country or a language that are no known one."""
    unknown = [row for row in shown if code(row["shown"]) != row["shown"]]
    if not unknown:
        return []
    return [
        finding(
            model,
            "sources.unknown_codes",
            sum(row["rows"] for row in unknown),
            _places(spelled),
            owner=_owner(model, spelled),
            attribute=spelled.name,
            values=len(unknown),
            kind=model.type_of(spelled.entity, spelled.attribute),
        )
    ]


def of_phones(model: Model, counted: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Phone numbers without a country code of which no region is declared."""
    unread = [row for row in counted if row["unread"]]
    if not unread:
        return []
    return [
        finding(
            model,
            "sources.phones_without_region",
            sum(row["unread"] for row in unread),
            tuple(row["name"] for row in unread),
            owner=model.owner_of("sources"),
            of=sum(row["numbers"] for row in unread),
            fields=[humanize(row["name"]) for row in unread],
        )
    ]


def _places(spelled: SpelledAttribute) -> tuple[str, ...]:
    return tuple(ref.name for ref in spelled.places)


def _owner(model: Model, spelled: SpelledAttribute) -> str:
    """Who answers for the system of the first source that holds an attribute."""
    return model.owner_of("sources", "systems", model.system_of(spelled.places[0].source))
