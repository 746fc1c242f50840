-- one row is: one belief about one value that holds for a period
-- reads: record_versions
-- parameters:
--   record_versions (ctes): each version of a record, when it was written and replaced
--   now (expression): the end of the as-of day
--   open (expression): an end that has not come
-- abbreviations:
--   in_order: partition by id order by valid_from, known_from, written, record, version, valid_to,
--     cast(value as varchar), replaced, told
-- A source of periods overwrites its rows and tells only when it last did. So the start of a period
-- counts as known since it began, and its end since the row was written. A period that overlaps no
-- other is a block of its own, and alone.
-- Numbers stand for blocks, for epochs, for facts in the order in which they win (`turn`), and for
-- statements (`said`): they are joined and sorted at a fraction of the cost of their texts.
with {record_versions}
timed_versions as (
  select *, case when version = 1 then least(valid_from, written) else written end as known_from,
    case when replaced < {open} then replaced + interval '1' second else written end as settled,
    case when replaced = {open} then valid_to end as runs_to
  from record_versions
), neighbours as (
  select *,
    max(settled) over ({in_order} rows between unbounded preceding and 1 preceding
    ) as settled_before,
    max(runs_to) over ({in_order} rows between unbounded preceding and 1 preceding) as runs_before,
    min(known_from) over ({in_order} rows between 1 following and unbounded following
    ) as known_after,
    lead(valid_from, 1, {open}) over ({in_order}) as next_from,
    row_number() over ({in_order}) as turn
  from timed_versions
), block_bounds as (
  select *,
    coalesce(
      settled_before <= least(known_from, coalesce(known_after, {open}))
        and coalesce(runs_before <= valid_from, true),
      true
    ) as begins,
    greatest(settled, coalesce(settled_before, settled)) <= coalesce(known_after, {open})
      and coalesce(
        greatest(coalesce(runs_before, runs_to), coalesce(runs_to, runs_before)) <= next_from,
        true
      ) as ends
  from neighbours
), placed_versions as (
  select *, begins and ends as alone from block_bounds
),
-- of a version what is known at first, and what is known once its end was written
knowledge_phases as (
  select id, turn, alone, value, valid_from, valid_to, source, record, told,
    case when version = 1 and valid_to = {open} then known_from else written end as known_from,
    replaced as known_to
  from placed_versions
  union all
  select id, turn, alone, value, valid_from, {open}, source, record, told, known_from, written
  from placed_versions
  where version = 1 and valid_to < {open}
), bounded_facts as (
  select id, turn, alone, value, valid_from, valid_to, source, record, told, known_from,
    case when known_to >= {now} then {open} else known_to end as known_to
  from knowledge_phases
  where known_from < known_to and known_from < {now}
),
-- from here to `beliefs` only what overlaps something
blocks as (
  select id, turn,
    sum(case when begins then 1 else 0 end) over (partition by id order by turn) as block
  from placed_versions
  where not alone
), numbered_blocks as (
  select id, turn, dense_rank() over (order by id, block) as block from blocks
), overlapping_facts as (
  select n.block as block, f.id as id, f.value as value, f.valid_from as valid_from,
    f.valid_to as valid_to, f.source as source, f.record as record, f.known_from as known_from,
    f.known_to as known_to, dense_rank() over (order by n.block, f.record, f.value) as said,
    row_number() over (order by n.block, f.valid_from desc, f.valid_to, f.told desc,
      cast(f.value as varchar) desc, f.record, f.known_from, f.known_to, f.turn
    ) as turn
  from bounded_facts as f
  join numbered_blocks as n on n.id = f.id and n.turn = f.turn
), knowledge_moments as (
  select block, known_from as moment from overlapping_facts
  union
  select block, known_to as moment from overlapping_facts where known_to < {open}
), knowledge_epochs as (
  select block, moment as recorded_from,
    lead(moment, 1, {open}) over (partition by block order by moment) as recorded_to,
    row_number() over (order by block, moment) as epoch
  from knowledge_moments
), known_facts as (
  select e.epoch as epoch, f.turn as turn, f.valid_from as valid_from, f.valid_to as valid_to
  from knowledge_epochs as e
  join overlapping_facts as f on f.block = e.block and f.known_from <= e.recorded_from
    and f.known_to > e.recorded_from
), valid_time_bounds as (
  select epoch, valid_from as moment from known_facts
  union
  select epoch, valid_to as moment from known_facts
), valid_time_slices as (
  select epoch, moment as starts, lead(moment) over (partition by epoch order by moment) as ends
  from valid_time_bounds
), winning_fact_per_slice as (
  select c.epoch as epoch, c.starts as starts, c.ends as ends, min(k.turn) as turn
  from valid_time_slices as c
  join known_facts as k on k.epoch = c.epoch and k.valid_from <= c.starts and k.valid_to >= c.ends
  group by c.epoch, c.starts, c.ends
), adjacent_slices as (
  select c.epoch as epoch, c.starts as starts, f.said as said,
    lag(f.said) over (partition by c.epoch order by c.starts) as said_before,
    lag(c.ends) over (partition by c.epoch order by c.starts) as ended_before,
    max(c.ends) over (partition by c.epoch) as last_end
  from winning_fact_per_slice as c
  join overlapping_facts as f on f.turn = c.turn
), valid_periods as (
  select epoch, said, starts as valid_from,
    lead(ended_before, 1, last_end) over (partition by epoch order by starts) as valid_to
  from adjacent_slices
  where said_before is null or said_before <> said or ended_before <> starts
),
-- gaps and islands: epochs that follow one another and say the same share their `run`
islands as (
  select said, valid_from, valid_to, epoch,
    epoch - row_number() over (partition by said, valid_from, valid_to order by epoch) as run
  from valid_periods
), beliefs as (
  select r.said as said, r.valid_from as valid_from, r.valid_to as valid_to,
    min(e.recorded_from) as recorded_from, max(e.recorded_to) as recorded_to
  from islands as r
  join knowledge_epochs as e on e.epoch = r.epoch
  group by r.said, r.valid_from, r.valid_to, r.run
), statements as (
  select said, min(id) as id, min(value) as value, min(source) as source, min(record) as record
  from overlapping_facts
  group by said
)
select id, value, valid_from, valid_to, known_from as recorded_from, known_to as recorded_to,
  source, record
from bounded_facts
where alone
union all
select s.id, s.value, b.valid_from, b.valid_to, b.recorded_from, b.recorded_to, s.source, s.record
from beliefs as b
join statements as s on s.said = b.said
