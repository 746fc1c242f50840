"""Consents and requests to be forgotten that belong to nobody: what the law asks to be heeded,
and nothing can heed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from workbook.engine import quote
from workbook.history.entity_links import reached_sql, why_unlinked
from workbook.history.erasure import asked_sql, erasures
from workbook.history.facts import facts_name
from workbook.model import Model


@dataclass(frozen=True)
class Unlinked:
    """A source of consents or requests, and SQL of one row: its rows (`rows`), and those that
    belong to nobody or to several (`unlinked`).

    `expected` says that the model counts on it: a relationship from its rows is not `required`.
    `named_by` are the identifiers of a row that other sources hold too: with one alone, nobody
    can tell whether a person whose row is gone there is still held elsewhere.
    """

    entity: str
    source: str
    sql: str
    expected: bool
    named_by: tuple[str, ...] = ()


def consents(model: Model, sources: Collection[str]) -> tuple[Unlinked, ...]:
    """Every source of permissions from which a value is kept; `sources` are those on which a
    purpose or an audience depends.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for name, kept in model.history.history.items():
        entity, _, attribute = name.partition(".")
        if (
            kept.from_ in sources
            and entity in model.entity_names
            and not why_unlinked(model, entity, kept.from_)
        ):
            found.setdefault((entity, kept.from_), []).append(facts_name(entity, attribute))
    return tuple(
        Unlinked(entity, source, _of_facts(tables), _may_be(model, entity, source))
        for (entity, source), tables in found.items()
    )


def requests(model: Model) -> tuple[Unlinked, ...]:
    """The requests to be forgotten of each entity that belong to nobody known."""
    found = []
    for entity, spec in erasures(model).items():
        sql = f"""select count(*) as rows, count(case when r.ids is null then 1 end) as unlinked
from ({asked_sql(model, entity)}) as s
left join (
{reached_sql(model, entity, spec.from_)}
) as r on r._row = s._row"""
        expected = _may_be(model, entity, spec.from_)
        found.append(Unlinked(entity, spec.from_, sql, expected, _named_by(model, spec.from_)))
    return tuple(found)


def _of_facts(tables: list[str]) -> str:
    every = "\nunion all\n".join(f"select _row, trouble from {quote(table)}" for table in tables)
    return f"""select count(distinct _row) as rows,
  count(distinct case when trouble in ('reaches none', 'reaches several') then _row end) as unlinked
from (
{every}
) as told"""


def _named_by(model: Model, source: str) -> tuple[str, ...]:
    return tuple(
        name
        for name, refs in model.identifier_places.items()
        if source in {ref.source for ref in refs} and len({ref.source for ref in refs}) > 1
    )


def _may_be(model: Model, entity: str, source: str) -> bool:
    links = model.entities.relationships.values()
    return any(
        link.to == entity and not link.required and model.entity_sources(link.from_) == (source,)
        for link in links
    )
