-- one row is: one pair of currencies and reason to doubt its rates, with their number
-- reads: pairs, ways_apart
-- parameters:
--   pairs (query): every rate: base, quote, moment, rate, _row
--   conversion_ways (ctes): ways to the reporting currency, where pairs may be of two others
--   ways_apart (union): the doubts about these
--   apart (number): how far two rates of one day may be apart, as a share of the lesser
--   jump (number): a change to the next rate that needs a reason
--   soon (number): days between two rates of which one may be the other turned round
--   far (number): how many times the median, or what part of it, is far
with pairs as (
{pairs}
), {conversion_ways}
neighbouring_rates as (
  select base, quote, moment, cast(rate as double) as rate,
    median(cast(rate as double)) over (partition by base, quote) as middle,
    count(*) over (partition by base, quote) as rates,
    lag(cast(rate as double)) over (partition by base, quote order by moment, _row) as before,
    lag(moment) over (partition by base, quote order by moment, _row) as moment_before
  from pairs
), doubts as (
  select base, quote, 'itself' as doubt from neighbouring_rates where base = quote and rate <> 1
  union all
  select one.base, one.quote, 'both'
  from neighbouring_rates as one
  join neighbouring_rates as other on other.base = one.quote and other.quote = one.base
    and other.moment = one.moment and one.base < one.quote
  where one.rate * other.rate < 1 - {apart} or one.rate * other.rate > 1 + {apart}
  union all
  select base, quote, 'turned'
  from neighbouring_rates
  where base <> quote and rate * before between 1 - {apart} and 1 + {apart}
    and (rate / before > {jump} or before / rate > {jump})
    and moment < moment_before + interval '{soon}' day
  union all
  select base, quote, 'far'
  from neighbouring_rates
  where base <> quote and rates >= 3 and (rate > middle * {far} or rate * {far} < middle)
)
select base, quote, doubt, count(*) as rates
from doubts
group by base, quote, doubt{ways_apart}
