-- one row is: one customer with a value for an attribute: the surviving value and its source
-- reads: candidates, erased
-- parameters:
--   candidates (query): every value that could survive, one row per record that has one
--   typed (expression): the text by which values are compared as they were typed
--   weights (columns): how often each value is given, where that decides
--   order (expressions): what comes first
--   counted (expression): what of a candidate is counted
--   erased (joins): who asked to be forgotten, where the value is to be
--   value (expression): the value unless it is to be forgotten
--   rule (expression): the rule by which it survives
--   has_value (condition): that the record in the first place gives this attribute
with candidates as (
{candidates}
), typed_candidates as (
  select *, {typed} as typed{weights} from candidates
), ranked as (
  select *, row_number() over (partition by id order by {order}) as turn,
    count({counted}) over (partition by id) as candidates,
    min(typed) over (partition by id) as least, max(typed) over (partition by id) as most
  from typed_candidates
)
select ranked.id as id, {value} as value, ranked.source as source, ranked.record as record,
  ranked.recorded as recorded, {rule} as rule, ranked.candidates as candidates,
  ranked.least <> ranked.most as contested
from ranked{erased}
where ranked.turn = 1{has_value}
