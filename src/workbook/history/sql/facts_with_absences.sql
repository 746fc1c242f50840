-- one row is: one fact of a source of snapshots, or one id that was in a batch and not in the next
-- reads: facts
-- parameters:
--   facts (query): one row per row of the source
--   judged_batches (ctes): one row per batch of the CTE `facts`, and what is known of the next one
--   batch (word): the column that names a batch
--   type (type): the SQL type of the value
--   absent (text): what is added to the key of the last record that told of an id
--   more (columns): further columns of a fact `f`
--   open (expression): an end that has not come
-- abbreviations:
--   waits: (s.shrunk or s.next_goes_on)
-- A batch that lost more than half of the ids, or of which the next one is the rest, counts only
-- once the batch after it lacks the id as well.
with facts as (
{facts}
), {judged_batches}
newest_in_batch as (
  select *,
    row_number() over (partition by {batch}, id order by valid_from desc, _row desc) as turn
  from facts
  where trouble = ''
)
select * from facts
union all
select -f._row, f.record || {absent}, f.source, f.id, cast(null as {type}), cast(null as {type}),
  s.next_day, {open},
  case when {waits} then coalesce(s.recorded_later, s.day_later) else s.recorded end,
  cast('' as varchar){more}
from newest_in_batch as f
join judged_batches as s on s.batch = f.{batch}
where f.turn = 1 and s.next_batch is not null and not s.goes_on
  and not exists (
    select 1 from ids_of_batches as next_one
    where next_one.batch = s.next_batch and next_one.id = f.id
  )
  and (not {waits} or (s.batch_later is not null and not exists (
    select 1 from ids_of_batches as later where later.batch = s.batch_later and later.id = f.id
  )))
