"""How long each source's rows may be kept, and how many are older."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook.engine import quote
from workbook.finding import Finding
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.durations import duration
from workbook.model.table_names import table_of
from workbook.model.times import begins, midnight_sql
from workbook.privacy import shown
from workbook.words import finding
from workbook.words.wording import humanize


@dataclass(frozen=True)
class Retention:
    """A source with personal fields: how long its rows may be kept ('' where nothing says), how
    many it has and how many are older.
    """

    source: str
    keep_for: str = ""
    rows: int = 0
    older: int = 0


def retention(model: Model, ask: Callable[[str], list[dict[str, Any]]]) -> list[Retention]:
    """Every source that has personal fields, or says how long its rows are kept."""
    found = []
    for name, source in model.sources.sources.items():
        personal = any(not shown(field.cls) for field in model.fields(name).values())
        if source.keep_for:
            (row,) = ask(_older_sql(model, name))
            found.append(Retention(name, source.keep_for, row["every"], row["older"] or 0))
        elif personal:
            found.append(Retention(name))
    return found


def _older_sql(model: Model, name: str) -> str:
    """One row: the rows of a source, and those that ended (began, were recorded) too long ago."""
    source = model.sources.sources[name]
    field = source.valid[-1] if source.valid else source.recorded
    at = begins(model, name, field, quote(field))
    end = midnight_sql(model, as_of_day(model) + dt.timedelta(days=1))
    limit = f"{end} - {duration(source.keep_for).interval}"
    return (
        f"select count(*) as every, sum(case when {at} < {limit} then 1 else 0 end) as older from"
        f" {quote(table_of(name))}"
    )


def of_retention(model: Model, found: list[Retention]) -> Iterator[Finding]:
    """Sources that keep rows for too long, and in one sentence those that say nothing."""
    for each in found:
        if each.older:
            yield finding(
                model,
                "sources.kept_too_long",
                each.older,
                (each.source,),
                owner=model.owner_of("sources", "systems", model.system_of(each.source)),
                source=each.source,
                of=each.rows,
                keep_for=each.keep_for,
            )
    silent = [each.source for each in found if not each.keep_for]
    if silent:
        yield finding(
            model,
            "sources.no_retention",
            len(silent),
            silent,
            sources=[humanize(source) for source in silent],
        )
