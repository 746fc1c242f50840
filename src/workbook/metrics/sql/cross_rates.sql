-- one row is: one currency and day with a way by a third currency
-- reads: conversion_ways
-- parameters:
--   conversion_ways (ctes): one row per currency, day and way to the reporting currency
--   apart (number): how far two rates of one day may be apart, as a share of the lesser
--   least (number): a rate at or below this is no rate
--   most (number): nor is one at or above this
--   rate (type): of a rate
-- `rate` is NULL where ways of that day are apart. Of several ways that agree the one with the
-- fewest rates turned round is taken, then the first by name.
{conversion_ways}
cross_rates as (
  select currency, moment,
    case when greatest_worth <= least_worth * (1 + {apart}) and worth > {least} and worth < {most}
      then cast(worth as {rate}) end as rate,
    via, differs as contested
  from (
    select currency, moment, via, worth,
      min(worth) over (partition by currency, day) as least_worth,
      max(worth) over (partition by currency, day) as greatest_worth,
      min(worth) over (partition by currency, day, via, turned)
        < max(worth) over (partition by currency, day, via, turned) as differs,
      row_number() over (
        partition by currency, day order by turned, via, moment desc, _row desc, second_row desc
      ) as turn
    from conversion_ways
    where via <> ''
  ) as crossed
  where turn = 1
)
