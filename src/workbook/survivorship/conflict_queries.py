"""Who wins, how contested each field is, which sources disagree: as queries over choices and
records.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.model import Model, nothing_sql
from workbook.model.contested_attributes import Field
from workbook.survivorship.equivalence import compared_name
from workbook.survivorship.normal_forms import keys_of_records, typed
from workbook.survivorship.winner import ERASED, choice_name, given_sql, is_grouped

_STANDS = f"rule <> '{ERASED}'"  # what was taken away neither stands nor differs


def winners_sql(fields: Sequence[Field]) -> str:
    """One row per field, source and rule: how many values stand."""
    parts = [
        f"select cast('{e}.{a}' as varchar) as field, source, rule, count(*) as n from"
        f" {quote(choice_name(e, a))} where {_STANDS} group by source, rule"
        for e, a in fields
    ]
    return "\nunion all\n".join(parts)


def most_contested_sql(model: Model, entity: str, attribute: str) -> str:
    """The id of whom the records hold the most values of an attribute, as typed; no row where
    none differ.
    """
    value = f"r.{quote(model.column_of(entity, attribute))}"
    return f"""select c.id as id
from {quote(entity + "__records")} as r
join {quote(entity + "__clusters")} as c on c.record = r._record
join {quote(choice_name(entity, attribute))} as d on d.id = c.id and d.contested and d.{_STANDS}
where {given_sql(model, entity, attribute, value)}
group by c.id
order by count(distinct {typed(model, entity, attribute, value)}) desc, count(*) desc, c.id
limit 1"""


def conflicts_sql(model: Model, fields: Sequence[Field], spelled: Collection[Field] = ()) -> str:
    """One row per field: customers, those with a value, with several candidates, from one
    system alone, that differ as typed and in meaning.

    `spelled` are the fields whose spellings have a key; of all others what is typed is what is
    meant.
    """
    return "\nunion all\n".join(
        _conflicts(model, entity, attribute, (entity, attribute) in spelled)
        for entity, attribute in fields
    )


def in_conflict_sql(model: Model, entity: str, attribute: str, *, spelled: bool) -> str:
    """The id of each customer of whom two records hold values of an attribute that differ in
    meaning.
    """
    choice, value, held = _held(model, entity, attribute)
    if not spelled:
        return f"select id from {choice} where {_STANDS} and contested"
    own = keys_of_records(model, entity, attribute)
    if own:
        return (
            f"select c.id as id {held}\n    where d.contested and {value}"
            f" is not null\n    group by c.id having count(distinct coalesce({own},"
            f" {typed(model, entity, attribute, value)})) > 1"
        )
    return (
        f"select c.id as id {held}\n    join"
        f" {quote(compared_name(entity, attribute))} as m on m.value = {value}\n    where"
        " d.contested\n    group by c.id having count(distinct m.key) > 1"
    )


def _held(model: Model, entity: str, attribute: str) -> tuple[str, str, str]:
    """The table of choices, a record's value, and the records with what was chosen."""
    choice, value = (
        quote(choice_name(entity, attribute)),
        f"r.{quote(model.column_of(entity, attribute))}",
    )
    held = (
        f"from {quote(entity + '__records')} as r\n    join {quote(entity + '__clusters')} as c on"
        f" c.record = r._record\n    join {choice} as d on d.id = c.id and d.{_STANDS}"
    )
    return choice, value, held


def _conflicts(model: Model, entity: str, attribute: str, spelled: bool) -> str:
    value = _held(model, entity, attribute)[1]
    differ = "cast(coalesce(sum(case when contested then 1 else 0 end), 0) as bigint)"
    inside = in_conflict_sql(model, entity, attribute, spelled=spelled)
    meant = f"(select count(*) from (\n    {inside}\n  ) as meant)"
    return filled_sql(
        "survivorship/conflicts",
        field=f"{entity}.{attribute}",
        customers=entity,
        choice=choice_name(entity, attribute),
        records=f"{entity}__records",
        clusters=f"{entity}__clusters",
        stated=given_sql(model, entity, attribute, value),
        erased=ERASED,
        differ=meant if spelled else differ,
    )


def placeholders_sql(model: Model, entity: str, attributes: Sequence[str]) -> str:
    """One row per attribute of text: `attribute`, how many records hold a word that means
    nothing (said), how many customers have no value because of it (emptied).
    """
    parts = []
    for name in attributes:
        if model.sql_type_of(entity, name) != "VARCHAR":
            continue
        value = f"r.{quote(model.column_of(entity, name))}"
        alone, others = "d.id is null", ""
        if is_grouped(model, entity, name):  # it may be empty because another record was chosen
            alone = "d.id is null and o.id is null"
            others = (
                f"left join (\n  select distinct c.id as id from {quote(entity + '__records')} as"
                f" r\n  join {quote(entity + '__clusters')} as c on c.record = r._record where"
                f" {given_sql(model, entity, name, value)}\n) as o on o.id = c.id\n"
            )
        parts.append(
            f"select cast({text(name)} as varchar) as attribute, count(*) as said, count(distinct"
            f" case when {alone} then c.id end) as emptied\nfrom {quote(entity + '__records')} as"
            f" r\njoin {quote(entity + '__clusters')} as c on c.record = r._record\nleft join"
            f" {quote(choice_name(entity, name))} as d on d.id = c.id\n{others}where {value} is not"
            f" null and {nothing_sql(value, model.placeholders(entity, name))}"
        )
    return "\nunion all\n".join(parts)


def pairs_sql(model: Model, fields: Sequence[Field], spelled: Collection[Field] = ()) -> str:
    """One row per field and pair of systems that know the same customer: how many hold a value
    in both; that share none as typed, and in meaning.
    """
    return "\nunion all\n".join(
        _pairs(model, entity, attribute, (entity, attribute) in spelled)
        for entity, attribute in fields
    )


def _pairs(model: Model, entity: str, attribute: str, spelled: bool) -> str:
    """Two systems differ about a customer where no value of one is a value of the other."""
    raw = f"r.{quote(model.column_of(entity, attribute))}"
    as_typed = typed(model, entity, attribute, raw)
    own = keys_of_records(model, entity, attribute)
    key = (
        f"coalesce({own}, {as_typed})"
        if own
        else f"coalesce(m.key, {as_typed})"
        if spelled
        else as_typed
    )
    known = (
        f"  left join {quote(compared_name(entity, attribute))} as m on m.value = {raw}"
        if spelled and not own
        else ""
    )
    return filled_sql(
        "survivorship/conflicts_between_systems",
        field=f"{entity}.{attribute}",
        choice=choice_name(entity, attribute),
        records=f"{entity}__records",
        clusters=f"{entity}__clusters",
        spellings=known,
        stated=given_sql(model, entity, attribute, raw),
        erased=ERASED,
        typed=as_typed,
        meant=key,
    )
