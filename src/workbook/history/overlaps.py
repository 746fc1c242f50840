"""Beliefs about values that hold for periods, which may overlap: the newest start holds while it runs, then the older one goes on."""

from __future__ import annotations

from workbook.history.moments import OPEN

_TURN = "partition by id order by valid_from, known_from, written, record, version"


def beliefs(now: str) -> str:
    """SQL over the CTE `version` that gives one row per belief; `now` is the end of the as-of day.

    A source of periods writes over its rows and tells only when it last did. So the start of a period counts as known
    since it began, and its end since the row was written. A period that overlaps no other is a block of its own.
    """
    return f"""{_BLOCKS},
phase as (
  select id, block, alone, value, valid_from, valid_to, source, record, told,
    case when version = 1 and valid_to = {OPEN} then known_from else written end as known_from, replaced as known_to
  from placed
  union all
  select id, block, alone, value, valid_from, {OPEN}, source, record, told, known_from, written
  from placed
  where version = 1 and valid_to < {OPEN}
), fact as (
  select id, block, alone, value, valid_from, valid_to, source, record, told, known_from,
    case when known_to >= {now} then {OPEN} else known_to end as known_to
  from phase
  where known_from < known_to and known_from < {now}
),
{_WALKED}
select id, value, valid_from, valid_to, known_from as recorded_from, known_to as recorded_to, source, record
from fact
where alone
union all
select id, value, valid_from, valid_to, min(recorded_from), max(recorded_to), source, record
from belief
group by id, block, value, valid_from, valid_to, source, record, belief"""


_BLOCKS = f"""item as (
  select *, case when version = 1 then least(valid_from, written) else written end as known_from,
    case when replaced < {OPEN} then replaced + interval '1' second else written end as settled,
    case when replaced = {OPEN} then valid_to end as runs_to
  from version
), neighbour as (
  select *, max(settled) over ({_TURN} rows between unbounded preceding and 1 preceding) as settled_before,
    max(runs_to) over ({_TURN} rows between unbounded preceding and 1 preceding) as runs_before,
    min(known_from) over ({_TURN} rows between 1 following and unbounded following) as known_after, lead(valid_from, 1, {OPEN}) over ({_TURN}) as next_from,
    row_number() over ({_TURN}) as turn
  from item
), cut as (
  select *, coalesce(settled_before <= least(known_from, coalesce(known_after, {OPEN})) and coalesce(runs_before <= valid_from, true), true) as begins,
    greatest(settled, coalesce(settled_before, settled)) <= coalesce(known_after, {OPEN})
      and coalesce(greatest(coalesce(runs_before, runs_to), coalesce(runs_to, runs_before)) <= next_from, true) as ends
  from neighbour
), placed as (
  select *, begins and ends as alone, sum(case when begins then 1 else 0 end) over (partition by id order by turn) as block
  from cut
)"""

_WINNER = "partition by c.id, c.block, c.epoch, c.starts order by k.valid_from desc, k.valid_to, k.told desc, cast(k.value as varchar) desc, k.record"
_WALKED = f"""rough as (
  select * from fact where not alone
), moment as (
  select id, block, known_from as moment from rough
  union
  select id, block, known_to as moment from rough where known_to < {OPEN}
), epoch as (
  select id, block, moment as recorded_from, lead(moment, 1, {OPEN}) over (partition by id, block order by moment) as recorded_to,
    row_number() over (partition by id, block order by moment) as epoch
  from moment
), known as (
  select e.epoch as epoch, e.recorded_from as recorded_from, e.recorded_to as recorded_to, f.id as id, f.block as block, f.value as value,
    f.valid_from as valid_from, f.valid_to as valid_to, f.source as source, f.record as record, f.told as told
  from epoch as e
  join rough as f on f.id = e.id and f.block = e.block and f.known_from <= e.recorded_from and f.known_to > e.recorded_from
), cut_at as (
  select id, block, epoch, valid_from as moment from known
  union
  select id, block, epoch, valid_to as moment from known
), slice as (
  select id, block, epoch, moment as starts, lead(moment) over (partition by id, block, epoch order by moment) as ends from cut_at
), covered as (
  select c.epoch as epoch, c.starts as starts, c.ends as ends, k.recorded_from as recorded_from, k.recorded_to as recorded_to,
    k.id as id, k.block as block, k.value as value, k.source as source, k.record as record, row_number() over ({_WINNER}) as turn
  from slice as c
  join known as k on k.id = c.id and k.block = c.block and k.epoch = c.epoch and k.valid_from <= c.starts and k.valid_to >= c.ends
), apart as (
  select *, case when lag(ends) over (partition by id, block, epoch, record order by starts) = starts then 0 else 1 end as apart
  from covered
  where turn = 1
), piece as (
  select *, sum(apart) over (partition by id, block, epoch, record order by starts) as piece from apart
), held as (
  select epoch, recorded_from, recorded_to, id, block, value, min(starts) as valid_from, max(ends) as valid_to, source, record
  from piece
  group by epoch, recorded_from, recorded_to, id, block, value, source, record, piece
), belief as (
  select *, epoch - row_number() over (partition by id, block, record, value, valid_from, valid_to order by epoch) as belief from held
)"""
