"""Whom a view or an audience tells of: the entities whose ids are counted against the smallest
group of a purpose.
"""

from __future__ import annotations

from sqlglot import exp

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.governance.policy import PERSONAL
from workbook.model import Model, scalar_expression
from workbook.model.links import to_one_links
from workbook.model.schema import Audience, View

_WHO = (
    "email",
    "full_name",
    "person_name",
    "phone",
)  # types of an attribute that says who somebody is


def people_in(model: Model, use: View | Audience) -> tuple[str, ...]:
    """The entities of a view that bear a personal class: its own, and those that it names.

    Where no row of it is somebody (an order, an answer), also those that each row is linked to
    and that are. Its own entity alone, where nobody is told of.
    """
    found = [name for name in (use.of, *_named(model, use)) if _is_personal(model, name)]
    if not _is_somebody(model, use.of):
        found += [
            link.to for _, link in to_one_links(model, start=use.of) if _is_somebody(model, link.to)
        ]
    return tuple(dict.fromkeys(found)) or (use.of,)


def people_sql(model: Model, use: View | Audience, entity: str, decided: str, decision: str) -> str:
    """One row: how many of an entity the rows with one decision are about; `decided` is SQL
    that gives rows and decisions.
    """
    rows = f"from {decided} as d"
    if entity == use.of:
        return f"select count(distinct d.id) as n {rows} where d.decision = {text(decision)}"
    links = [name for name, _ in to_one_links(model, use.of, entity)]
    ends = " union all ".join(f"select from_id, to_id from {quote(name)}" for name in links)
    return (
        f"select count(distinct l.to_id) as n {rows} join ({ends}) as l on l.from_id = d.id where"
        f" d.decision = {text(decision)}"
    )


def _named(model: Model, use: View | Audience) -> list[str]:
    """The other entities that its fields and conditions name."""
    asked = [use.only] if isinstance(use, View) else [use.only, use.consent, use.opt_out]
    columns = [
        node for item in asked if item for node in scalar_expression(item)[0].find_all(exp.Column)
    ]
    owners = [field.partition(".")[0] for field in use.fields if "." in field] + [
        column.table for column in columns
    ]
    return [
        name
        for name in dict.fromkeys(owners)
        if any(True for _ in to_one_links(model, use.of, name)) and name != use.of
    ]


def _classes(model: Model, entity: str, types: tuple[str, ...] = ()) -> list[str]:
    names = [
        name
        for name, refs in model.attributes(entity).items()
        if refs and (not types or model.type_of(entity, name) in types)
    ]
    return [model.class_of(f"{entity}.{name}") for name in names]


def _is_personal(model: Model, entity: str) -> bool:
    return any(cls in PERSONAL for cls in _classes(model, entity))


def _is_somebody(model: Model, entity: str) -> bool:
    return entity in model.entity_names and any(
        cls in PERSONAL for cls in _classes(model, entity, _WHO)
    )
