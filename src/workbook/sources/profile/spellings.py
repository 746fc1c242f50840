"""Values in several spellings: texts that only differ by letter case or blanks, categories,
unknown countries, phones without a region.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.comparison_keys import key_sql
from workbook.engine.list_value_rows import value_rows
from workbook.engine.sql import text
from workbook.model import FieldRef, Model
from workbook.model.equality import names_used, one_spelling
from workbook.model.keyed_fields import compared_by_identity, keyed_fields
from workbook.model.names import shown_name
from workbook.model.types.countries import country_code, language_code
from workbook.sources.profile.landing_counts import table_of

Has = Callable[[str], bool]
CODES: dict[str, Callable[[str], str]] = {"country": country_code, "language": language_code}


@dataclass(frozen=True)
class SpelledAttribute:
    """An attribute of an entity, its places, and what uses it: names of numbers, rules and
    checks, `matching`, `links`.
    """

    entity: str
    attribute: str
    places: tuple[FieldRef, ...]
    used_by: tuple[str, ...]

    @property
    def name(self) -> str:
        """As the model writes it."""
        return f"{self.entity}.{self.attribute}"


def texts(model: Model) -> tuple[SpelledAttribute, ...]:
    """Attributes of type text by which something is split, filtered, matched or linked."""
    used: dict[tuple[str, str], dict[str, None]] = {}
    for user, entity, attribute in _uses(model):
        if entity in model.entity_names and model.attributes(entity).get(attribute):
            used.setdefault((entity, attribute), {})[user] = None
    found = []
    for (entity, attribute), users in used.items():
        places = tuple(
            ref
            for ref in model.attributes(entity)[attribute]
            if not ref.part and model.field(ref.source, ref.field).type == "text"
        )
        places = tuple(ref for ref in places if model.field(ref.source, ref.field).exact)
        if places:
            found.append(SpelledAttribute(entity, attribute, places, tuple(users)))
    return tuple(found)


def _uses(model: Model) -> Iterator[tuple[str, str, str]]:
    for user, of, name in names_used(model):
        owner, _, attribute = name.rpartition(".")
        yield user, owner or of, attribute
    for entity, spec in model.identity.identity.items():
        yield from (("matching", entity, name) for name in compared_by_identity(spec))
    for name, link in model.entities.relationships.items():
        words = link.by.split(".")
        yield from ((name, link.from_, words[-1]), (name, link.to, link.as_ or words[-1]))


def texts_sql(every: tuple[SpelledAttribute, ...]) -> str:
    """One row per attribute: values with several spellings, and rows that hold another spelling
    than the most frequent.
    """
    return "\nunion all\n".join(map(_text_sql, every))


def _text_sql(each: SpelledAttribute) -> str:
    held = "\nunion all\n".join(
        f"select {quote(ref.field)} as value from {quote(table_of(ref.source))} where"
        f" {quote(ref.field)} is not null"
        for ref in each.places
    )
    return f"""select {text(each.name)} as name, count(*) as several,
  cast(coalesce(sum(held - most), 0) as bigint) as rarer
from (
  select folded, count(*) as spellings, sum(times) as held, max(times) as most
  from (
    select lower(trim(replace(replace(value, chr(160), ' '), '  ', ' '))) as folded, value,
      count(*) as times
    from (
{held}
    ) as held
    group by folded, value
  ) as spelled
  group by folded
) as counted
where spellings > 1"""


def categories(model: Model, has: Has) -> tuple[SpelledAttribute, ...]:
    """Attributes that tables hold in one spelling."""
    names = [
        (entity, name)
        for entity in model.entity_names
        for name in model.attributes(entity)
        if one_spelling(model, entity, name)
    ]
    return tuple(
        SpelledAttribute(e, name, model.attributes(e)[name], ())
        for e, name in names
        if has(shown_name(e, name))
    )


def categories_sql(every: tuple[SpelledAttribute, ...]) -> str:
    """One row per category: values with several spellings, and rows that hold another spelling
    than is shown.
    """
    return "\nunion all\n".join(
        f"select {text(each.name)} as name, count(distinct shown) as several,"
        " cast(coalesce(sum(rows), 0) as bigint) as rarer\nfrom"
        f" {quote(shown_name(each.entity, each.attribute))}\nwhere value <> shown"
        for each in every
    )


def unknown_sql(each: SpelledAttribute) -> str:
    """One row per country or language that is shown, and its rows."""
    return (
        "select shown, cast(sum(rows) as bigint) as rows from"
        f" {quote(shown_name(each.entity, each.attribute))} group by shown"
    )


def phones(model: Model) -> tuple[FieldRef, ...]:
    """The fields of phone numbers that are compared."""
    return tuple(
        FieldRef(source, name)
        for source in model.source_names
        for name in keyed_fields(model, source)
        if model.field(source, name).normalise == "phone"
    )


def phones_sql(model: Model, every: tuple[FieldRef, ...]) -> str:
    """One row per field: its numbers, and those without a country code that no region says how
    to read.
    """
    parts = []
    for ref in every:
        value, key = f"s.{quote(ref.field)}", key_sql(model, ref.source, ref.field, "s")
        digit = " or ".join(f"{value} like '%{n}%'" for n in range(10))
        parts.append(
            f"select {text(ref.name)} as name, count({value}) as numbers, count(case when {key} is"
            f" null and ({digit}) then 1 end) as unread\nfrom"
            f" {value_rows(model, ref.source, ref.field)} as s"
        )
    return "\nunion all\n".join(parts)
