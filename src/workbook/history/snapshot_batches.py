"""Snapshots as batches: which rows were loaded together, whom a batch leaves out, and whether a
batch that lost most is believed.
"""

from __future__ import annotations

from workbook.engine import quote
from workbook.history.sql_time import OPEN
from workbook.model import Model
from workbook.model.schema import Kept
from workbook.model.times import wall_begins

ABSENT = "~absent"  # behind the key of the last record that told of it
INSTANT = "instant"
# a load that runs over the end of a day or an hour: within how many minutes it goes on, and how few
# parts of a batch have any row
OVER = {
    "day": (15, "hour", 12),
    "hour": (2, "minute", 30),
}
FEW = 3  # a batch of fewer ids loses more than half of them with one or two, which says nothing


def batch_sql(model: Model, kept: Kept) -> str:
    """SQL over a row of snapshots of what names its batch; '' where rows of one moment are the
    batch.

    By default rows of one day of the business are one, because a load takes its time.
    """
    source = model.sources.sources[kept.from_]
    field = source.valid[0]
    if kept.as_ != "snapshots":
        return ""
    if source.batch in source.fields:
        return f"coalesce(cast({quote(source.batch)} as varchar), cast({quote(field)} as varchar))"
    if source.batch == INSTANT or model.field(kept.from_, field).type == "date":
        return ""
    return (
        f"cast(date_trunc('{batch_unit(model, kept)}',"
        f" {wall_begins(model, kept.from_, field, quote(field))}) as varchar)"
    )


def batch_unit(model: Model, kept: Kept) -> str:
    """`day` or `hour` where rows of one such are a batch; else ''."""
    source = model.sources.sources[kept.from_]
    timed = kept.as_ == "snapshots" and model.field(kept.from_, source.valid[0]).type != "date"
    return (
        (source.batch or "day") if timed and source.batch not in (*source.fields, INSTANT) else ""
    )


def with_absences(
    facts: str, kind: str, more: str, batch: str = "valid_from", unit: str = ""
) -> str:
    """The facts of a source of snapshots, and one without a value for everybody who was in a
    batch and is not in the next one.

    Of a load that runs over midnight nobody is missing: its halves are two batches by day, and
    each lacks the other's rows. It is true since that next batch began, and known since the
    first row of it was written. What a batch leaves out that lost more than half of the ids
    before it counts only once the batch after it leaves it out as well, and is known since
    then; so does one of which the batch after it is the rest. `kind` is the SQL type of the
    value, `more` what stands in further columns, `batch` the column that names a batch, `unit`
    whether that is a day or an hour.
    """
    latest = f"row_number() over (partition by {batch}, id order by valid_from desc, _row desc)"
    waits = "(s.shrunk or s.next_goes_on)"
    known = f"case when {waits} then coalesce(s.recorded_later, s.day_later) else s.recorded end"
    return f"""with fact as (
{facts}
), {judged_sql("fact", batch, unit)}, told as (
  select *, {latest} as turn from fact where trouble = ''
)
select * from fact
union all
select -f._row, f.record || '{ABSENT}', f.source, f.id, cast(null as {kind}), cast(null as {kind}), s.next_day, {OPEN}, {known}, cast('' as varchar){more}
from told as f
join judged as s on s.batch = f.{batch}
where f.turn = 1 and s.next_batch is not null and not s.goes_on
  and not exists (select 1 from seen as next_one where next_one.batch = s.next_batch and next_one.id = f.id)
  and (not {waits} or (s.batch_later is not null
    and not exists (select 1 from seen as later where later.batch = s.batch_later and later.id = f.id)))"""


def judged_sql(fact: str, batch: str, unit: str = "") -> str:
    """CTEs `seen` (batch, id) and `judged`: one row per batch, the next one and the one after
    it, and whether the next one lost most.

    `kept` is how many of its `ids` stand in the next one; `goes_on` whether one load runs over
    the end of the day (or hour).
    """
    minutes, part, few = OVER.get(unit, (0, "", 0))
    parts = f"count(distinct date_trunc('{part}', valid_from))" if unit else "0"
    goes_on = (
        f"next_day < last_row + interval '{minutes}' minute and parts <= {few} and next_parts <="
        f" {few}"
        if unit
        else "false"
    )
    then = "over (order by day, batch)"
    return f"""seen as (
  select distinct {batch} as batch, id from {fact} where trouble = ''
), shot as (
  select {batch} as batch, min(valid_from) as day, min(recorded) as recorded, count(distinct id) as ids,
    max(valid_from) as last_row, {parts} as parts from {fact} where trouble = '' group by {batch}
), following as (
  select batch, day, ids, last_row, parts, lead(parts) {then} as next_parts, lead(batch) {then} as next_batch, lead(day) {then} as next_day, lead(recorded) {then} as recorded,
    lead(batch, 2) {then} as batch_later, lead(day, 2) {then} as day_later, lead(recorded, 2) {then} as recorded_later
  from shot
), stayed as (
  select f.batch as batch, count(*) as kept
  from following as f
  join seen as s on s.batch = f.batch
  join seen as n on n.batch = f.next_batch and n.id = s.id
  group by f.batch
), running as (
  select f.*, coalesce({goes_on}, false) as goes_on from following as f
), beside as (
  select r.*, lead(goes_on, 1, false) {then} as next_goes_on from running as r
), judged as (
  select b.*, coalesce(k.kept, 0) as kept, b.next_batch is not null and not b.goes_on and not b.next_goes_on
    and b.ids >= {FEW} and coalesce(k.kept, 0) * 2 < b.ids as shrunk
  from beside as b
  left join stayed as k on k.batch = b.batch
)"""
