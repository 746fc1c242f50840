"""How fresh what a purpose reads is, beside how fresh it must be."""

from __future__ import annotations

import datetime as dt

from workbook.engine import Plan, quote
from workbook.model import Model
from workbook.model.as_of import end_of_day
from workbook.model.durations import optional_duration
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins


def hours_before(text: str, as_of: dt.date) -> float | None:
    """How many hours a limit is at the end of the as-of day; None where no limit is written."""
    length = optional_duration(text)
    return length.days_before(end_of_day(as_of)) * 24 if length else None


def newest_sql(model: Model, plan: Plan) -> str:
    """One row per source that says when its rows are written or true: source, newest."""
    parts = []
    for source in model.source_names:
        spec = model.sources.sources[source]  # type: ignore[union-attr]
        table, field = table_of(source), spec.recorded or (spec.valid[0] if spec.valid else "")
        if table in plan and field:
            parts.append(f"select cast('{source}' as varchar) as source, max({wall_begins(model, source, field, quote(field))}) as newest from {quote(table)}")
    return "\nunion all\n".join(parts)


def sources_of(model: Model, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The sources that the attributes among these fields come from."""
    found = {ref.source for field in fields if "." in field for ref in model.attributes(field.partition(".")[0]).get(field.partition(".")[2], ())}
    return tuple(sorted(found))


def stalest(newest: dict[str, dt.datetime | None], sources: tuple[str, ...], as_of: dt.date) -> tuple[str, float | None]:
    """The source whose newest fact is oldest, and that age in hours at the end of the as-of day; ('', None) if unknown."""
    end = end_of_day(as_of)
    ages = [((end - when).total_seconds() / 3600, source) for source in sources if (when := newest.get(source)) is not None]
    if not ages:
        return "", None
    age, source = max(ages)
    return source, max(0.0, age)
