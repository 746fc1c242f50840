-- one row is: one period with the value of the rows whose valid time begins in it
-- reads: periods, rows
-- parameters:
--   periods (table): the periods
--   grain (word): what a period is called
--   rows (table): the rows that count
--   period_of_row (expression): the first day of the period in which a row begins
--   aggregate (expression): the measure over the rows
--   value (expression): the value of a period, whose rows are `counted`
-- Periods without a row are listed from the first row on; rows without a date keep a row without a
-- period.
select listed.{grain} as {grain}, {value} as exact,
  coalesce(counted.rows_counted, 0) as rows_counted
from (
  select periods.{grain} as {grain}
  from {periods} as periods
  cross join (select min(starts) as since from {rows}) as earliest
  where periods.ends > earliest.since
  union
  select {period_of_row} as {grain} from {rows}
) as listed
left join (
  select {period_of_row} as {grain}, {aggregate} as exact, count(*) as rows_counted
  from {rows}
  group by {period_of_row}
) as counted on counted.{grain} is not distinct from listed.{grain}
