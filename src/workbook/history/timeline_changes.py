"""Beliefs about values that hold until the next one starts: changes, snapshots and events."""

from __future__ import annotations

from workbook.history.sql_time import OPEN, START

_TURN = (
    "partition by id order by valid_from, known_from, {0}cast(value as varchar), record,"
    " coalesce(cast(value_before as varchar), ''), known_to"
)
_PLACE = "place, "  # of a change among those of its moment


def beliefs(now: str, *, chained: bool) -> str:
    """SQL over the CTE `version` that gives one row per belief; `now` is the end of the as-of day.

    `chained` says that versions have a place among the changes of their moment.

    A calm fact is a block of its own and stands: it holds openly until the next block begins,
    and from its own first moment on it ends what stood before it. The last that stood before
    any other block is carried into it.
    """
    return f"""{_facts(now, chained=chained)},
{_blocks(chained=chained)},
{_WALKED}
select id, value, valid_from, {OPEN} as valid_to, known_from as recorded_from, until as recorded_to, source, record
from placed
where calm and known_from < until
union all
select id, value_ended, from_ended, valid_from, known_from, {OPEN}, source, record_ended
from placed
where calm and turn > 1 and from_ended < valid_from
union all
select id, value_before, {START}, valid_from, known_from, {OPEN}, source, record
from placed
where calm and turn = 1 and value_before is not null and valid_from > {START}
union all
select id, value, valid_from, valid_to, min(recorded_from), max(recorded_to), source, record
from belief
group by id, block, value, valid_from, valid_to, source, record, belief"""


def _facts(now: str, *, chained: bool) -> str:
    """CTE `fact`: what is known by the as-of day, since when and until when; `settled` is when
    the last was learned of it.
    """
    return f"""fact as (
  select id, value, value_before, valid_from, source, record, {_PLACE if chained else ""}written as known_from,
    case when replaced >= {now} then {OPEN} else replaced end as known_to,
    case when replaced >= {now} then written else replaced + interval '1' second end as settled
  from version
  where written < replaced and written < {now}
)"""


def _blocks(*, chained: bool) -> str:
    """CTEs `neighbour`, `cut` and `placed`: each fact beside those before and after it."""
    turn = _TURN.format(_PLACE if chained else "")
    return f"""neighbour as (
  select *, row_number() over ({turn}) as turn, lag(known_to) over ({turn}) as known_before,
    lag(value) over ({turn}) as value_ended, lag(valid_from) over ({turn}) as from_ended, lag(record) over ({turn}) as record_ended,
    max(settled) over ({turn} rows between unbounded preceding and 1 preceding) as settled_before,
    min(known_from) over ({turn} rows between 1 following and unbounded following) as known_after
  from fact
), cut as (
  select *, coalesce(known_after, {OPEN}) as until, coalesce(settled_before <= least(known_from, coalesce(known_after, {OPEN})), true) as begins from neighbour
), placed as (
  select *, begins and greatest(settled, coalesce(settled_before, settled)) <= until and known_to = {OPEN} and coalesce(known_before, {OPEN}) = {OPEN} as calm
  from cut
)"""


_WALKED = f"""rough as (
  select id, value, value_before, valid_from, source, record, known_from, known_to, turn, until,
    sum(case when begins then 1 else 0 end) over (partition by id order by turn) as block
  from placed
  where not calm
), bound as (
  select id, block, min(turn) as first_turn, max(until) as until from rough group by id, block
), carried as (
  select b.id as id, b.block as block, max(p.turn) as turn
  from bound as b
  join placed as p on p.id = b.id and p.turn < b.first_turn and p.known_to = {OPEN}
  group by b.id, b.block
), member as (
  select id, block, turn, value, value_before, valid_from, source, record, known_from, known_to from rough
  union all
  select p.id, c.block, p.turn, p.value, null, p.valid_from, p.source, p.record, p.known_from, p.known_to
  from carried as c
  join placed as p on p.id = c.id and p.turn = c.turn
), moment as (
  select id, block, known_from as moment from rough
  union
  select id, block, known_to as moment from rough where known_to < {OPEN}
), epoch as (
  select m.id as id, m.block as block, m.moment as recorded_from, lead(m.moment, 1, b.until) over (partition by m.id, m.block order by m.moment) as recorded_to,
    lead(m.moment) over (partition by m.id, m.block order by m.moment) is null as last, row_number() over (partition by m.id, m.block order by m.moment) as epoch
  from moment as m
  join bound as b on b.id = m.id and b.block = m.block
), known as (
  select e.epoch as epoch, e.recorded_from as recorded_from, e.recorded_to as recorded_to, e.last as last, f.id as id, f.block as block, f.value as value,
    f.value_before as value_before, f.valid_from as valid_from, f.source as source, f.record as record,
    lead(f.valid_from, 1, {OPEN}) over (partition by f.id, f.block, e.epoch order by f.turn) as valid_to,
    row_number() over (partition by f.id, f.block, e.epoch order by f.turn) as place
  from epoch as e
  join member as f on f.id = e.id and f.block = e.block and f.known_from <= e.recorded_from and f.known_to > e.recorded_from
), held as (
  select id, block, epoch, last, recorded_from, recorded_to, value, valid_from, valid_to, source, record from known where valid_from < valid_to
  union all
  select id, block, epoch, last, recorded_from, recorded_to, value_before, {START}, valid_from, source, record
  from known
  where place = 1 and value_before is not null and valid_from > {START}
), ended as (
  select id, block, epoch, value, valid_from, valid_to, source, record, recorded_from,
    case when last and valid_to < {OPEN} then {OPEN} else recorded_to end as recorded_to
  from held
), belief as (
  select *, epoch - row_number() over (partition by id, block, record, value, valid_from, valid_to order by epoch) as belief
  from ended
  where recorded_from < recorded_to
)"""
