"""The key of each thing that a row could be: rows, distinct keys, keys that repeat, rows
without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.sources.profile.grain_candidates import Candidate
from workbook.sources.profile.identifiers import home, places

# An identity that records were resolved to, fields, a relationship, a source without a key, or
# nothing.
KeyKind = Literal["records", "fields", "relationship", "undeclared", "absent"]


@dataclass(frozen=True)
class Key:
    """What was measured: `fields` are the key's, or the relationship; `unique` is None where
    nothing could be measured.
    """

    kind: KeyKind
    fields: tuple[str, ...] = ()
    rows: int | None = None
    things: int | None = None
    repeated: int = 0
    empty: int = 0
    unique: bool | None = None
    declared: bool = True


def entity_sql(model: Model, has: Callable[[str], bool]) -> str:
    """One row per entity of the plan: canonical rows, distinct ids, distinct keys of its source
    where nothing is resolved.

    `unkeyed` are records without a key, where the entity leaves rows of its sources out; else NULL.
    """
    parts = []
    for entity in model.entity_names:
        resolved = model.has_identity(entity)
        table = (
            entity
            if has(entity)
            else f"{entity}__clusters"
            if resolved and has(f"{entity}__clusters")
            else ""
        )
        if table:
            key = "id" if resolved else "_record"
            parts.append(
                f"select cast({text(entity)} as varchar) as entity,"
                f" count({'distinct id' if table != entity else '*'}) as rows_made, count(distinct"
                f" {key}) as keys,\n  {_unkeyed(model, entity)} as unkeyed\nfrom {quote(table)}"
            )
    return "\nunion all\n".join(parts)


def _unkeyed(model: Model, entity: str) -> str:
    """How many records go by the number of their row, because it has no key."""
    if not any(model.where(entity, source) for source in model.entity_sources(entity)):
        return "cast(null as bigint)"
    table = f"{entity}__records" if model.has_identity(entity) else entity
    numbered = " or ".join(
        f"starts_with(_record, {text(source + ':#')})" for source in model.entity_sources(entity)
    )
    return f"(select count(*) from {quote(table)} where {numbered})"


def key_of(
    model: Model,
    candidate: Candidate,
    entities: Mapping[str, Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
    values: Mapping[tuple[str, str, str], Mapping[str, Any]],
) -> Key:
    """The key of a candidate from what was counted of entities, of sources, and of identifiers
    by place.
    """
    if candidate.kind == "entity":
        return _entity(model, candidate.target, entities.get(candidate.target), sources)
    if candidate.kind == "identifier":
        return _identifier(model, candidate.target, sources, values)
    if candidate.kind == "relationship":
        return Key("relationship", (candidate.target,))
    return Key("absent", declared=False)


def _entity(
    model: Model,
    entity: str,
    made: Mapping[str, Any] | None,
    sources: Mapping[str, Mapping[str, Any]],
) -> Key:
    parts = model.sources.sources
    mine = [source for source in model.entity_sources(entity) if source in parts]
    unkeyed = [source for source in mine if not parts[source].primary_key]
    keyed = [source for source in mine if source not in unkeyed]
    rows = sum(sources[source]["accepted"] for source in mine)
    empty = sum(sources[source]["empty_keys"] for source in keyed)
    if made and made.get("unkeyed") is not None and not unkeyed:
        empty = made["unkeyed"]
    kind: KeyKind = "records" if model.has_identity(entity) else "fields" if keyed else "undeclared"
    fields = tuple(parts[keyed[0]].primary_key) if kind == "fields" else ()
    if made is None:
        return Key(kind, fields, rows, None, 0, empty, None, not unkeyed)
    repeated = made["rows_made"] - made["keys"]
    unique = not (repeated or empty or unkeyed)
    return Key(kind, fields, rows, made["keys"], repeated, empty, unique, not unkeyed)


def _identifier(
    model: Model,
    identifier: str,
    sources: Mapping[str, Mapping[str, Any]],
    values: Mapping[tuple[str, str, str], Mapping[str, Any]],
) -> Key:
    """At its home where it has one (there it should be unique), else over all its places (there
    it may repeat).
    """
    ref = home(model, identifier)
    refs = (ref,) if ref else places(model)[identifier]
    fields: dict[str, list[str]] = {}
    for each in refs:
        fields.setdefault(each.source, []).append(each.field)
    found = [
        values.get((identifier, source, names[0] if len(names) == 1 else ""), {})
        for source, names in fields.items()
    ]
    rows = sum(sources[source]["accepted"] for source in fields)
    filled = sum(each.get("filled", 0) for each in found)
    distinct = (
        found[0].get("distinct_values", 0)
        if len(found) == 1
        else values.get((identifier, "", ""), {}).get("distinct_values", 0)
    )
    repeated = filled - distinct
    return Key(
        "fields",
        (identifier,),
        rows,
        distinct,
        repeated if ref else 0,
        rows - filled,
        ref is not None and not repeated and rows == filled,
        ref is not None,
    )
