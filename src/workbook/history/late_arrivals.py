"""Rows that came late: true in one month, and written only after its end; the report of that
month could not hold them.

What was known then can be told of two kinds of sources. A log bears when each row was true and
when it was written, and nothing else that could change. A source of periods writes over its
rows: a start counts as known since it began, and an end since the row was written, as in the
intervals. Of all others only what stands there today is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from workbook.engine import Table, quote
from workbook.engine.sql import text
from workbook.history.sql_time import NEVER, START, STEP, wall_now
from workbook.model import Model
from workbook.model.fact_sources import is_log
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins, wall_ends

LATE = "late__rows"
LOG, PERIODS = "log", "periods"


@dataclass(frozen=True)
class SnapshotSupport:
    """How a source records its earlier states: as a log, by its periods, or not at all.

    Without them `form` is '', and `reason` is the text of the catalogue that says why
    (`history.figures.restated.reasons`).
    """

    source: str
    form: str
    reason: str = ""


def snapshot_support(model: Model, source: str) -> SnapshotSupport:
    """How an earlier state of a source can be told, or why it cannot."""
    part = model.sources.sources[source]
    if any(
        source in model.entity_sources(entity)
        for entity in model.entity_names
        if model.has_identity(entity)
    ):
        return SnapshotSupport(
            source, "", "overwritten_records" if part.recorded else "no_recorded_time"
        )
    if not part.recorded:
        return SnapshotSupport(source, "", "no_recorded_time")
    if not part.valid:
        return SnapshotSupport(source, "", "no_valid_time")
    if len(part.valid) > 1:
        return SnapshotSupport(source, PERIODS)
    if not is_log(model, source):
        return SnapshotSupport(source, "", "overwritten")
    return SnapshotSupport(source, LOG)


def reconstructable_sources(model: Model) -> tuple[SnapshotSupport, ...]:
    """The sources of which an earlier state can be told."""
    return tuple(
        item
        for item in (snapshot_support(model, source) for source in model.source_names)
        if item.form
    )


def late_table(model: Model) -> Table | None:
    """`late__rows`: one row per row of such a source that was written after the month in which
    it was true, up to the as-of day.

    `true_at` and `recorded` are on the wall clock of the business.
    """
    parts = [
        _late(model, reconstructable_source)
        for reconstructable_source in reconstructable_sources(model)
    ]
    if not parts:
        return None
    row_is = "one row of a source that was written after the end of the month in which it was true"
    return Table(LATE, row_is, STEP, "evidence", ("source", "_row"), "\nunion all\n".join(parts))


def _late(model: Model, item: SnapshotSupport) -> str:
    part = model.sources.sources[item.source]
    first, last = part.valid[0], part.valid[-1]
    at = (
        wall_begins(model, item.source, first, quote(first))
        if item.form == LOG
        else wall_ends(model, item.source, last, quote(last))
    )
    written, now = (
        wall_begins(model, item.source, part.recorded, quote(part.recorded)),
        wall_now(model),
    )
    return f"""select cast({text(item.source)} as varchar) as source, _row, _record as record,
  {at} as true_at, {written} as recorded
from {quote(table_of(item.source))}
where {at} >= {START} and {at} < {NEVER} and {at} < {now} and {written} < {now}
  and {written} >= cast(date_trunc('month', {at}) as timestamp) + interval '1' month"""


def late_sql(reports: Iterable[tuple[dt.date, dt.datetime, dt.datetime]]) -> str:
    """One row per month and source: rows that were true by the month's end and written only
    after its report.

    `reports` are the months: the first day, the first instant that no longer counts, and the
    moment of the report.
    """
    rows = ",\n    ".join(
        f"(cast('{month}' as date), cast('{end}' as timestamp), cast('{report}' as timestamp))"
        for month, end, report in reports
    )
    return f"""select r.month as month, l.source as source, count(*) as late
from (values
    {rows}
) as r(month, ends, reported)
join {quote(LATE)} as l on l.true_at < r.ends and l.recorded >= r.reported
group by r.month, l.source
order by r.month, l.source"""


def as_known_sql(
    model: Model, item: SnapshotSupport, columns: Collection[str], now_table: str, at: dt.datetime
) -> str:
    """The rows of a source as they were known at a moment; `now_table` holds them as they are
    known now.
    """
    part = model.sources.sources[item.source]
    moment, written = (
        f"cast('{at}' as timestamp)",
        wall_begins(model, item.source, part.recorded, quote(part.recorded)),
    )
    if item.form == LOG:
        names = ", ".join(map(quote, columns))
        return (
            f"select {names}\nfrom {quote(now_table)}\nwhere {quote(part.recorded)} is null or"
            f" {written} < {moment}"
        )
    ends, since = (
        quote(part.valid[1]),
        wall_begins(model, item.source, part.valid[0], quote(part.valid[0])),
    )
    known = f"case when {written} >= {moment} then null else {ends} end as {ends}"
    names = ", ".join(known if quote(name) == ends else quote(name) for name in columns)
    return (
        f"select {names}\nfrom {quote(now_table)}\nwhere {quote(part.recorded)} is null or"
        f" {written} < {moment} or {since} < {moment}"
    )
