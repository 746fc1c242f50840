"""How old the newest fact of each source is, at the date of the page and never by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.engine import quote
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.as_of import end_of_day, end_of_day_sql
from workbook.model.durations import optional_duration
from workbook.model.fact_sources import dated_by, is_overwritten
from workbook.model.schema import Freshness
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins


@dataclass(frozen=True)
class Age:
    """The newest fact of one source: `gap` in days to the end of the as-of day (None: nothing
    is dated).

    `state` is pass; note or look where this source is quiet while its system is not; look or
    fail where its whole system is past its limit. `later` counts facts after the as-of day,
    which are left out.
    """

    source: str
    field: str
    newest: dt.date | None
    gap: float | None
    warn: float | None
    error: float | None
    state: str
    quiet: bool = False
    later: int = 0


def newest_sql(model: Model, as_of: dt.date) -> str:
    """One row per dated source: its newest time on the business's clock up to the end of the
    as-of day, and how many facts are later.
    """
    end = end_of_day_sql(as_of)
    parts = []
    for source in model.source_names:
        field = dated_by(model, source)
        if field:
            at = wall_begins(model, source, field, quote(field))
            parts.append(
                f"select cast({text(source)} as varchar) as source, max(case when {at} < {end} then"
                f" {at} end) as newest,\n  count(case when {at} >= {end} then 1 end) as later\nfrom"
                f" {quote(table_of(source))}"
            )
    return "\nunion all\n".join(parts)


def limits(model: Model, source: str) -> Freshness:
    """The limits of a source: those of its system, else those of all."""
    part = model.sources
    if model.is_open("sources"):
        return Freshness()
    system = part.systems.get(model.system_of(source))
    return system.freshness if system and system.freshness else part.freshness


def ages(
    model: Model,
    as_of: dt.date,
    newest: Mapping[str, tuple[dt.datetime | None, int]],
    believed: dt.date | None = None,
) -> list[Age]:
    """The age of every source, oldest trouble first; a system is as fresh as the newest of its
    sources.

    On an as-of day before the newest fact that is `believed`, the age of a source that wrote over
    its rows since is not known.
    """
    earlier = believed is not None and believed > as_of
    untold = {
        source
        for source, (_, later) in newest.items()
        if earlier and later and is_overwritten(model, source)
    }
    end = end_of_day(as_of)
    gaps = {
        source: _gap(model, source, as_of, newest[source][0] if source in newest else None)
        for source in model.source_names
        if source not in untold
    }
    # what was overwritten since was not behind on that day
    best = {model.system_of(source): 0.0 for source in untold}
    for source, gap in gaps.items():
        system = model.system_of(source)
        if gap is not None:
            best[system] = min(gap, best.get(system, gap))
    found = [
        _age(
            model,
            source,
            end,
            gaps.get(source),
            best.get(model.system_of(source)),
            newest.get(source, (None, 0)),
            told=source not in untold,
        )
        for source in model.source_names
    ]
    order = {"fail": 0, "look": 1, "note": 2, "untested": 2, "pass": 3, "": 4}
    return sorted(found, key=lambda age: (order[age.state], -(age.gap or 0), age.source))


def _gap(model: Model, source: str, as_of: dt.date, newest: dt.datetime | None) -> float | None:
    """In days; a date counts as its whole day."""
    if newest is None:
        return None
    if _is_date(model, source):
        return float((as_of - newest.date()).days)
    end = end_of_day(as_of)
    return round((end - newest).total_seconds() / 86400, 4)


def _is_date(model: Model, source: str) -> bool:
    field = dated_by(model, source)
    return bool(field) and model.field(source, field).type == "date"


def _age(
    model: Model,
    source: str,
    end: dt.datetime,
    gap: float | None,
    best: float | None,
    newest: tuple[dt.datetime | None, int],
    *,
    told: bool,
) -> Age:
    limit = limits(model, source)
    warn, error = (
        length.days_before(end) if (length := optional_duration(each)) else None
        for each in (limit.warn_after, limit.error_after)
    )
    system, own = _state(best, warn, error), _state(gap, warn, error)
    state, quiet = own, False
    if system == "pass" and own != "pass":
        state, quiet = ("look" if own == "fail" else "note"), True
    elif own in ("fail", "look"):
        state = system
    at = newest[0]
    if dated_by(model, source) and at is None:
        state = "look"
    return Age(
        source,
        dated_by(model, source),
        at.date() if at and told else None,
        gap,
        warn,
        error,
        state if dated_by(model, source) and told else "untested",
        quiet,
        newest[1],
    )


def _state(gap: float | None, warn: float | None, error: float | None) -> str:
    if gap is None:
        return "pass"
    if error is not None and gap > error:
        return "fail"
    return "look" if warn is not None and gap > warn else "pass"
