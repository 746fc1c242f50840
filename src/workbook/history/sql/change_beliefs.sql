-- one row is: one belief about one value that holds until the next one starts
-- reads: record_versions
-- parameters:
--   record_versions (ctes): each version of a record, when it was written and replaced
--   place (columns): the place of a change among those of its moment, where changes have one
--   now (expression): the end of the as-of day
--   open (expression): an end that has not come
--   start (expression): a beginning that nobody knows
-- abbreviations:
--   in_order: partition by id order by valid_from, known_from{place}, cast(value as varchar),
--     record, coalesce(cast(value_before as varchar), ''), known_to
--   in_epoch: partition by f.id, f.block, e.epoch order by f.turn
-- A calm fact is a block of its own and stays: it holds openly until the next block begins, and
-- from its own first moment on it ends the one before it. The last that was in force before any
-- other block is carried into it.
with {record_versions}
-- `settled` is when the last was learned of a fact
bounded_facts as (
  select id, value, value_before, valid_from, source, record{place}, written as known_from,
    case when replaced >= {now} then {open} else replaced end as known_to,
    case when replaced >= {now} then written else replaced + interval '1' second end as settled
  from record_versions
  where written < replaced and written < {now}
), neighbours as (
  select *, row_number() over ({in_order}) as turn,
    lag(known_to) over ({in_order}) as known_before,
    lag(value) over ({in_order}) as value_ended,
    lag(valid_from) over ({in_order}) as from_ended,
    lag(record) over ({in_order}) as record_ended,
    max(settled) over ({in_order} rows between unbounded preceding and 1 preceding
    ) as settled_before,
    min(known_from) over ({in_order} rows between 1 following and unbounded following
    ) as known_after
  from bounded_facts
), block_bounds as (
  select *, coalesce(known_after, {open}) as until,
    coalesce(settled_before <= least(known_from, coalesce(known_after, {open})), true) as begins
  from neighbours
), placed_facts as (
  select *,
    begins and greatest(settled, coalesce(settled_before, settled)) <= until
      and known_to = {open} and coalesce(known_before, {open}) = {open} as calm
  from block_bounds
),
-- from here to `islands` only what is not calm
unsettled_facts as (
  select id, value, value_before, valid_from, source, record, known_from, known_to, turn, until,
    sum(case when begins then 1 else 0 end) over (partition by id order by turn) as block
  from placed_facts
  where not calm
), blocks as (
  select id, block, min(turn) as first_turn, max(until) as until
  from unsettled_facts
  group by id, block
), carried_into_blocks as (
  select b.id as id, b.block as block, max(p.turn) as turn
  from blocks as b
  join placed_facts as p on p.id = b.id and p.turn < b.first_turn and p.known_to = {open}
  group by b.id, b.block
), facts_of_blocks as (
  select id, block, turn, value, value_before, valid_from, source, record, known_from, known_to
  from unsettled_facts
  union all
  select p.id, c.block, p.turn, p.value, null, p.valid_from, p.source, p.record, p.known_from,
    p.known_to
  from carried_into_blocks as c
  join placed_facts as p on p.id = c.id and p.turn = c.turn
), knowledge_moments as (
  select id, block, known_from as moment from unsettled_facts
  union
  select id, block, known_to as moment from unsettled_facts where known_to < {open}
), knowledge_epochs as (
  select m.id as id, m.block as block, m.moment as recorded_from,
    lead(m.moment, 1, b.until) over (partition by m.id, m.block order by m.moment) as recorded_to,
    lead(m.moment) over (partition by m.id, m.block order by m.moment) is null as last,
    row_number() over (partition by m.id, m.block order by m.moment) as epoch
  from knowledge_moments as m
  join blocks as b on b.id = m.id and b.block = m.block
), known_facts as (
  select e.epoch as epoch, e.recorded_from as recorded_from, e.recorded_to as recorded_to,
    e.last as last, f.id as id, f.block as block, f.value as value,
    f.value_before as value_before, f.valid_from as valid_from, f.source as source,
    f.record as record, lead(f.valid_from, 1, {open}) over ({in_epoch}) as valid_to,
    row_number() over ({in_epoch}) as place
  from knowledge_epochs as e
  join facts_of_blocks as f on f.id = e.id and f.block = e.block
    and f.known_from <= e.recorded_from and f.known_to > e.recorded_from
), valid_periods as (
  select id, block, epoch, last, recorded_from, recorded_to, value, valid_from, valid_to, source,
    record
  from known_facts
  where valid_from < valid_to
  union all
  select id, block, epoch, last, recorded_from, recorded_to, value_before, {start}, valid_from,
    source, record
  from known_facts
  where place = 1 and value_before is not null and valid_from > {start}
), bounded_periods as (
  select id, block, epoch, value, valid_from, valid_to, source, record, recorded_from,
    case when last and valid_to < {open} then {open} else recorded_to end as recorded_to
  from valid_periods
),
-- gaps and islands: epochs that follow one another and say the same share their `belief`
islands as (
  select *,
    epoch - row_number() over (
      partition by id, block, record, value, valid_from, valid_to order by epoch
    ) as belief
  from bounded_periods
  where recorded_from < recorded_to
)
select id, value, valid_from, {open} as valid_to, known_from as recorded_from,
  until as recorded_to, source, record
from placed_facts
where calm and known_from < until
union all
select id, value_ended, from_ended, valid_from, known_from, {open}, source, record_ended
from placed_facts
where calm and turn > 1 and from_ended < valid_from
union all
select id, value_before, {start}, valid_from, known_from, {open}, source, record
from placed_facts
where calm and turn = 1 and value_before is not null and valid_from > {start}
union all
select id, value, valid_from, valid_to, min(recorded_from), max(recorded_to), source, record
from islands
group by id, block, value, valid_from, valid_to, source, record, belief
