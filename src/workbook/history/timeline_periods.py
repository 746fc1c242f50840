"""Beliefs about values that hold for periods, which may overlap: the newest start holds while
it runs, then the older one goes on.

Of two that began together the one that ends first holds, and then the other.
"""

from __future__ import annotations

from workbook.history.sql_time import OPEN

_TURN = (
    "partition by id order by valid_from, known_from, written, record, version, valid_to,"
    " cast(value as varchar), replaced, told"
)


def beliefs(now: str) -> str:
    """SQL over the CTE `version` that gives one row per belief; `now` is the end of the as-of day.

    A source of periods writes over its rows and tells only when it last did. So the start of a
    period counts as known since it began, and its end since the row was written. A period that
    overlaps no other is a block of its own.
    """
    return f"""{_BLOCKS},
phase as (
  select id, turn, alone, value, valid_from, valid_to, source, record, told,
    case when version = 1 and valid_to = {OPEN} then known_from else written end as known_from, replaced as known_to
  from placed
  union all
  select id, turn, alone, value, valid_from, {OPEN}, source, record, told, known_from, written
  from placed
  where version = 1 and valid_to < {OPEN}
), fact as (
  select id, turn, alone, value, valid_from, valid_to, source, record, told, known_from,
    case when known_to >= {now} then {OPEN} else known_to end as known_to
  from phase
  where known_from < known_to and known_from < {now}
),
{_WALKED}
select id, value, valid_from, valid_to, known_from as recorded_from, known_to as recorded_to, source, record
from fact
where alone
union all
select s.id, s.value, b.valid_from, b.valid_to, b.recorded_from, b.recorded_to, s.source, s.record
from belief as b
join said_so as s on s.said = b.said"""


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
  select *, begins and ends as alone from cut
)"""

# Numbers stand for blocks, for epochs, for facts in the order in which they win, and for what is
# said: they are joined and
# sorted at a fraction of the cost of the texts that they stand for.
_WALKED = f"""block as (
  select id, turn, sum(case when begins then 1 else 0 end) over (partition by id order by turn) as block from placed where not alone
), numbered as (
  select id, turn, dense_rank() over (order by id, block) as block from block
), rough as (
  select n.block as block, f.id as id, f.value as value, f.valid_from as valid_from, f.valid_to as valid_to, f.source as source, f.record as record,
    f.known_from as known_from, f.known_to as known_to, dense_rank() over (order by n.block, f.record, f.value) as said,
    row_number() over (order by n.block, f.valid_from desc, f.valid_to, f.told desc, cast(f.value as varchar) desc, f.record, f.known_from, f.known_to, f.turn) as turn
  from fact as f
  join numbered as n on n.id = f.id and n.turn = f.turn
), moment as (
  select block, known_from as moment from rough
  union
  select block, known_to as moment from rough where known_to < {OPEN}
), epoch as (
  select block, moment as recorded_from, lead(moment, 1, {OPEN}) over (partition by block order by moment) as recorded_to,
    row_number() over (order by block, moment) as epoch
  from moment
), known as (
  select e.epoch as epoch, f.turn as turn, f.valid_from as valid_from, f.valid_to as valid_to
  from epoch as e
  join rough as f on f.block = e.block and f.known_from <= e.recorded_from and f.known_to > e.recorded_from
), cut_at as (
  select epoch, valid_from as moment from known
  union
  select epoch, valid_to as moment from known
), slice as (
  select epoch, moment as starts, lead(moment) over (partition by epoch order by moment) as ends from cut_at
), covered as (
  select c.epoch as epoch, c.starts as starts, c.ends as ends, min(k.turn) as turn
  from slice as c
  join known as k on k.epoch = c.epoch and k.valid_from <= c.starts and k.valid_to >= c.ends
  group by c.epoch, c.starts, c.ends
), beside as (
  select c.epoch as epoch, c.starts as starts, f.said as said, lag(f.said) over (partition by c.epoch order by c.starts) as said_before,
    lag(c.ends) over (partition by c.epoch order by c.starts) as ended_before, max(c.ends) over (partition by c.epoch) as last_end
  from covered as c
  join rough as f on f.turn = c.turn
), held as (
  select epoch, said, starts as valid_from, lead(ended_before, 1, last_end) over (partition by epoch order by starts) as valid_to
  from beside
  where said_before is null or said_before <> said or ended_before <> starts
), run as (
  select said, valid_from, valid_to, epoch, epoch - row_number() over (partition by said, valid_from, valid_to order by epoch) as run from held
), belief as (
  select r.said as said, r.valid_from as valid_from, r.valid_to as valid_to, min(e.recorded_from) as recorded_from, max(e.recorded_to) as recorded_to
  from run as r
  join epoch as e on e.epoch = r.epoch
  group by r.said, r.valid_from, r.valid_to, r.run
), said_so as (
  select said, min(id) as id, min(value) as value, min(source) as source, min(record) as record from rough group by said
)"""
