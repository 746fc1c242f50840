-- one row is: one period: its opening, what moved it, its closing, and how many moved
-- reads: months, accounts
-- parameters:
--   months (table): the months
--   accounts (table): one row per account and period, with the name of its change
--   period (expression): the first day of the period in which a month lies
--   every (word): what a period is called
--   back (number): how many periods before the opening was the closing
--   known (expression): whether an account is one; rows of nobody known are none
--   exact (type): of an amount in the reporting currency
-- `revaluation` is what the rates alone changed between that closing and this opening.
with periods as (
  select {period} as {every}
  from {months}
  group by {period}
), moved as (
  select {every}, sum(opening) as opening, sum(closing) as closing,
    sum(cast(case when opening <> 0 and {known} then 1 else 0 end as bigint)) as opening_count,
    sum(cast(case when closing <> 0 and {known} then 1 else 0 end as bigint)) as closing_count,
    cast(coalesce(sum(case when kind = 'new' then change end), 0) as {exact}) as new,
    sum(cast(case when kind = 'new' and {known} then 1 else 0 end as bigint)) as new_count,
    cast(coalesce(sum(case when kind = 'expansion' then change end), 0) as {exact}) as expansion,
    sum(cast(case when kind = 'expansion' and {known} then 1 else 0 end
      as bigint)) as expansion_count,
    cast(coalesce(sum(case when kind = 'contraction' then change end), 0) as {exact}
    ) as contraction,
    sum(cast(case when kind = 'contraction' and {known} then 1 else 0 end
      as bigint)) as contraction_count,
    cast(coalesce(sum(case when kind = 'churned' then change end), 0) as {exact}) as churned,
    sum(cast(case when kind = 'churned' and {known} then 1 else 0 end as bigint)) as churned_count,
    cast(coalesce(sum(case when kind = 'reactivated' then change end), 0) as {exact}
    ) as reactivated,
    sum(cast(case when kind = 'reactivated' and {known} then 1 else 0 end
      as bigint)) as reactivated_count
  from {accounts}
  group by {every}
), all_periods as (
  select periods.{every} as {every}, cast(coalesce(moved.opening, 0) as {exact}) as opening,
    cast(coalesce(moved.opening_count, 0) as bigint) as opening_count,
    cast(coalesce(moved.closing_count, 0) as bigint) as closing_count,
    cast(coalesce(moved.new, 0) as {exact}) as new,
    cast(coalesce(moved.new_count, 0) as bigint) as new_count,
    cast(coalesce(moved.expansion, 0) as {exact}) as expansion,
    cast(coalesce(moved.expansion_count, 0) as bigint) as expansion_count,
    cast(coalesce(moved.contraction, 0) as {exact}) as contraction,
    cast(coalesce(moved.contraction_count, 0) as bigint) as contraction_count,
    cast(coalesce(moved.churned, 0) as {exact}) as churned,
    cast(coalesce(moved.churned_count, 0) as bigint) as churned_count,
    cast(coalesce(moved.reactivated, 0) as {exact}) as reactivated,
    cast(coalesce(moved.reactivated_count, 0) as bigint) as reactivated_count,
    cast(coalesce(moved.closing, 0) as {exact}) as closing
  from periods
  left join moved on moved.{every} = periods.{every}
)
select {every}, opening, opening_count, new, new_count, expansion, expansion_count, contraction,
  contraction_count, churned, churned_count, reactivated, reactivated_count, closing, closing_count,
  cast(
    opening - coalesce(lag(closing, {back}) over (order by {every}), 0) as {exact}
  ) as revaluation
from all_periods
