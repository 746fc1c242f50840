"""The way from the rows that a number counts to the things that a row could be, along declared
relationships.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.comparison_keys import key_name, key_sql, keyed_rows
from workbook.engine.list_value_rows import value_rows
from workbook.model import Model
from workbook.model.keyed_fields import carried, keyed_fields
from workbook.model.links import is_to_one
from workbook.model.table_names import listed_name
from workbook.sources.profile.grain_candidates import Candidate

_MOST = 3  # hops
Has = Callable[[str], bool]
_End = Callable[[str], tuple[tuple[str, ...], str]]


@dataclass(frozen=True)
class Way:
    """Joins that follow `from (…) as s`, the expression of the thing reached, and the
    relationships walked.
    """

    joins: tuple[str, ...]
    thing: str
    hops: tuple[str, ...]

    def pairs(self, rows: str) -> str:
        """One row per counted row and thing that it reaches; `rows` is SQL with the column id."""
        joins = "\n".join(self.joins)
        return (
            f"select distinct s.id as id, {self.thing} as thing\nfrom (\n{rows}\n) as"
            f" s\n{joins}\nwhere {self.thing} is not null"
        )


@dataclass(frozen=True)
class _Hop:
    link: str
    to: str
    forward: bool


def way_to(model: Model, entity: str, candidate: Candidate, has: Has) -> Way | None:
    """The shortest way from an entity to a candidate, or None where none of at most three hops
    leads there.
    """
    ends = _ends(model, candidate, has)
    path = _path(model, entity, set(ends), has)
    return None if path is None else _along(path, ends, entity)


def ways_to(model: Model, entity: str, candidate: Candidate, has: Has) -> tuple[Way, ...]:
    """The shortest way to a candidate; where it is one relationship, also every other one that
    joins the two.
    """
    ends = _ends(model, candidate, has)
    path = _path(model, entity, set(ends), has)
    if path is None:
        return ()
    beside = [
        [hop]
        for hop in _hops(model, entity, has)
        if len(path) == 1 and hop.to == path[0].to and hop != path[0]
    ]
    return tuple(_along(each, ends, entity) for each in (path, *beside))


def _along(path: list[_Hop], ends: dict[str, _End], entity: str) -> Way:
    joins, at = [], "s.id"
    for number, hop in enumerate(path, 1):
        here, there = ("from_id", "to_id") if hop.forward else ("to_id", "from_id")
        joins.append(
            f"join {quote(hop.link)} as h{number} on h{number}.{here} = {at} and h{number}.{there}"
            " is not null"
        )
        at = f"h{number}.{there}"
    last, thing = ends[path[-1].to if path else entity](at)
    return Way((*joins, *last), thing, tuple(hop.link for hop in path))


def _ends(model: Model, candidate: Candidate, has: Has) -> dict[str, _End]:
    """The entities from which the candidate is one step away, and that step."""
    if candidate.kind == "entity":
        return {candidate.target: lambda at: ((), at)}
    if candidate.kind == "relationship" and has(candidate.target) and not model.is_open("entities"):
        link = model.entities.relationships[candidate.target]
        name = quote(candidate.target)
        kind = "left join" if link.from_ == link.to else "join"
        own = (
            (lambda at: f"coalesce(up.to_id, {at})")
            if link.from_ == link.to
            else (lambda at: "up.to_id")
        )
        return {
            link.from_: lambda at: (
                (f"{kind} {name} as up on up.from_id = {at} and up.to_id is not null",),
                own(at),
            )
        }
    if candidate.kind == "identifier":
        return {
            entity: end
            for entity in model.entity_names
            for end in _holds(model, entity, candidate.target, has)
        }
    return {}


def _holds(model: Model, entity: str, identifier: str, has: Has) -> Iterator[_End]:
    """The step from an entity to the values of an identifier that its records hold."""
    if identifier not in model.identifiers_of(entity) or identifier not in model.attributes(entity):
        return
    if model.is_list(entity, identifier):
        yield from _lists(model, entity, identifier, has)
        return
    records, clusters = f"{entity}__records", f"{entity}__clusters"
    keyed, column = identifier in carried(model, entity), model.column_of(entity, identifier)
    value = f"held.{quote(key_name(column))}" if keyed else f"cast(held.{quote(column)} as varchar)"
    if model.has_identity(entity):
        if has(records) and has(clusters):
            joins = (
                f"join {quote(clusters)} as member on member.id = {{at}}",
                f"join {quote(records)} as held on held._record = member.record",
            )
            yield lambda at: (tuple(join.replace("{at}", at) for join in joins), value)
    elif has(entity):
        own, joins = f"join {quote(entity)} as held on held.id = {{at}}", ""
        ref = model.identifiers_of(entity)[identifier][0]
        if ref.field in keyed_fields(model, ref.source):
            value = f"keyed.{quote(key_name(ref.field))}"
            joins = (
                f"join {keyed_rows(model, ref.source, [ref.field])} as keyed on keyed._record ="
                " held._record"
            )
        yield lambda at: (tuple(join.replace("{at}", at) for join in (own, joins) if join), value)


def _lists(model: Model, entity: str, identifier: str, has: Has) -> Iterator[_End]:
    """The same where records hold several values of the identifier: each of them is a thing."""
    clusters = quote(f"{entity}__clusters")
    listed = listed_name(entity, model.column_of(entity, identifier))
    refs = model.attributes(entity)[identifier]
    if any(ref.part for ref in refs):
        return  # a part of a name identifies nothing
    if model.has_identity(entity):
        if has(f"{entity}__clusters") and has(listed):
            yield lambda at: (
                (
                    f"join {clusters} as member on member.id = {at}",
                    f"join {quote(listed)} as held on held._record = member.record",
                ),
                "held.key",
            )
    elif has(entity):
        values = "\nunion\n".join(
            f"select v._record as _record, {key_sql(model, ref.source, ref.field, 'v')} as key\n"
            f"from {value_rows(model, ref.source, ref.field)} as v"
            for ref in refs
        )
        yield lambda at: (
            (
                f"join {quote(entity)} as held on held.id = {at}",
                f"join (\n{values}\n) as listed on listed._record = held._record",
            ),
            "listed.key",
        )


def _path(model: Model, start: str, ends: set[str], has: Has) -> list[_Hop] | None:
    """The cheapest path to the nearest end; a hop to one row costs less than a hop to many."""
    waiting: list[tuple[float, int, str, list[_Hop]]] = [(0, 0, start, [])]
    seen: set[str] = set()
    turn = 0
    while waiting:
        cost, _, at, path = heapq.heappop(waiting)
        if at in ends:
            return path
        if at in seen or len(path) == _MOST:
            continue
        seen.add(at)
        for hop in _hops(model, at, has):
            turn += 1
            to_one = (
                not model.is_open("entities")
                and is_to_one(model.entities.relationships[hop.link])
                and hop.forward
            )
            heapq.heappush(waiting, (cost + (1 if to_one else 1.25), turn, hop.to, [*path, hop]))
    return None


def _hops(model: Model, at: str, has: Has) -> Iterator[_Hop]:
    for name, link in (model.entities.relationships).items():
        if link.from_ == link.to or not has(name):
            continue
        if link.from_ == at:
            yield _Hop(name, link.to, forward=True)
        elif link.to == at:
            yield _Hop(name, link.from_, forward=False)
