-- one row is: one month end: ids known now, unknown then, withdrawn, and believed otherwise
-- reads: beliefs
-- parameters:
--   beliefs (table): everything that was ever believed about the value
--   months (expressions): rows of a month's last day and the instant after it
--   open (expression): an end that has not come
--   start (expression): a beginning that nobody knows
with months as (
  select * from (values
    {months}
  ) as v(day, ends)
), held_at_month_ends as (
  select m.day as day, m.ends as ends, h.id as id, h.value as value, h.valid_from as valid_from,
    h.recorded_from as recorded_from, h.recorded_to as recorded_to
  from months as m
  join {beliefs} as h on h.valid_from < m.ends and h.valid_to >= m.ends
), known_now as (
  select day, id, value, valid_from from held_at_month_ends where recorded_to = {open}
), known_then as (
  select day, id, value from held_at_month_ends where recorded_from < ends and recorded_to >= ends
), now_and_then as (
  select coalesce(t.day, b.day) as day, t.id as id_now, b.id as id_then, t.value as value_now,
    b.value as value_then, t.valid_from as valid_from
  from known_now as t
  full join known_then as b on b.day = t.day and b.id = t.id
)
select m.day as day, count(p.id_now) as known_now,
  count(case when p.id_then is null and p.valid_from > {start} then p.id_now end) as unknown_then,
  count(case when p.id_now is null then p.id_then end) as withdrawn,
  count(case when p.id_now is not null and p.id_then is not null
    and p.value_now is distinct from p.value_then then 1 end) as otherwise
from months as m
left join now_and_then as p on p.day = m.day
group by m.day
order by m.day
