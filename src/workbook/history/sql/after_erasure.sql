-- one row is: one thing that belongs to whoever asked to be forgotten, and how much came later
-- reads: records, erased
-- parameters:
--   records (query): thing, id, record, moment, and since when its id is to be forgotten
--   answers (expression): whether a thing is an answer about permission
--   erased (table): who is to be forgotten
with records as (
{records}
), later_answers as (
  select id, min(moment) as since from records where moment > erased_at and {answers} group by id
)
select t.thing as thing, count(distinct t.record) as held,
  count(distinct case when t.moment > t.erased_at then t.record end) as rows,
  count(distinct case when t.moment > t.erased_at and (b.since is null or t.moment < b.since)
    then t.record end) as unanswered,
  (select count(*) from {erased}) as asked, (select count(*) from later_answers) as returned
from records as t
left join later_answers as b on b.id = t.id
group by t.thing
order by t.thing
