-- one row is: the last rate of one currency on or before one month's end
-- reads: pairs, crossed, months
-- parameters:
--   pairs (query): every rate: base, quote, moment, rate, _row
--   cross_rates (ctes): rates by way of a third currency, where pairs may be of two others
--   crossed (union): these, as rates that have their turn after those that are given
--   home (text): the reporting currency
--   months (table): the months
--   rate (type): of a rate
--   smallest (number): what is turned round must be above this
--   old (number): a rate so many days before the end of the last day of its use is old
-- A rate from the reporting currency is turned round, and counts only where none leads to it. Of
-- several rates of one moment and direction the last row counts, and `contested` says they differ.
with pairs as (
  {pairs}
), {cross_rates}
given_rates as (
  select currency, moment, rate, turned, _row, cast('' as varchar) as via,
    min(rate) over (partition by currency, moment, turned)
      < max(rate) over (partition by currency, moment, turned) as contested
  from (
    select base as currency, moment, cast(rate as {rate}) as rate, 0 as turned, _row
    from pairs
    where quote = {home} and base <> {home}
    union all
    select quote as currency, moment,
      cast(cast(1 as double) / cast(rate as double) as {rate}) as rate, 1 as turned, _row
    from pairs
    where base = {home} and quote <> {home} and rate > {smallest}
  ) as given{crossed}
), ranked_rates as (
  select t.month as month, known.currency as currency, known.rate as rate,
    cast(known.moment as date) as rated_on, known.moment < t.ends - interval {old} day as is_old,
    known.contested as contested, known.via as via,
    row_number() over (
      partition by t.month, known.currency
      order by case when known.turned = 2 then 1 else 0 end, known.moment desc, known.turned,
        known._row desc
    ) as turn
  from given_rates as known
  join {months} as t on known.moment < t.ends
)
select month, currency, rate, rated_on, is_old, contested, via
from ranked_rates
where turn = 1 and rate is not null
