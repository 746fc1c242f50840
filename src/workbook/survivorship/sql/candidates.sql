-- one row is: one record, or one exception, that has a value for an attribute
-- reads: records, clusters, conditions, changes, exceptions, own_values
-- parameters:
--   records (table): the records of the entity
--   clusters (table): the customer of each record
--   conditions (joins): the rows of sources whose turn has a condition
--   changes (joins): when values changed, where that decides
--   exceptions (joins): exceptions that give a record its turn
--   stated (expression): whether a record states the attribute, or one that belongs to it
--   value (expression): the value, NULL where the record states only what belongs to it
--   rank (expression): the turn of the record in the order of sources
--   too_old (expression): 1 where the value lost its turn by age
--   excepted (expression): 1 where an exception gives the record its turn
--   more (columns): what else decides
--   own_values (union): values that exceptions state themselves
select c.id as id, {value} as value, r._source as source, r._record as record,
  r._recorded as recorded, {rank} as rank, {too_old} as too_old, {excepted} as excepted{more}
from {records} as r
join {clusters} as c on c.record = r._record{conditions}{changes}{exceptions}
where {stated}{own_values}
