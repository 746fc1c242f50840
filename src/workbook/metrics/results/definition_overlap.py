"""Competing definitions: two numbers that claim to be the same, and the rows that only one of
them counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workbook.engine import quote
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_result import MetricReader, MetricResult
from workbook.model import Model


@dataclass(frozen=True)
class DefinitionOverlap:
    """A metric and the one that it competes with; rows are None where the two do not count rows
    of one entity.
    """

    name: str
    other: str
    difference: Decimal | None = None
    entity: str = ""
    both: int | None = None
    only_this: int | None = None
    only_other: int | None = None

    @property
    def apart(self) -> int:
        """How many rows only one of the two counts."""
        return (self.only_this or 0) + (self.only_other or 0)


def contests(
    model: Model, reader: MetricReader, made: Mapping[str, MetricResult]
) -> list[DefinitionOverlap]:
    """Every pair of competing metrics, in the order of the file."""
    found = []
    for name, metric in model.metrics.metrics.items():
        other = metric.competes_with
        if not other or other not in made:
            continue
        mine, theirs = made[name], made[other]
        difference = None
        if isinstance(mine.value, (int, Decimal)) and isinstance(theirs.value, (int, Decimal)):
            difference = Decimal(mine.value) - Decimal(theirs.value)
        found.append(DefinitionOverlap(name, other, difference, *_rows(model, reader, name, other)))
    return found


def _rows(
    model: Model, reader: MetricReader, name: str, other: str
) -> tuple[str, int | None, int | None, int | None]:
    parts = metrics_of(model).metrics
    tables = [f"m__{item}__rows" for item in (name, other)]
    if {parts[name].type, parts[other].type} != {"simple"} or not all(
        reader.has(table) for table in tables
    ):
        return "", None, None, None
    entities = {resolved(model, item).entity for item in (name, other)}
    if len(entities) > 1:
        return "", None, None, None
    both = "a.id is not null and b.id is not null"
    sql = f"""select sum(cast(case when {both} then 1 else 0 end as bigint)) as both_count,
       sum(cast(case when b.id is null then 1 else 0 end as bigint)) as only_this,
       sum(cast(case when a.id is null then 1 else 0 end as bigint)) as only_other
from {quote(tables[0])} as a
full outer join {quote(tables[1])} as b on b.id = a.id"""
    row = [int(value or 0) for value in reader.query(sql).row(0)]
    return entities.pop(), row[0], row[1], row[2]
