"""Keys whose cells hold several values, such as `111;222`, where no `split` says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.engine.sql import text
from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.arrivals import owner_of
from workbook.sources.profile.identifiers import VALUES, places
from workbook.words import finding

_MARKS = (";", ",", "|")


def list_cells_sql(model: Model) -> str:
    """One row per place of an identifier and mark between values: the records whose cell is
    several known values of the identifier; '' where every place is a list already.
    """
    whole = [
        (name, ref)
        for name, refs in places(model).items()
        for ref in refs
        if not model.field(ref.source, ref.field).split
    ]
    if not whole:
        return ""
    fields = ", ".join(
        f"({text(name)}, {text(ref.source)}, {text(ref.field)})" for name, ref in whole
    )
    marks = ", ".join(f"({text(mark)})" for mark in _MARKS)
    return f"""with cells as (
  select v.identifier, v.source, v.field, v.value, v.records, m.mark
  from {VALUES} as v join (values {marks}) as m(mark) on contains(v.value, m.mark)
  where (v.identifier, v.source, v.field) in (values {fields})
), parts as (
  select distinct c.*, trim(unnest(string_split(c.value, c.mark))) as part from cells as c
), lists as (
  select p.identifier, p.source, p.field, p.mark, p.value, max(p.records) as records
  from parts as p
  left join (select distinct identifier, value from {VALUES}) as k
    on k.identifier = p.identifier and k.value = p.part
  where p.part <> ''
  group by p.identifier, p.source, p.field, p.mark, p.value
  having count(*) > 1 and count(k.value) = count(*)
)
select identifier, source, field, mark, cast(sum(records) as bigint) as records
from lists
group by identifier, source, field, mark
order by identifier, source, field, mark"""


def of_list_cells(model: Model, counted: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Lists that are read as one value, so that they meet no other."""
    return [
        finding(
            model,
            "sources.lists_in_cells",
            row["records"],
            (f"{row['source']}.{row['field']}",),
            owner=owner_of(model, row["source"]),
            source=row["source"],
            field=row["field"],
            identifier=row["identifier"],
            mark=row["mark"],
        )
        for row in counted
    ]
