-- one row is: one batch of snapshots, the next one and the one after it
-- reads: facts
-- parameters:
--   facts (rows): one row per row of the source that is a fact
--   batch (word): the column that names a batch
--   parts (expression): in how many parts of a batch it has rows
--   goes_on (expression): whether one load runs from this batch into the next
--   few (number): ids of a batch so small that it says nothing of whom it lacks
-- abbreviations:
--   in_order: order by day, batch
-- `ids_of_batches` is one row per batch and id. `kept` is how many of the `ids` of a batch are in
-- the next one as well; `goes_on` says that one load runs over the end of the day (or hour);
-- `shrunk` that the next batch lost more than half of the ids.
ids_of_batches as (
  select distinct {batch} as batch, id from {facts} where trouble = ''
), batches as (
  select {batch} as batch, min(valid_from) as day, min(recorded) as recorded,
    count(distinct id) as ids, max(valid_from) as last_row, {parts} as parts
  from {facts}
  where trouble = ''
  group by {batch}
), following_batches as (
  select batch, day, ids, last_row, parts, lead(parts) over ({in_order}) as next_parts,
    lead(batch) over ({in_order}) as next_batch, lead(day) over ({in_order}) as next_day,
    lead(recorded) over ({in_order}) as recorded,
    lead(batch, 2) over ({in_order}) as batch_later, lead(day, 2) over ({in_order}) as day_later,
    lead(recorded, 2) over ({in_order}) as recorded_later
  from batches
), retained_ids as (
  select f.batch as batch, count(*) as kept
  from following_batches as f
  join ids_of_batches as s on s.batch = f.batch
  join ids_of_batches as n on n.batch = f.next_batch and n.id = s.id
  group by f.batch
), running_loads as (
  select f.*, coalesce({goes_on}, false) as goes_on from following_batches as f
), adjacent_loads as (
  select r.*, lead(goes_on, 1, false) over ({in_order}) as next_goes_on from running_loads as r
), judged_batches as (
  select b.*, coalesce(k.kept, 0) as kept,
    b.next_batch is not null and not b.goes_on and not b.next_goes_on
      and b.ids >= {few} and coalesce(k.kept, 0) * 2 < b.ids as shrunk
  from adjacent_loads as b
  left join retained_ids as k on k.batch = b.batch
)
