"""The values of identifiers: how many records carry one, which stand in several sources, which stand on many records."""

from __future__ import annotations

from workbook.engine import Table
from workbook.engine.keys import key_sql
from workbook.engine.listed import value_rows
from workbook.engine.sql import text
from workbook.model import FieldRef, Model
from workbook.profile.landed import STEP

VALUES = "evidence__identifier_values"


def places(model: Model) -> dict[str, tuple[FieldRef, ...]]:
    """Every identifier with the fields that hold it whole (a part of a name identifies nothing)."""
    return {name: tuple(ref for ref in refs if not ref.part) for name, refs in model.identifier_places.items()}


def home(model: Model, identifier: str) -> FieldRef | None:
    """The place where an identifier is the key of its source, or None: there it names one row, elsewhere it refers to it."""
    sources = model.sources.sources if model.sources else {}
    return next((ref for ref in places(model).get(identifier, ()) if sources[ref.source].primary_key == (ref.field,)), None)


def values_table(model: Model) -> list[Table]:
    """`evidence__identifier_values`: one value of an identifier in one field, and how many records hold it."""
    parts = [_values(model, name, ref) for name, refs in places(model).items() for ref in refs]
    if not parts:
        return []
    classes = [model.field(ref.source, ref.field).cls for refs in places(model).values() for ref in refs]
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
        f"select cast({text(name)} as varchar) as identifier, cast({text(ref.source)} as varchar) as source,\n"
        f"  cast({text(ref.field)} as varchar) as field, {key_sql(model, ref.source, ref.field)} as value, count(*) as records\n"
        f"from {value_rows(model, ref.source, ref.field)} as held\nwhere {key_sql(model, ref.source, ref.field)} is not null\ngroup by {key_sql(model, ref.source, ref.field)}"
    )


COVERAGE = f"""select identifier, source, field, count(*) as distinct_values, cast(sum(records) as bigint) as filled,
  count(case when records > 1 then 1 end) as shared_values, cast(sum(case when records > 1 then records else 0 end) as bigint) as shared_records,
  max(records) as most
from {VALUES}
group by identifier, source, field"""

OVERLAP = f"""select a.identifier as identifier, a.source as source, a.field as field, b.source as other_source, b.field as other_field,
  count(*) as both
from {VALUES} as a
join {VALUES} as b on b.identifier = a.identifier and b.value = a.value
group by a.identifier, a.source, a.field, b.source, b.field"""

SPREAD = f"""with found as (
  select identifier, value, count(distinct source) as sources from {VALUES} group by identifier, value
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
