"""The values of identifiers: how many records carry one, which stand in several sources, which
stand on many records.
"""

from __future__ import annotations

from workbook.engine import Table
from workbook.engine.comparison_keys import key_sql
from workbook.engine.list_value_rows import value_rows
from workbook.engine.sql import text
from workbook.model import FieldRef, Model
from workbook.sources.profile.landing_counts import STEP

VALUES = "evidence__identifier_values"


def places(model: Model) -> dict[str, tuple[FieldRef, ...]]:
    """Every identifier with the fields that hold it whole (a part of a name identifies nothing)."""
    return {
        name: tuple(ref for ref in refs if not ref.part)
        for name, refs in model.identifier_places.items()
    }


def home(model: Model, identifier: str) -> FieldRef | None:
    """The place where an identifier is the key of its source, or None: there it names one row,
    elsewhere it refers to it.
    """
    sources = model.sources.sources
    return next(
        (
            ref
            for ref in places(model).get(identifier, ())
            if sources[ref.source].primary_key == (ref.field,)
        ),
        None,
    )


def values_table(model: Model) -> list[Table]:
    """`evidence__identifier_values`: one value of an identifier in one field, and how many
    records hold it.
    """
    parts = [_values(model, name, ref) for name, refs in places(model).items() for ref in refs]
    if not parts:
        return []
    classes = [
        model.field(ref.source, ref.field).cls for refs in places(model).values() for ref in refs
    ]
    strict = max(classes, key=("public", "internal", "personal", "sensitive").index)
    return [
        Table(
            name=VALUES,
            row_is="one value of one identifier in one field of one source",
            step=STEP,
            keys=("identifier", "source", "field", "value"),
            sql="\nunion all\n".join(parts),
            classes={"value": strict},
        )
    ]


def _values(model: Model, name: str, ref: FieldRef) -> str:
    return (
        f"select cast({text(name)} as varchar) as identifier, cast({text(ref.source)} as varchar)"
        f" as source,\n  cast({text(ref.field)} as varchar) as field,"
        f" {key_sql(model, ref.source, ref.field)} as value, count(*) as records\nfrom"
        f" {value_rows(model, ref.source, ref.field)} as held\nwhere"
        f" {key_sql(model, ref.source, ref.field)} is not null\ngroup by"
        f" {key_sql(model, ref.source, ref.field)}"
    )


_COVERAGE = f"""select identifier, source, field, count(*) as distinct_values,
  cast(sum(records) as bigint) as filled,
  count(case when records > 1 then 1 end) as shared_values,
  cast(sum(case when records > 1 then records else 0 end) as bigint) as shared_records,
  max(records) as most
from {VALUES}
group by identifier, source, field"""


def coverage_sql(model: Model) -> str:
    """One row per place of an identifier: its values, rows that hold one (filled), values on
    several rows, rows that hold such a value.

    A source that holds an identifier in several fields has a row of its own, under the field '',
    with the rows that hold a value in any of them.
    """
    lists, several = [], []
    for name, refs in places(model).items():
        listed = [ref for ref in refs if model.field(ref.source, ref.field).split]
        lists += [_rows_held(model, name, ref) for ref in listed]
        twice = [ref for ref in refs if sum(each.source == ref.source for each in refs) > 1]
        several += [_rows_held(model, name, ref) for ref in twice]
    sql = _COVERAGE
    if lists:
        held = "\nunion all\n".join(lists)
        sql = f"""select c.identifier as identifier, c.source as source, c.field as field,
  c.distinct_values as distinct_values, coalesce(l.filled, c.filled) as filled,
  c.shared_values as shared_values, coalesce(l.shared_records, c.shared_records) as shared_records,
  c.most as most
from (
{_COVERAGE}
) as c
left join (
  select h.identifier as identifier, h.source as source, h.field as field,
    count(distinct h._row) as filled,
    count(distinct case when v.records > 1 then h._row end) as shared_records
  from (
{held}
  ) as h
  join {VALUES} as v on v.identifier = h.identifier and v.source = h.source
    and v.field = h.field and v.value = h.value
  group by h.identifier, h.source, h.field
) as l on l.identifier = c.identifier and l.source = c.source and l.field = c.field"""
    if several:
        others = ("shared_values", "shared_records", "most")
        none = ", ".join(f"cast(null as bigint) as {name}" for name in others)
        held = "\nunion all\n".join(several)
        sql += f"""
union all
select identifier, source, cast('' as varchar) as field,
  count(distinct value) as distinct_values, count(distinct _row) as filled, {none}
from (
{held}
) as h
group by identifier, source"""
    return sql


def _rows_held(model: Model, name: str, ref: FieldRef) -> str:
    """One row per row of a source and value of the identifier that it holds in one field."""
    key = key_sql(model, ref.source, ref.field, "held")
    return (
        f"select cast({text(name)} as varchar) as identifier,\n  cast({text(ref.source)} as"
        f" varchar) as source, cast({text(ref.field)} as varchar) as field,\n  held._row as _row,"
        f" {key} as value\nfrom {value_rows(model, ref.source, ref.field)} as held where {key} is"
        " not null"
    )


OVERLAP = f"""select a.identifier as identifier, a.source as source, a.field as field,
  b.source as other_source, b.field as other_field, count(*) as both
from {VALUES} as a
join {VALUES} as b on b.identifier = a.identifier and b.value = a.value
group by a.identifier, a.source, a.field, b.source, b.field"""

SPREAD = f"""with found as (
  select identifier, value, count(distinct source) as sources
  from {VALUES}
  group by identifier, value
)
select identifier, sources, count(*) as distinct_values
from found
group by identifier, sources"""

MOST_SHARED = f"""with ranked as (
  select identifier, source, field, value, records,
    row_number() over (partition by identifier, source, field order by records desc, value) as turn
  from {VALUES}
  where records > 1
)
select identifier, source, field, value, records, turn
from ranked
where turn <= 3"""
