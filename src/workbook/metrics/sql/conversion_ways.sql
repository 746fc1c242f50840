-- one row is: one currency, day and way to the reporting currency
-- reads: pairs
-- parameters:
--   pairs (rows): every rate: base, quote, moment, rate, _row
--   home (text): the reporting currency
-- A leg is a rate (`up` units for `down`) or one that is turned round. `via` is the currency
-- between, '' for a direct rate; `worth` is a double, of 15 digits.
legs as (
  select base as one, quote as other, cast(moment as date) as day, moment,
    cast(rate as double) as up, cast(1 as double) as down, 0 as turned, _row
  from {pairs}
  where base <> quote
  union all
  select quote as one, base as other, cast(moment as date) as day, moment,
    cast(1 as double) as up, cast(rate as double) as down, 1 as turned, _row
  from {pairs}
  where base <> quote
), conversion_ways as (
  select one as currency, '' as via, day, moment, up / down as worth, turned, _row,
    _row as second_row
  from legs
  where other = {home}
  union all
  select here.one as currency, here.other as via, here.day as day,
    greatest(here.moment, there.moment) as moment,
    (here.up * there.up) / (here.down * there.down) as worth,
    here.turned + there.turned as turned, here._row as _row, there._row as second_row
  from legs as here
  join legs as there on there.one = here.other and there.day = here.day
  where there.other = {home} and here.one <> {home} and here.other <> {home}
)
