-- one row is: one account in one period in which it has or had something, and its change's name
-- reads: rows, months, rates
-- parameters:
--   rows (query): what is in force at each month's end: month, who, amount and currency
--   months (table): the months
--   period (expression): the first day of the period in which a month lies
--   every (word): what a period is called
--   reach (number): how many months lie between a period's end and what it is compared with
--   amount (word): the column of the amount
--   currency (expression): the currency of a row of `kept`
--   by_currency (columns): that currency, where rows have several
--   type (type): of an amount before it is converted
--   exact (type): of an amount in the reporting currency
--   rates (joins): the rate of a currency in a period's last month
--   opening (expression): the opening of `paired` in the reporting currency
--   closing (expression): its closing in the reporting currency
-- abbreviations:
--   length: interval '{reach}' month
-- Both sides of a period are converted at the rates of its last month, so that a change of rates
-- moves nobody.
with kept as (
{rows}
), periods as (
  select {period} as period, max(month) as month
  from {months}
  group by {period}
), levels as (
  select periods.period as period, kept.who as who, {currency} as currency,
    cast(sum(kept.{amount}) as {type}) as level
  from kept
  join periods on periods.month = kept.month
  group by periods.period, kept.who{by_currency}
), newest as (
  select max(period) as period from periods
), paired as (
  select period, who, currency, cast(0 as {type}) as opening, level as closing from levels
  union all
  select cast(levels.period + {length} as date) as period, levels.who as who,
    levels.currency as currency, levels.level as opening, cast(0 as {type}) as closing
  from levels
  cross join newest
  where levels.period + {length} <= newest.period
), converted as (
  select paired.period as period, paired.who as who, {opening} as opening, {closing} as closing
  from paired
  join periods on periods.period = paired.period{rates}
), accounts as (
  select period, who, cast(coalesce(sum(opening), 0) as {exact}) as opening,
    cast(coalesce(sum(closing), 0) as {exact}) as closing
  from converted
  group by period, who
), first_periods as (
  select who, min(period) as period from levels where level <> 0 group by who
)
select accounts.period as {every}, accounts.who as id, accounts.opening as opening,
  accounts.closing as closing,
  cast(accounts.closing - accounts.opening as {exact}) as change,
  case when accounts.opening = 0 and first_periods.period + {length} <= accounts.period
      then 'reactivated'
    when accounts.opening = 0 then 'new'
    when accounts.closing = 0 then 'churned'
    when accounts.closing > accounts.opening then 'expansion'
    when accounts.closing < accounts.opening then 'contraction'
    else 'unchanged' end as kind
from accounts
left join first_periods on first_periods.who = accounts.who
where accounts.opening <> 0 or accounts.closing <> 0
