"""What the data says about entities and relationships, beside what was declared."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import Plan, quote
from workbook.entities.attribute_sql import attribute_sql, sql_type
from workbook.entities.records import newest, records_in
from workbook.model import Model, nothing_sql
from workbook.model.links import LIMITS
from workbook.model.schema import Relationship


def relationship_sql(plan: Plan, model: Model) -> str:
    """One row per relationship of the plan: from-rows, those linked, links, the greatest
    fan-out on each side.
    """
    links = model.entities.relationships
    return "\nunion all\n".join(_measured(name) for name in links if name in plan)


def _measured(name: str) -> str:
    table = quote(name)
    return (
        f"select * from (\nwith per_from as (select from_id, count(to_id) as n from {table} group"
        f" by from_id),\nper_to as (select to_id, count(*) as n from {table} where to_id is not"
        " null group by to_id),\nof_from as (select count(*) as from_rows, sum(case when n > 0"
        " then 1 else 0 end) as linked,\n  sum(n) as links, max(n) as most_to, sum(case when n > 1"
        " then 1 else 0 end) as several_to from per_from),\nof_to as (select count(*) as to_rows,"
        " max(n) as most_from, sum(case when n > 1 then 1 else 0 end) as several_from from"
        f" per_to)\nselect cast('{name}' as varchar) as relationship, from_rows, linked, cast(links"
        " as bigint) as links,\n  most_to, several_to, to_rows, most_from, several_from from"
        " of_from cross join of_to\n) as measured"
    )


@dataclass(frozen=True)
class Breach:
    """One way in which a relationship departs from its declaration: its name in the catalogue
    (`breach.several_to`) and what was counted.
    """

    name: str
    values: dict[str, int | str]


@dataclass(frozen=True)
class CardinalityVerdict:
    """What was measured of one relationship, in the words of its declaration."""

    measured: str
    agrees: bool
    breaches: tuple[Breach, ...]


def verdict(link: Relationship, row: dict[str, int | None]) -> CardinalityVerdict:
    """The measured cardinality, whether it stays within the declared one, and what exceeds a
    limit.
    """
    most_to, most_from = row["most_to"] or 0, row["most_from"] or 0
    measured = f"{'many' if most_from > 1 else 'one'} to {'many' if most_to > 1 else 'one'}"
    limit_from, limit_to = LIMITS[link.cardinality]
    rows = row["from_rows"] or 0
    breaches = []
    if limit_to and most_to > limit_to:
        several = {"rows": row["several_to"] or 0, "of": rows, "entity": link.to, "most": most_to}
        breaches.append(Breach("several_to", several))
    if limit_from and most_from > limit_from:
        several = {"rows": row["several_from"] or 0, "entity": link.to, "most": most_from}
        breaches.append(Breach("several_from", several))
    agrees = not breaches
    breaches += _over_limits(link, most_from, most_to)
    orphans = rows - (row["linked"] or 0)
    if link.required and orphans:
        unlinked = {"rows": orphans, "of": rows, "entity": link.from_, "other": link.to}
        breaches.append(Breach("unlinked", unlinked))
    return CardinalityVerdict(measured, agrees, tuple(breaches))


def _over_limits(link: Relationship, most_from: int, most_to: int) -> list[Breach]:
    """Where more rows are linked than `at_most` allows."""
    if link.from_ == link.to:
        limit = link.at_most.get(link.to)
        over = limit is not None and most_from > limit
        values = {"most": most_from, "entity": link.from_, "limit": limit or 0}
        return [Breach("at_most_own", values)] if over else []
    sides = ((link.from_, link.to, most_from), (link.to, link.from_, most_to))
    return [
        Breach("at_most", {"most": most, "entity": entity, "other": other, "limit": limit})
        for entity, other, most in sides
        if (limit := link.at_most.get(entity)) is not None and most > limit
    ]


def entity_sql(plan: Plan, model: Model) -> str:
    """One row per entity of the plan: records, rows of its canonical table, rows of its sources
    set aside because a key repeats.
    """
    parts = []
    for entity in model.entity_names:
        records = f"{entity}__records" if model.has_identity(entity) else entity
        clusters = f"{entity}__clusters"
        things = (
            f"select count(distinct id) from {quote(clusters)}"
            if clusters in plan
            else f"select count(*) from {quote(records)}"
        )
        again = " + ".join(
            f"(select count(*) from ({newest(model, entity, source)}) as newest where _turn > 1)"
            for source in model.entity_sources(entity)
        )
        aside = (
            f"select count(*) from {quote(entity + '__set_aside')}"
            if f"{entity}__set_aside" in plan
            else f"select {again or '0'}"
        )
        if records in plan:
            parts.append(
                f"select cast('{entity}' as varchar) as entity, (select count(*) from"
                f" {quote(records)}) as records,\n  ({things}) as things, cast(({aside}) as bigint)"
                " as set_aside"
            )
    return "\nunion all\n".join(parts)


def left_out_sql(plan: Plan, model: Model) -> str:
    """One row per entity and source with a condition: rows asked, those left out, those of
    which it has no value (unknown); '' where no entity has one.
    """
    parts = []
    for entity in model.entity_names:
        for source in model.entity_sources(entity):
            if model.where(entity, source) and f"{entity}__left_out" in plan:
                given = (
                    f"select count(*) from ({newest(model, entity, source)}) as newest where"
                    " _turn = 1"
                )
                parts.append(
                    f"select cast('{entity}' as varchar) as entity, cast('{source}' as varchar) as"
                    f" source, ({given}) as records,\n  count(*) as left_out,"
                    " cast(coalesce(sum(case when unknown then 1 else 0 end), 0) as bigint) as"
                    f" unknown\nfrom {quote(entity + '__left_out')} where source = '{source}'"
                )
    return "\nunion all\n".join(parts)


def placeholders_sql(model: Model, entity: str) -> str:
    """One row per attribute of text of an entity of one source: how many records hold a word
    that means nothing (said, emptied); '' where none is text.
    """
    source = model.entity_sources(entity)[0]
    names = [
        name
        for name, refs in model.attributes(entity).items()
        if refs and sql_type(model, entity, name) == "VARCHAR"
    ]
    counts = []
    for number, name in enumerate(names):
        value = attribute_sql(model, entity, name, source)
        counts.append(
            f"cast(coalesce(sum(case when {nothing_sql(value, model.placeholders(entity, name))}"
            f" then 1 else 0 end), 0) as bigint) as n{number}"
        )
    if not names:
        return ""
    counted = f"select {', '.join(counts)} from {records_in(model, entity, source)}"
    parts = [
        f"select cast('{name}' as varchar) as attribute, n{number} as said, n{number} as emptied"
        " from counted"
        for number, name in enumerate(names)
    ]
    return (
        f"select * from (\nwith counted as (\n{counted}\n)\n"
        + "\nunion all\n".join(parts)
        + "\n) as told"
    )


def hierarchy_sql(name: str) -> str:
    """Every pair of a relationship that rolls up: child and parent."""
    return (
        f"select from_id, to_id from {quote(name)} where to_id is not null order by from_id, to_id"
    )


@dataclass(frozen=True)
class Hierarchy:
    """A hierarchy as measured: members below a parent, parents at the top, levels, members in a
    circle.
    """

    children: int
    tops: int
    levels: int
    in_circles: int
    largest: int


def hierarchy(pairs: list[tuple[str, str]]) -> Hierarchy:
    """Walks from every member to its top; a circle is counted and not walked again."""
    parent = dict(pairs)
    depth: dict[str, int] = {}
    circled: set[str] = set()
    tops: dict[str, int] = {}
    for start in parent:
        path, at = [start], start
        while at in parent and parent[at] not in path:
            at = parent[at]
            path.append(at)
        if at in parent:
            circled.add(start)
            continue
        depth[start] = len(path)
        tops[at] = tops.get(at, 0) + 1
    return Hierarchy(
        len(parent),
        len(tops),
        max(depth.values(), default=0),
        len(circled),
        max(tops.values(), default=0),
    )
