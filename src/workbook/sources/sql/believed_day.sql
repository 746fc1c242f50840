-- one row is: the newest day that is believed
-- reads: days
-- parameters:
--   days (table): one row per source and day on which it holds facts, with their number
--   far (number): days between a date and all earlier ones, beyond which a few rows set no day
--   few (number): a few rows are one of this many
--   enough (number): rows of a source, below which nothing can be told of them
-- A few rows of a source that lie far after all its others are not believed, and a source of fewer
-- rows than are enough is not believed beyond that time after all larger ones.
with days_in_order as (
  select source, day, lead(day) over (partition by source order by day) as following,
    sum(facts) over (partition by source order by day desc) - facts as later,
    sum(facts) over (partition by source) as every
  from {days}
), newest_by_source as (
  select source, max(every) as every,
    coalesce(
      min(case when every >= {enough} and later > 0 and (later = 1 or later * {few} <= every)
        and date_diff('day', day, following) > {far} then day end),
      max(day)
    ) as day
  from days_in_order
  group by source
), newest_of_large as (
  select max(case when every >= {enough} then day end) as day from newest_by_source
), believed as (
  select max(ends.day) as day
  from newest_by_source as ends
  cross join newest_of_large as large
  where large.day is null or ends.every >= {enough}
    or date_diff('day', large.day, ends.day) <= {far}
)
select day from believed
