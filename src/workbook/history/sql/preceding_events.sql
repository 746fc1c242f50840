-- one row is: one kind of happening: how often it came before an event, and before the as-of day
--   of those whom the event has not met
-- reads: occurrences, happenings, peers, beginnings
-- parameters:
--   occurrences (query): id, moment and record of the event
--   peers (query): the ids of the comparison group
--   happenings (query): happening, id, moment and record of all that happened
--   beginnings (query): happening and the moment before which nothing of it could be recorded
--   kinds (expressions): rows of one happening each
--   days (number): the length of the window before the event
--   now (expression): the end of the as-of day
-- abbreviations:
--   window: interval '{days}' day
-- What happened in a window is what had happened until its end less what had happened until its
-- beginning: a running count over all moments of an id (`side` 1 and -1), so that every happening
-- is read once, however many windows it lies in.
with met as (
  select id, moment, record from ({occurrences}) as told where moment < {now}
), window_ends as (
  select id, moment, record, 1 as met from met
  union all
  select id, {now} as moment, id as record, 0 as met from ({peers}) as peers
), recorded_since as (
  {beginnings}
), happened as (
  select happening, id, record, moment from (
{happenings}
  ) as every_one
  where moment is not null and id in (select id from window_ends)
  group by happening, id, record, moment
), kinds as (
  select happening from (values {kinds}) as v(happening)
), marks as (
  select happening, id, moment, 1 as turn, 1 as one, cast(null as varchar) as record,
    cast(null as bigint) as met, cast(null as timestamp) as met_at, 0 as side
  from happened
  union all
  select k.happening, o.id, o.moment, 0, 0, o.record, o.met, o.moment, 1
  from window_ends as o
  cross join kinds as k
  union all
  select k.happening, o.id, o.moment - {window}, 0, 0, o.record, o.met, o.moment, -1
  from window_ends as o
  cross join kinds as k
), running_counts as (
  select *,
    sum(one) over (
      partition by happening, id order by moment, turn
      rows between unbounded preceding and current row
    ) as so_far
  from marks
), per_occurrence as (
  select happening, met, id, met_at, record, cast(sum(side * so_far) as bigint) as n
  from running_counts
  where side <> 0
  group by happening, met, id, met_at, record
)
select p.happening as happening, count(case when met = 1 then 1 end) as occurrences,
  count(case when met = 1 and n > 0 then 1 end) as met_any,
  median(case when met = 1 then n end) as met_median, count(case when met = 0 then 1 end) as peers,
  count(case when met = 0 and n > 0 then 1 end) as peers_any,
  median(case when met = 0 then n end) as peers_median
from per_occurrence as p
left join recorded_since as b on b.happening = p.happening
where b.since is null or p.met_at - {window} >= b.since
group by p.happening
