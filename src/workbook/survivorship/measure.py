"""Who wins, how contested each field is, which sources disagree: as queries over choices and records."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.engine import quote
from workbook.survivorship.choice import choice_name

Field = tuple[str, str]  # entity, attribute


def winners_sql(fields: Sequence[Field]) -> str:
    """One row per field, source and rule: how many values stand."""
    parts = [
        f"select cast('{e}.{a}' as varchar) as field, source, rule, count(*) as n from {quote(choice_name(e, a))} group by source, rule" for e, a in fields
    ]
    return "\nunion all\n".join(parts)


def conflicts_sql(fields: Sequence[Field]) -> str:
    """One row per field: customers, those with a value, with several candidates, with candidates that differ."""
    parts = [
        f"select cast('{e}.{a}' as varchar) as field, (select count(*) from {quote(e)}) as customers, count(*) as filled,\n"
        "  cast(coalesce(sum(case when candidates > 1 then 1 else 0 end), 0) as bigint) as several,\n"
        f"  cast(coalesce(sum(case when distinct_values > 1 then 1 else 0 end), 0) as bigint) as differ from {quote(choice_name(e, a))}"
        for e, a in fields
    ]
    return "\nunion all\n".join(parts)


def pairs_sql(fields: Sequence[Field]) -> str:
    """One row per field and pair of systems that know the same customer: how many hold a value in both, how many differ."""
    return "\nunion all\n".join(_pairs(entity, attribute) for entity, attribute in fields)


def _pairs(entity: str, attribute: str) -> str:
    value = f"lower(trim(cast(r.{quote(attribute)} as varchar)))"
    held = (
        f"select c.id as id, r.system as system, min({value}) as value from {quote(entity + '__records')} as r\n"
        f"join {quote(entity + '__clusters')} as c on c.record = r.record where r.{quote(attribute)} is not null group by c.id, r.system"
    )
    return (
        f"select * from (\nwith held as (\n{held}\n)\nselect cast('{entity}.{attribute}' as varchar) as field, a.system as one, b.system as other,\n"
        "  count(*) as both_hold, cast(sum(case when a.value <> b.value then 1 else 0 end) as bigint) as differ\n"
        "from held as a join held as b on b.id = a.id and a.system < b.system group by a.system, b.system\n) as pairs"
    )


def candidates_sql(entity: str, attribute: str, identifier: str) -> str:
    """Every value of an attribute that any record of one customer holds."""
    return (
        f"select r.source as source, r.record as record, r.recorded as recorded, r.{quote(attribute)} as value\n"
        f"from {quote(entity + '__records')} as r join {quote(entity + '__clusters')} as c on c.record = r.record\n"
        f"where c.id = '{identifier.replace(chr(39), chr(39) * 2)}' and r.{quote(attribute)} is not null order by r.source, r.record"
    )
