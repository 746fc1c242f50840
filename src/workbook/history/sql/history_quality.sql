-- one row is: one kept value: ids, periods, changes, gaps, and facts late, out of order or lost
-- reads: history, facts, overruled
-- parameters:
--   name (text): the value, as entity.attribute
--   history (table): its periods
--   facts (table): its facts
--   overruled (query): how many records hold at no moment because others do
--   missing (expression): how many facts are missing between two others
--   told_of (expression): the moment of a fact that its source could have told at once
--   since (expression): the first day known, on the clock of the business
--   newest (expression): the newest moment, on the clock of the business
with periods as (
  select id, value, valid_from, valid_to, is_current,
    lag(value) over (partition by id order by valid_from) as value_before,
    lag(valid_to) over (partition by id order by valid_from) as ended_before
  from {history}
), held as (
  select count(distinct id) as ids, count(*) as intervals,
    count(distinct case when ended_before is not null and value is distinct from value_before
      then id end) as changed,
    {since} as since, count(distinct case when is_current then id end) as open_ids,
    count(case when ended_before < valid_from then 1 end) as apart
  from periods
), dated_facts as (
  select id, recorded, {told_of} as moment, trouble, record from {facts}
), facts_in_order as (
  select recorded,
    min(recorded) over (
      partition by id order by moment desc, record
      rows between unbounded preceding and 1 preceding
    ) as told_before
  from dated_facts
  where trouble = '' and moment is not null
), told as (
  select count(*) as facts, count(case when trouble <> '' then 1 end) + ({overruled}) as lost,
    count(case when trouble = '' and recorded is not null then 1 end) as dated,
    count(case when trouble = '' and recorded > moment + interval '1' day then 1 end) as late,
    (select count(*) from facts_in_order where told_before < recorded) as out_of_order,
    {newest} as newest
  from dated_facts
)
select {name} as name, held.*, told.*, cast({missing} as bigint) as holes
from held
cross join told
