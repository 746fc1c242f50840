-- one row is: one attribute: customers, those with a value, and how many sources contradict
-- reads: customers, choice, records, clusters
-- parameters:
--   field (text): the attribute, as entity.attribute
--   customers (table): the golden records
--   choice (table): the surviving values
--   records (table): the records
--   clusters (table): the customer of each record
--   stated (expression): whether a record states a value
--   erased (text): the rule of values that were taken away
--   differ (expression): of how many customers records differ in meaning
select cast({field} as varchar) as field, (select count(*) from {customers}) as customers,
  count(*) as filled,
  cast(coalesce(sum(case when candidates > 1 then 1 else 0 end), 0) as bigint) as several,
  (
    select count(*) from (
      select c.id as id
      from {records} as r
      join {clusters} as c on c.record = r._record
      join {choice} as d on d.id = c.id and d.rule <> {erased}
      where {stated}
      group by c.id
      having count(distinct r._system) = 1
    ) as alone
  ) as alone,
  cast(coalesce(sum(case when contested then 1 else 0 end), 0) as bigint) as typed,
  {differ} as differ
from {choice}
where rule <> {erased}
