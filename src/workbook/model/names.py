"""What the names of a model lead to: a field with all that its type brings, the places of an
attribute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from workbook.model.decimals import places_of, stored_as
from workbook.model.schema import SourceField, Sources
from workbook.model.types import EXACT, METHODS, PARTS, TYPES

UNTOLD = ("text", "category")  # types whose values may be anything until somebody says their class
UNCLASSIFIED = "personal"  # what text counts as until somebody says its class: it may hold anything


@dataclass(frozen=True)
class FieldRef:
    """One place that an attribute comes from: a source, its field, and the part of a full name
    that is meant.
    """

    source: str
    field: str
    part: str = ""

    @property
    def name(self) -> str:
        """The place as the model writes it: `system.table.field`, with the part where one is
        meant.
        """
        return ".".join(word for word in (self.source, self.field, self.part) if word)


@dataclass(frozen=True)
class ResolvedField:
    """A field of a source with its own words over those of its type; `guessed` where somebody
    must still confirm it.
    """

    source: str
    name: str
    type: str
    column: str = ""
    cls: str = "internal"
    category: str = ""
    unit: str = ""
    currency: str = ""
    values: tuple[str, ...] = ()
    recode: Mapping[str, str] | None = None
    normalise: str = EXACT
    # of national phone numbers: a country code, or a field of the same source that holds countries
    region: str = ""
    compare: str = "equal"
    declared_type: str = ""
    guess: tuple[str, ...] = ()
    region_is_field: bool = False
    formats: tuple[str, ...] = ()
    pivot: int | None = None
    decimal_mark: str = ""
    thousands: str = ""
    decimals: int | None = None
    split: str = ""
    path: str = ""
    places: int = 2
    # text of which nobody said what it holds: personal until somebody does
    unclassified: bool = False

    @property
    def guessed(self) -> bool:
        """Whether something of it was guessed and waits for confirmation."""
        return bool(self.guess)

    @property
    def sql_type(self) -> str:
        """The SQL type of the landed column."""
        return stored_as(self.type, self.places, several=bool(self.split))

    @property
    def exact(self) -> bool:
        """Whether values are equal where their texts are."""
        return self.normalise == EXACT

    @property
    def method(self) -> str:
        """How values are compared, as `normalise` takes it: the method, and of a phone the
        region of all its numbers.
        """
        return (
            f"{self.normalise}:{self.region}"
            if self.normalise == "phone" and self.region and not self.region_field
            else self.normalise
        )

    @property
    def region_field(self) -> str:
        """The field of the same source that holds the region of each phone number, or ''."""
        return self.region if self.region_is_field else ""


def resolve(sources: Sources, source: str, name: str, region: str = "") -> ResolvedField:
    """A field of a source, with what its type brings; an unknown type counts as text
    (validation names it).

    `region` is the project's, for phone numbers of a field that names none.
    """
    field = sources.sources[source].fields[name]
    own = sources.types.get(field.type)
    base = own.is_ if own else field.type
    builtin = TYPES.get(base, TYPES["text"])
    declared = field.cls or (own.cls if own else "")
    values = field.values or (own.values if own else ())
    unclassified = base in UNTOLD and not declared and not values
    return ResolvedField(
        source=source,
        name=name,
        type=base if base in TYPES else "text",
        column=field.column,
        cls=declared or (UNCLASSIFIED if unclassified else builtin.cls),
        category=field.category or (own.category if own else "") or builtin.category,
        unit=field.unit,
        currency=field.currency,
        values=values,
        recode=field.recode,
        normalise=own.normalise if own and own.normalise in METHODS else builtin.normalise,
        region=field.region or region,
        region_is_field=field.region in sources.sources[source].fields,
        compare=builtin.compare,
        declared_type=field.type,
        guess=field.guess,
        formats=field.format,
        pivot=field.pivot,
        decimal_mark=field.decimal_mark,
        thousands=field.thousands,
        decimals=field.decimals,
        split=field.split,
        path=field.path,
        places=_places(sources, source, base, field),
        unclassified=unclassified,
    )


def _places(sources: Sources, source: str, kind: str, field: SourceField) -> int:
    """Digits after the mark; the values of a currency that is a field of the source may limit
    them.
    """
    beside = sources.sources[source].fields.get(field.currency)
    among = (
        (*beside.values, *filter(None, (beside.recode or {}).values()))
        if beside and beside.values
        else ()
    )
    return places_of(
        kind, unit=field.unit, currency=field.currency, decimals=field.decimals, among=among
    )


def place_of(sources: Sources, text: str, default_field: str) -> FieldRef | None:
    """`shop.people`, `shop.people.email`, or `shop.people.name.first`; None where it leads
    nowhere.
    """
    words = text.split(".")
    source = ".".join(words[:2])
    if len(words) < 2 or source not in sources.sources:
        return None
    field = words[2] if len(words) > 2 else default_field
    part = words[3] if len(words) > 3 else ""
    known = field in sources.sources[source].fields
    return (
        FieldRef(source, field, part) if known and len(words) < 5 and part in ("", *PARTS) else None
    )


class Dimension(NamedTuple):
    """What numbers are split by: an attribute (of the entity that is counted where none is
    named) as it is today, as it was `then`, at the moment that a number speaks of, or as it was
    at an event.
    """

    entity: str
    attribute: str
    event: str = ""
    then: bool = False

    @property
    def name(self) -> str:
        """The attribute itself, as the model writes it."""
        return f"{self.entity}.{self.attribute}" if self.entity else self.attribute

    @property
    def of_the_past(self) -> bool:
        """Whether only 06_history can answer."""
        return self.then or bool(self.event)


def dimension_of(text: str) -> Dimension:
    """`entity.attribute`, `entity.attribute then`, `entity.attribute at event`.

    >>> dimension_of("client.tier at churn")
    Dimension(entity='client', attribute='tier', event='churn', then=False)
    >>> dimension_of("tier then")
    Dimension(entity='', attribute='tier', event='', then=True)
    """
    name, _, event = (part.strip() for part in text.partition(" at "))
    then = not event and name.endswith(" then")
    entity, _, attribute = name.removesuffix(" then" if then else "").strip().rpartition(".")
    return Dimension(entity, attribute, event, then)


def shown_name(entity: str, attribute: str) -> str:
    """The table of an attribute's spellings and of the one that is shown for each."""
    return f"{entity}__{attribute}__shown"


def erased_name(entity: str) -> str:
    """The table of 06_history that says who asked to be forgotten; whatever must heed it reads
    it by this name.
    """
    return f"{entity}__erased"
