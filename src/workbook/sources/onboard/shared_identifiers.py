"""Identifiers that connect sources: columns whose values meet, whatever they are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import polars as pl

from workbook.model.mail_providers import MAIL_PROVIDERS
from workbook.model.shared_sites import SHARED_SITES

_KINDS = {
    "id": "strong",
    "salesforce_id": "strong",
    "tax_id": "strong",
    "email": "strong",
    "phone": "weak",
    "domain": "weak",
    "url": "weak",
    "device_id": "weak",
}
_CODES = ("id", "salesforce_id", "text", "integer")  # kinds that may turn out to be one id
_SAME_NAME, _OTHER_NAME = 0.1, 0.5  # the share of the smaller side that must be known on the other
_FEW = 20
_ANYBODYS = {
    "id",
    "ids",
    "key",
    "uuid",
    "guid",
    "no",
    "nr",
    "number",
    "num",
    "code",
    "ref",
    "reference",
    "record",
    "row",
    "external",
    "primary",
    "object",
}
_CONTACT = ("email", "phone")  # a row has one of its own, and may have further ones in a list
_FURTHER = {
    "additional",
    "other",
    "others",
    "secondary",
    "alternate",
    "alternative",
    "further",
    "more",
    "extra",
    "all",
}
_ALL = {"email", "emails", "mails", "phone", "phones", "telephones", "addresses", "numbers"}
# so much of the span from the smallest to the largest is taken by numbers that were counted
_DENSE = 0.5


@dataclass(frozen=True, eq=False)
class Holder:
    """A column that might hold an identifier; `new` unless it stands in the model already.

    `values` are its different values as they are compared; `thing` is what a row of its source is;
    `listed` says that a cell may hold several of them.
    """

    source: str
    field: str
    kind: str
    values: pl.Series = field(repr=False)
    is_key: bool = False
    new: bool = True
    thing: str = ""
    listed: bool = False  # a cell holds several values

    @property
    def place(self) -> str:
        """`system.table.field`."""
        return f"{self.source}.{self.field}"

    @property
    def words(self) -> set[str]:
        """The words of its name that say whose it is."""
        return set(self.field.lower().split("_")) - _ANYBODYS

    def counted(self) -> bool:
        """Whether its values are whole numbers that somebody counted up: such numbers meet
        everywhere and mean nothing.
        """
        if not self.values.head(200).str.contains(r"^\d{1,15}$").all():
            return False
        numbers = self.values.cast(pl.Int64, strict=False).drop_nulls()
        most = int(numbers.max() or 0)  # type: ignore[arg-type]
        span = most - int(numbers.min() or 0) + 1  # type: ignore[arg-type]
        return len(numbers) > _DENSE * span or most < 10_000


@dataclass(frozen=True)
class SharedIdentifier:
    """What to write: identifiers that are new, places to add to those that the model has,
    columns that became ids.
    """

    blocks: Mapping[str, Any]
    more: Mapping[str, Sequence[str]]
    aside: Mapping[str, str] = field(
        default_factory=dict
    )  # second fields of a source that hold an identifier's values -> its name
    # place -> the type that all places of its identifier have
    types: Mapping[str, str] = field(default_factory=dict)
    counters: Sequence[str] = ()  # pairs of keys that only count their rows


def kinds() -> tuple[str, ...]:
    """The types of columns that can connect sources."""
    return tuple(_KINDS)


def shared(holders: Sequence[Holder], known: Mapping[str, Sequence[str]]) -> SharedIdentifier:
    """Groups of columns whose values meet across sources; `known` are the model's identifiers
    and their places.
    """
    blocks: dict[str, Any] = {}
    more: dict[str, list[str]] = {}
    types: dict[str, str] = {}
    owners = {place: name for name, places in known.items() for place in places}
    aside: dict[str, str] = {}
    counters: list[str] = []
    for every in _groups(holders, counters):
        group = _one_each(every, owners)
        others = [each for each in every if each not in group and each.new]
        fresh = [each for each in group if each.new]
        mine = [each for each in group if each.place in owners]
        kind = _kind(mine or group)
        if len({each.source for each in group}) < 2 or not (fresh or (mine and others)):
            continue
        types |= {each.place: kind for each in (*fresh, *others) if each.kind != kind}
        if mine:
            name = owners[mine[0].place]
            more.setdefault(name, []).extend(each.place for each in fresh)
        else:
            name = _free(_name(group), group, holders, {*known, *blocks})
            blocks[name] = {
                "strength": _KINDS[kind],
                "in": [each.place for each in group],
                "guess": ["strength", "in"],
            }
        aside |= {each.place: name for each in others}
    return SharedIdentifier(blocks, more, aside, types, counters)


def _kind(group: Sequence[Holder]) -> str:
    """The type that all places of one identifier get: the key's own, where it has one that
    connects.
    """
    found = [each.kind for each in sorted(group, key=lambda each: not each.is_key)]
    return (
        "salesforce_id"
        if "salesforce_id" in found
        else next((kind for kind in found if kind in _KINDS), "id")
    )


def _one_each(group: Sequence[Holder], owners: Mapping[str, str]) -> list[Holder]:
    """One field of each source: what a row is called, not what it refers to (a parent, a
    referrer), or both would count as one.

    Beside it stand lists that are called further values of the same: `additional_email_addresses`.
    """
    name = _name(group)

    def rank(each: Holder) -> tuple[bool, bool, bool, bool, int]:
        beside = each.listed and each.kind in _CONTACT
        return (
            each.place not in owners,
            not each.is_key,
            beside,
            each.field.lower() != name,
            -len(each.values),
        )

    best = {
        source: min((each for each in group if each.source == source), key=rank)
        for source in {each.source for each in group}
    }
    return [each for each in group if best[each.source] is each or (each.listed and _further(each))]


def _further(each: Holder) -> bool:
    """Whether a column is called further mailboxes or numbers of whoever the row is about."""
    words = set(each.field.lower().split("_"))
    return each.kind in _CONTACT and bool(words & _FURTHER or words <= _ALL)


def _groups(holders: Sequence[Holder], counters: list[str]) -> list[list[Holder]]:
    """Columns that meet, directly or by way of others, in the order of the files."""
    parent = list(range(len(holders)))

    def top(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for first, second, both in _overlaps(holders):
        one, other = holders[first], holders[second]
        if _two_counters(one, other):
            counters.append(f"{one.place} and {other.place}")
        elif _meet(one, other, both):
            parent[max(top(first), top(second))] = min(top(first), top(second))
    groups: dict[int, list[Holder]] = {}
    for at, holder in enumerate(holders):
        groups.setdefault(top(at), []).append(holder)
    return [group for group in groups.values() if len(group) > 1]


def _overlaps(holders: Sequence[Holder]) -> Iterator[tuple[int, int, int]]:
    """Pairs of columns with how many values they share: each value is looked up once, whatever
    the number of columns.
    """
    frames = [
        pl.DataFrame(
            {
                "value": each.values.hash(),
                "family": pl.Series([_family(each)] * len(each.values), dtype=pl.String),
                "at": pl.Series([at] * len(each.values), dtype=pl.UInt32),
            }
        )
        for at, each in enumerate(holders)
        if len(each.values)
    ]
    if not frames:
        return
    sets = (
        pl.concat(frames)
        .unique()
        .group_by("family", "value")
        .agg(pl.col("at").sort())
        .filter(pl.col("at").list.len() > 1)
        .group_by("at")
        .len("n")
    )
    both: Counter[tuple[int, int]] = Counter()
    for row in sets.iter_rows(named=True):
        for first, second in combinations(row["at"], 2):
            both[first, second] += row["n"]
    for (first, second), count in sorted(both.items()):
        yield first, second, count


def _family(each: Holder) -> str:
    return (
        "code" if each.kind in _CODES else "page" if each.kind in ("domain", "url") else each.kind
    )


def _two_counters(one: Holder, other: Holder) -> bool:
    """Keys of two systems that call their key alike and only count their rows: nothing says
    that they mean the same.
    """
    if not (
        one.is_key
        and other.is_key
        and one.field.lower() == other.field.lower()
        and (one.new or other.new)
    ):
        return False
    return (
        one.source.partition(".")[0] != other.source.partition(".")[0]
        and one.counted()
        and other.counted()
    )


def _meet(one: Holder, other: Holder, both: int) -> bool:
    if one.source == other.source or not (one.new or other.new):
        return False
    small = min(len(one.values), len(other.values))
    share = both / small
    if one.kind not in _CODES:
        return share > 0 and (one.kind != "phone" or share >= 0.01)
    akin = (
        bool(one.words & other.words)
        or bool(one.words & _thing(other))
        or bool(other.words & _thing(one))
    )
    same = one.field.lower() == other.field.lower() and (akin or one.kind == other.kind == "id")
    if one.is_key and other.is_key and not akin:
        return False
    counted = one.counted() or other.counted()
    if "id" not in (one.kind, other.kind) and "salesforce_id" not in (one.kind, other.kind):
        return False  # text that meets text is a word, a number that meets a number is a number
    if counted and not akin:
        return False
    if {one.kind, other.kind} & {"text", "integer"} and (counted or share < 0.8):
        return False
    return share >= _SAME_NAME if same else share >= _OTHER_NAME and small >= (3 if akin else _FEW)


def _thing(each: Holder) -> set[str]:
    """What the rows of a key are: a column that is called so may lead there."""
    return {word for word in each.thing.split("_") if word} if each.is_key else set()


def _name(group: Sequence[Holder]) -> str:
    """An id is called as where it is the key; what everybody has is called by its kind."""
    kind = _kind(group)
    if kind not in ("id", "salesforce_id"):
        return "domain" if kind == "url" else kind
    keys = [each for each in group if each.is_key]
    names = [each.field.lower() if each.words else f"{each.thing}_id" for each in keys or group]
    return max(names, key=names.count)


def _free(name: str, group: Sequence[Holder], holders: Sequence[Holder], taken: set[str]) -> str:
    """A name that no other identifier has, and no other field of the same sources: both become
    columns of one table.
    """
    mine = {each.place for each in group}
    sources = {each.source for each in group}
    taken = taken | {
        each.field.lower() for each in holders if each.source in sources and each.place not in mine
    }
    system = group[0].source.partition(".")[0]
    names = (name, f"{system}_{name}", *(f"{name}_{number}" for number in range(2, 1000)))
    return next(each for each in names if each not in taken)


_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([^/:?#]+).*$")


def compared(values: pl.Series, kind: str) -> pl.Series:
    """Different values as they are compared across systems; ids exactly, those of Salesforce by
    15 characters. A page on a site of many connects no systems.
    """
    if kind == "salesforce_id":
        return values.str.slice(0, 15).unique()
    if kind == "phone":
        return values.str.replace_all(r"\D", "").unique()
    if kind in ("domain", "url"):
        hosts = values.str.to_lowercase().str.extract(_HOST.pattern, 1).drop_nulls().unique()
        return hosts.filter(~hosts.is_in([*MAIL_PROVIDERS, *SHARED_SITES]))
    return (values if kind in ("id", "text", "integer") else values.str.to_lowercase()).unique()
