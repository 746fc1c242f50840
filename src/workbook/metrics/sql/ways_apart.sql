-- one row is: one currency and reason, with the days on which a way by a third currency is apart
-- reads: ways
-- parameters:
--   ways (rows): one row per currency, day and way to the reporting currency
--   home (text): the reporting currency
--   apart (number): how far two rates of one day may be apart, as a share of the lesser
-- `direct`: apart from the rate that is given; `ways`: from another such way, and none is given.
select currency as base, {home} as quote,
  case when given > 0 then 'direct' else 'ways' end as doubt, count(*) as rates
from (
  select currency, day, sum(case when via = '' then 1 else 0 end) as given,
    sum(case when via = '' then 0 else 1 end) as crossed, min(worth) as least_worth,
    max(worth) as greatest_worth
  from {ways}
  group by currency, day
) as days
where crossed > 0 and greatest_worth > least_worth * (1 + {apart})
group by currency, case when given > 0 then 'direct' else 'ways' end
