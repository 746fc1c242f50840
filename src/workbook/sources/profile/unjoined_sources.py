"""What landed tables show about customers before anybody decided anything: SQL and its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

from workbook.engine import quote
from workbook.model import FieldRef, Model
from workbook.sources.onboard.headers import words_of
from workbook.sources.onboard.personal_columns import ROLES

_ALIKE = ("company_name", "full_name", "email", "phone")
_COMPARED = ("company_name", "full_name", "country", "email")
Ask = Callable[[str], list[dict[str, Any]]]


def alike(model: Model, ask: Ask) -> Iterator[tuple[str, str, int]]:
    """Of each source of things: its names, mailboxes and telephones, and the records that share
    one.
    """
    for source in _things(model):
        for name, field in model.fields(source).items():
            if field.type in _ALIKE and not field.split and not _is_staff(name):
                value = _folded(name)
                sql = (
                    f"select {value} as v, count(*) as n from {_table(source)} where {value} <> ''"
                    " group by 1 having count(*) > 1"
                )
                yield source, name, _sum(ask, f"select coalesce(sum(n), 0) as n from ({sql}) as s")


def counts(model: Model, ask: Ask) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    """Of each identifier in several sources of things: its different values in each."""
    for name, places in _shared(model):
        found = [
            (
                source,
                _sum(ask, f"select count(distinct {_folded(field)}) as n from {_table(source)}"),
            )
            for source, field in places
        ]
        yield name, tuple(found)


def overwritten(model: Model, ask: Ask) -> Iterator[tuple[str, int]]:
    """Each source that tells when a row was last written, and holds one row a key: its rows."""
    part = model.sources
    for source in _things(model):
        spec = part.sources[source] if not model.is_open("sources") else None
        if spec and spec.recorded and spec.primary_key and (rows := _rows(ask, source)):
            yield source, rows


def conflicts(model: Model, ask: Ask) -> Iterator[tuple[str, str, str, int, int]]:
    """Of each two sources with one identifier: fields of one type, values of both, and
    differing ones.

    An id with several values of a field in one source is left out: which of them is meant is
    unknown.
    """
    for identifier, places in _shared(model):
        for (one, key), (other, its_key) in combinations(places, 2):
            for field, its_field in _alike_fields(model, one, other, key, its_key):
                sql = (
                    "select count(*) as both_hold, count(case when a.v <> b.v then 1 end) as"
                    f" differ\nfrom ({_single(one, key, field)}) as a"
                    f" join ({_single(other, its_key, its_field)}) as b on a.k = b.k"
                )
                (row,) = ask(sql)
                if row["both_hold"]:
                    names = f"{one.replace('.', ' ')} and {other.replace('.', ' ')}"
                    yield identifier, field, names, int(row["both_hold"]), int(row["differ"])


def several(model: Model, ask: Ask) -> Iterator[tuple[str, str, str, int]]:
    """Of each source of money and each source of things that holds its id: ids on several rows
    there.
    """
    things = set(_things(model))
    for name, refs in model.identifier_places.items():
        paid = [ref for ref in refs if _has_money(model, ref.source)]
        held = [ref for ref in refs if ref.source in things]
        pairs = [(money, other) for money in paid for other in held if other.source != money.source]
        found = _repeated(ask, paid, held) if pairs else {}
        for money, other in pairs:
            repeated = found.get((money.source, money.field, other.source, other.field), 0)
            yield money.source, other.source, name, repeated


def _has_money(model: Model, source: str) -> bool:
    return any(field.type == "money" for field in model.fields(source).values())


def _repeated(
    ask: Ask, paid: Sequence[FieldRef], held: Sequence[FieldRef]
) -> dict[tuple[str, str, str, str], int]:
    """How many ids on several rows of a source of things each source of money holds, by both
    places; one query for all of them, because of fifty sources there are thousands of pairs.
    """
    places = list(dict.fromkeys((ref.source, ref.field) for ref in (*paid, *held)))
    keys = "\nunion all\n".join(
        f"select {number} as place, {_folded(field)} as k, count(*) as n from {_table(source)}"
        " group by 2"
        for number, (source, field) in enumerate(places)
    )
    of_money, of_things = (
        ", ".join(str(places.index((ref.source, ref.field))) for ref in refs)
        for refs in (paid, held)
    )
    sql = f"""with keys as (
{keys}
)
select m.place as money, o.place as other, count(*) as n
from keys as o join keys as m on m.k = o.k and m.place <> o.place
where o.n > 1 and o.k <> '' and o.place in ({of_things}) and m.place in ({of_money})
group by 1, 2"""
    return {
        (*places[int(row["money"])], *places[int(row["other"])]): int(row["n"]) for row in ask(sql)
    }


def _things(model: Model) -> list[str]:
    """The sources of things; in events and periods, and in rows that lead to others, a repeat
    is normal.
    """
    part = model.sources
    return [name for name, spec in part.sources.items() if not spec.valid]


def _shared(model: Model) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    things = _things(model)
    for name, refs in model.identifier_places.items():
        found = {ref.source: ref.field for ref in reversed(refs) if ref.source in things}
        places = [
            (source, field)
            for source, field in found.items()
            if not model.fields(source)[field].split
        ]
        if len(places) > 1:
            yield name, sorted(places)


def _alike_fields(
    model: Model, one: str, other: str, key: str, its_key: str
) -> Iterator[tuple[str, str]]:
    """Fields of two sources that say the same: of one name and type, or the only ones of a type."""
    mine, its = model.fields(one), model.fields(other)
    for kind in _COMPARED:
        here, there = (
            [
                name
                for name, field in fields.items()
                if field.type == kind and name != own and not _is_staff(name)
            ]
            for fields, own in ((mine, key), (its, its_key))
        )
        if len(here) == len(there) == 1:
            yield here[0], there[0]


def _is_staff(name: str) -> bool:
    """Whether a field names who is in charge of a row, who is on many, and not who it is about."""
    return bool(ROLES & set(words_of(name)))


def _single(source: str, key: str, field: str) -> str:
    k, v = _folded(key), _folded(field)
    return (
        f"select {k} as k, min({v}) as v from {_table(source)} where {k} <> '' and {v} <> '' group"
        f" by 1 having count(distinct {v}) = 1"
    )


def _folded(field: str) -> str:
    return f"lower(trim(cast({quote(field)} as varchar)))"


def _table(source: str) -> str:
    return quote(source.replace(".", "__"))


def _rows(ask: Ask, source: str) -> int:
    return _sum(ask, f"select count(*) as n from {_table(source)}")


def has_rows(model: Model, ask: Ask) -> bool:
    """Whether any source of things holds a row: without one nothing can be told."""
    return any(_rows(ask, source) for source in _things(model))


def _sum(ask: Ask, sql: str) -> int:
    return int(ask(sql)[0]["n"])
