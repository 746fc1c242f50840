-- one row is: one attribute and pair of systems: customers with a value in both, that share none
-- reads: choice, records, clusters, spellings
-- parameters:
--   field (text): the attribute, as entity.attribute
--   choice (table): the surviving values
--   records (table): the records
--   clusters (table): the customer of each record
--   spellings (joins): the key of each spelling, where values are compared by one
--   stated (expression): whether a record states a value
--   erased (text): the rule of values that were taken away
--   typed (expression): the text by which values are compared as they were typed
--   meant (expression): the key by which they are compared in meaning
select * from (
with stated_values as (
  select distinct c.id as id, r._system as system, {typed} as typed, {meant} as meant
  from {records} as r
  join {clusters} as c on c.record = r._record
  join {choice} as d on d.id = c.id and d.rule <> {erased}{spellings}
  where {stated}
), system_pairs as (
  select a.id as id, a.system as one, b.system as other,
    max(case when a.typed = b.typed then 1 else 0 end) as typed,
    max(case when a.typed = b.typed or a.meant = b.meant then 1 else 0 end) as meant
  from stated_values as a
  join stated_values as b on b.id = a.id and a.system < b.system
  group by a.id, a.system, b.system
)
select cast({field} as varchar) as field, one, other, count(*) as both_hold,
  cast(sum(1 - typed) as bigint) as typed, cast(sum(1 - meant) as bigint) as differ
from system_pairs
group by one, other
) as pairs
