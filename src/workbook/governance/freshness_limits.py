"""How fresh what a purpose reads is, beside how fresh it must be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from workbook.engine import Plan, quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.as_of import end_of_day, end_of_day_sql
from workbook.model.durations import optional_duration
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins


def hours_before(limit: str, as_of: dt.date) -> float | None:
    """How many hours a limit is at the end of the as-of day; None where no limit is written."""
    length = optional_duration(limit)
    return length.days_before(end_of_day(as_of)) * 24 if length else None


def dated_by(model: Model, source: str) -> str:
    """The field that says how new a row is: when it was recorded, else since when it is true;
    or ''.
    """
    spec = model.sources.sources.get(source) if not model.is_open("sources") else None
    return (spec.recorded or (spec.valid[0] if spec.valid else "")) if spec else ""


def dated_sql(model: Model, sources: Iterable[str], as_of: dt.date) -> str:
    """One row per row of these sources known by the as-of day: `source`, `moment`; '' if undated.

    A day counts to its end.
    """
    parts, end = [], end_of_day_sql(as_of)
    for source in sources:
        if field := dated_by(model, source):
            at = wall_begins(model, source, field, quote(field))
            until = f"{at} + interval '1' day" if model.field(source, field).type == "date" else at
            parts.append(
                f"select cast({text(source)} as varchar) as source, {until} as moment\nfrom"
                f" {quote(table_of(source))}\nwhere {at} < {end}"
            )
    return "\nunion all\n".join(parts)


def newest_sql(model: Model, plan: Plan, as_of: dt.date) -> str:
    """One row per source that has dated rows: source, newest."""
    dated = dated_sql(model, (name for name in model.source_names if table_of(name) in plan), as_of)
    return (
        f"select source, max(moment) as newest\nfrom (\n{dated}\n) as dated\ngroup by source"
        if dated
        else ""
    )


def late_sql(model: Model, sources: Iterable[str], limit: str, as_of: dt.date) -> str:
    """One row: `late`, how many of these sources are past the limit; '' where none can be told.

    Like the age that pages show, it goes by the newest record of each source; one without any
    is not late.
    """
    hours, dated = hours_before(limit, as_of), dated_sql(model, sources, as_of)
    if hours is None or not dated:
        return ""
    since = end_of_day(as_of) - dt.timedelta(hours=hours)
    newest = f"select source, max(moment) as newest\nfrom (\n{dated}\n) as dated\ngroup by source"
    return (
        f"select count(*) as late\nfrom (\n{newest}\n) as ages\nwhere newest < timestamp"
        f" '{since:%Y-%m-%d %H:%M:%S}'"
    )


def undated(model: Model, sources: Iterable[str]) -> tuple[str, ...]:
    """The sources among these that do not say how new their rows are."""
    return tuple(source for source in sources if not dated_by(model, source))


def stalest(
    newest: dict[str, dt.datetime | None], sources: tuple[str, ...], as_of: dt.date
) -> tuple[str, float | None]:
    """The source whose newest record is oldest, and its age in hours; ('', None) if unknown."""
    end = end_of_day(as_of)
    ages = [
        ((end - when).total_seconds() / 3600, source)
        for source in sources
        if (when := newest.get(source)) is not None
    ]
    if not ages:
        return "", None
    age, source = max(ages)
    return source, max(0.0, age)
