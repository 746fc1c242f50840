"""What is measured before a number is believed: keys that are unique, links that reach one row
at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbook.engine import Table, quote, tables_read
from workbook.metrics.compile.rules import STEP
from workbook.model import Model

# an amount of 8 places times a rate of 6: nothing is lost before the one rounding
EXACT = "decimal(38, 14)"
SQL_TYPE = {
    "count": "bigint",
    "whole": "bigint",
    "money": "decimal(18, 2)",
    "decimal": "decimal(18, 4)",
    "ratio": "decimal(18, 6)",
    "date": "date",
    "timestamp": "timestamp",
}


def key_name(entity: str) -> str:
    """The table that measures the key of an entity."""
    return f"m__key__{entity}"


def entities_keyed(model: Model) -> dict[str, str]:
    """The tables that measure keys, and the entity of each."""
    return {key_name(entity): entity for entity in model.entity_names}


def key_table(entity: str) -> Table:
    """How many rows an entity has, and how many different ids: more rows than ids, and every
    join to it multiplies.
    """
    sql = f"select count(*) as rows_counted, count(distinct id) as ids\nfrom {quote(entity)}"
    return Table(
        key_name(entity), f"the number of rows of {entity}, and of its ids", STEP, keys=(), sql=sql
    )


def one_name(relationship: str) -> str:
    """The table that gives each row its only counterpart."""
    return f"{relationship}__one"


def unique_link_table(relationship: str, entity: str) -> Table:
    """`<relationship>__one`: at most one counterpart per row; a row that reaches several has
    none, and is counted.
    """
    sql = f"""select from_id, case when least = most then least end as to_id,
  case when least = most then 1 else times end as reached
from (
select from_id, min(to_id) as least, max(to_id) as most, count(to_id) as times
from {quote(relationship)}
where from_id is not null
group by from_id
) as ends"""
    row_is = f"one {entity} and its only counterpart; none where it reaches none or several"
    return Table(one_name(relationship), row_is, STEP, "canonical", ("from_id",), sql)


def link_name(relationship: str) -> str:
    """The table that measures a relationship."""
    return f"m__link__{relationship}"


def link_table(relationship: str) -> Table:
    """How many rows a relationship starts from, and how many of them reach one, none, or
    several.
    """
    sql = f"""select count(*) as rows_counted,
       coalesce(sum(cast(case when reached = 1 then 1 else 0 end as bigint)), 0) as linked,
       coalesce(sum(cast(case when reached = 0 then 1 else 0 end as bigint)), 0) as orphans,
       coalesce(sum(cast(case when reached > 1 then 1 else 0 end as bigint)), 0) as several
from {quote(one_name(relationship))}"""
    sql = (
        "select rows_counted, cast(linked as bigint) as linked, cast(orphans as bigint) as"
        f" orphans, cast(several as bigint) as several\nfrom (\n{sql}\n) as counted"
    )
    return Table(
        link_name(relationship),
        f"the rows of {relationship}: linked to one, to none, to several",
        STEP,
        sql=sql,
    )


def entities_under(model: Model, tables: Iterable[Table], *queries: str) -> tuple[str, ...]:
    """The entities that these tables and queries read, sorted."""
    read = {name for table in tables for name in table.reads} | {
        name for sql in queries for name in tables_read(sql)
    }
    return tuple(sorted(read & set(model.entity_names)))


def null_if_key_repeats(
    body: str,
    kind: str,
    entities: Sequence[str],
    head: Sequence[str] = (),
    tail: Sequence[str] = (),
) -> str:
    """The values of `body` (its head, `exact`, `rows_counted`, its tail), rounded once; none at
    all where a key below repeats.

    A declared key is believed by nobody: where an entity has more rows than ids, every value is
    NULL.
    """
    keys = "\n    union all ".join(
        f"select rows_counted - ids as repeated from {quote(key_name(name))}" for name in entities
    )
    first = "".join(f"counted.{name} as {name}, " for name in head)
    last = "".join(f", counted.{name} as {name}" for name in tail)
    return f"""with counted as (
{body}
), keys as (
    {keys}
), sound as (
    select count(*) as broken from keys where repeated > 0
)
select {first}case when sound.broken = 0 then cast(counted.exact as {SQL_TYPE[kind]}) end as value,
       case when sound.broken = 0 then counted.exact end as exact,
       counted.rows_counted as rows_counted{last}
from counted
cross join sound"""
