-- one row is: one customer that we or a dashboard count, both amounts, and why they differ
-- reads: theirs, known, ours
-- parameters:
--   theirs (table): what the dashboard shows
--   known (query): our ids, and what their ids are compared with
--   match (expression): whether `known` is behind an id of theirs
--   month (filter): which rows of theirs are of the month in question
--   ours (query): our ids, amounts, and amounts as written, before conversion
--   not_linked (text): the id under which theirs stand that are nobody of ours
-- `times` is how many rows of theirs one customer has, `records` how many ids.
-- Several ids of a customer are the cause only where each is counted as one; amounts of different
-- ids are added once each, and a difference in them is one of amount. Where theirs is what ours
-- would be without any conversion, that is the cause.
with theirs as (
  select coalesce(known.id, {not_linked}) as id, cast(sum(t.value) as decimal(38, 10)) as value,
    count(*) as times, count(distinct t.id) as records
  from {theirs} as t
  left join (
    {known}
  ) as known on {match}{month}
  group by coalesce(known.id, {not_linked})
), ours as (
  {ours}
), ours_and_theirs as (
  select coalesce(ours.id, theirs.id) as id, ours.id as our_id, theirs.id as their_id,
    coalesce(ours.value, 0) as ours, ours.written as written, coalesce(theirs.value, 0) as theirs,
    coalesce(theirs.times, 0) as times, coalesce(theirs.records, 0) as records
  from ours
  full outer join theirs on theirs.id = ours.id
)
select id, cast(ours as decimal(38, 10)) as ours, cast(theirs as decimal(38, 10)) as theirs,
  cast(theirs - ours as decimal(38, 10)) as difference, cast(times as bigint) as times,
  case when ours = theirs and our_id is not null and their_id is not null then 'same'
    when their_id is null then 'only ours'
    when id = {not_linked} then 'nobody of ours'
    when our_id is null then 'only theirs'
    when theirs = written then 'not converted'
    when times > records then 'counted more than once'
    when records > 1 and ours = 1 and theirs = records then 'several records of one'
    else 'different amount' end as cause
from ours_and_theirs
