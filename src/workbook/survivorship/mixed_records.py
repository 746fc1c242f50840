"""Addresses that were put together from several records: which attributes sound like parts of
one, and for whom records disagree.
"""

from __future__ import annotations

import re

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.contested_attributes import shared_attributes
from workbook.model.dated_by import group_of
from workbook.survivorship.equivalence import compared_name
from workbook.survivorship.normal_forms import is_spelled, keys_of_records, typed
from workbook.survivorship.winner import ERASED, choice_name, given_sql

_PLACES = frozenset(
    [
        "street",
        "strasse",
        "address",
        "addr",
        "city",
        "town",
        "postcode",
        "postal",
        "zip",
        "zipcode",
        "plz",
    ]
)
# parts of an address only beside one of the others
_AREAS = frozenset(["state", "province", "county", "country"])
_FILLERS = frozenset(["code", "line", "number", "no", "name"])
# never an e-mail address, an IP address or a number
_TYPES = ("postal_address", "postal_code", "text", "category", "country")


def address_parts(model: Model) -> list[tuple[str, tuple[str, ...]]]:
    """Entities and the attributes that sound like parts of one address, where several sources
    state one of them.

    `billing_city` and `shipping_city` are of two addresses. Attributes that come from one
    record already are left out.
    """
    shared, found = shared_attributes(model), []
    for entity in model.entity_names:
        for parts in _addresses(model, entity).values():
            named = any(_is_place(model, entity, name) for name in parts)
            if len(parts) > 1 and named and any((entity, name) in shared for name in parts):
                found.append((entity, tuple(parts)))
    return found


def _addresses(model: Model, entity: str) -> dict[str, list[str]]:
    """The attributes that may be parts, by the words before and behind what makes them one."""
    found: dict[str, list[str]] = {}
    for name, refs in model.attributes(entity).items() if model.has_identity(entity) else ():
        alone = len(group_of(model, entity, name)) == 1 and model.rule(entity, name).rule != "union"
        if refs and alone and model.type_of(entity, name) in _TYPES:
            words = _words(name)
            typed_so = model.type_of(entity, name) in ("postal_address", "postal_code", "country")
            if typed_so or {*words} & (_PLACES | _AREAS):
                rest = [
                    word
                    for word in words
                    if word not in _PLACES | _AREAS | _FILLERS and not word.isdigit()
                ]
                found.setdefault(" ".join(rest), []).append(name)
    return found


def _is_place(model: Model, entity: str, name: str) -> bool:
    return model.type_of(entity, name) in ("postal_address", "postal_code") or bool(
        {*_words(name)} & _PLACES
    )


def _words(name: str) -> list[str]:
    """`billing_city`, `billingCity` and `BillingCity` are billing and city."""
    return [word.lower() for word in re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+", name)]


def mixed_sql(model: Model, entity: str, parts: tuple[str, ...]) -> str:
    """One row: `of` customers with a value for any part, `customers` of them with one put
    together from records that disagree.

    A record disagrees where it gives one part and states another one differently from the
    record that gives that one. Where one only fills what the other leaves empty, nothing says
    that the two are not one address. Values of exceptions were put there on purpose.
    """
    stands = "\n  union all\n".join(_stands(model, entity, name) for name in parts)
    states = "\n  union all\n".join(_states(model, entity, name) for name in parts)
    return f"""select * from (
with stands as (
{stands}
), states as (
{states}
)
select (select count(distinct id) from stands) as of, count(distinct s.id) as customers
from stands as s
join states as w on w.record = s.record and w.part <> s.part
join stands as t on t.id = s.id and t.part = w.part and t.record <> s.record and t.meant <> w.meant
) as mixed"""


def _stands(model: Model, entity: str, name: str) -> str:
    given = quote(choice_name(entity, name))
    return (
        f"  select cast({text(name)} as varchar) as part, d.id as id, d.record as record, w.meant"
        f" as meant\n  from {given} as d\n  join (\n{_states(model, entity, name)}\n  ) as w on"
        f" w.record = d.record\n  where d.rule <> '{ERASED}' and d.rule <> 'exception'"
    )


def _states(model: Model, entity: str, name: str) -> str:
    """What every record states of a part, in the form by which its type compares values."""
    value = f"r.{quote(model.column_of(entity, name))}"
    meant, known = typed(model, entity, name, value), ""
    if (
        (entity, name) in shared_attributes(model)
        and is_spelled(model, entity, name)
        and not keys_of_records(model, entity, name)
    ):
        known = f"\n  left join {quote(compared_name(entity, name))} as m on m.value = {value}"
        meant = f"coalesce(m.key, {meant})"
    return (
        f"  select cast({text(name)} as varchar) as part, r._record as record, {meant} as meant\n "
        f" from {quote(entity + '__records')} as r{known}\n  where"
        f" {given_sql(model, entity, name, value)}"
    )
