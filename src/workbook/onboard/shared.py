"""Identifiers that connect sources: columns of one kind whose values meet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_KINDS = {"id": "strong", "email": "strong", "phone": "weak", "domain": "weak", "url": "weak", "device_id": "weak"}
_SAME_NAME, _OTHER_NAME = 0.1, 0.5  # the share of the smaller side that must be known on the other
_FEW = 20
_COUNTED = re.compile(r"[1-9]\d*")


@dataclass(frozen=True, eq=False)
class Holder:
    """A column that might hold an identifier; `new` unless it stands in the model already."""

    source: str
    field: str
    kind: str
    values: frozenset[str] = field(repr=False)
    is_key: bool = False
    new: bool = True

    @property
    def place(self) -> str:
        """`system.table.field`."""
        return f"{self.source}.{self.field}"


@dataclass(frozen=True)
class Shared:
    """What to write: identifiers that are new, and places to add to those that the model has."""

    blocks: Mapping[str, Any]
    more: Mapping[str, Sequence[str]]
    aside: Sequence[str] = ()  # fields that hold the same values, but name another row than their own


def kinds() -> tuple[str, ...]:
    """The types of columns that can connect sources."""
    return tuple(_KINDS)


def shared(holders: Sequence[Holder], known: Mapping[str, Sequence[str]]) -> Shared:
    """Groups of columns whose values meet across sources; `known` are the model's identifiers and their places."""
    blocks: dict[str, Any] = {}
    more: dict[str, list[str]] = {}
    owners = {place: name for name, places in known.items() for place in places}
    aside: list[str] = []
    for every in _groups(holders):
        group = _one_each(every, owners)
        aside += [f"{each.place} (as {_name(group)})" for each in every if each not in group and each.new]
        fresh = [each.place for each in group if each.new]
        mine = [owners[each.place] for each in group if each.place in owners]
        if mine:
            if fresh:
                more.setdefault(mine[0], []).extend(fresh)
        elif len({each.source for each in group}) > 1 and fresh:
            name = _free(_name(group), group[0], {*known, *blocks})
            blocks[name] = {"strength": _KINDS[group[0].kind], "in": [each.place for each in group], "guess": ["strength", "in"]}
    return Shared(blocks, more, aside)


def _one_each(group: Sequence[Holder], owners: Mapping[str, str]) -> list[Holder]:
    """One field of each source: what a row is called, not what it refers to (a parent, a referrer), or both would count as one."""
    name = _name(group)

    def rank(each: Holder) -> tuple[bool, bool, bool]:
        return each.place not in owners, not each.is_key, each.field.lower() != name

    best = {source: min((each for each in group if each.source == source), key=rank) for source in {each.source for each in group}}
    return [each for each in group if best[each.source] is each]


def _groups(holders: Sequence[Holder]) -> list[list[Holder]]:
    """Columns that meet, directly or by way of others, in the order of the files."""
    parent = list(range(len(holders)))

    def top(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for first, one in enumerate(holders):
        for second in range(first + 1, len(holders)):
            if _meet(one, holders[second]):
                parent[max(top(first), top(second))] = min(top(first), top(second))
    groups: dict[int, list[Holder]] = {}
    for at, holder in enumerate(holders):
        groups.setdefault(top(at), []).append(holder)
    return [group for group in groups.values() if len(group) > 1]


def _meet(one: Holder, other: Holder) -> bool:
    if one.kind != other.kind or one.source == other.source or not one.values or not other.values:
        return False
    if not (one.new or other.new):
        return False
    small, large = sorted((one.values, other.values), key=len)
    share = len(small & large) / len(small)
    if one.kind != "id":
        return share > 0 and (one.kind != "phone" or share >= 0.01)
    if one.is_key and other.is_key and one.field.lower() != other.field.lower():
        return False
    if one.field.lower() == other.field.lower():
        return share >= _SAME_NAME
    akin = set(one.field.lower().split("_")) & set(other.field.lower().split("_")) - {"id"}
    counted = not akin and all(_COUNTED.fullmatch(value) for value in list(small)[:200])
    return share >= _OTHER_NAME and len(small) >= (3 if akin else _FEW) and not counted


def _name(group: Sequence[Holder]) -> str:
    """An id is called as where it is the key; what everybody has is called by its kind."""
    if group[0].kind != "id":
        return group[0].kind
    names = [each.field.lower() for each in group if each.is_key] or [each.field.lower() for each in group]
    return max(names, key=names.count)


def _free(name: str, first: Holder, taken: set[str]) -> str:
    system = first.source.partition(".")[0]
    return next(each for each in (name, f"{system}_{name}", *(f"{name}_{number}" for number in range(2, 100))) if each not in taken)
