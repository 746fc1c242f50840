-- one row is: one period with the value at its end
-- reads: periods, rows
-- parameters:
--   periods (table): the periods
--   grain (word): what a period is called
--   rows (query): what is in force at each period's end
--   aggregate (expression): the measure over these rows
--   value (expression): the value of a period, whose rows are `counted`
--   unrated (columns): how many rows have no exchange rate, of the period
--   count_unrated (columns): the same, counted over the rows
select listed.{grain} as {grain}, {value} as exact,
  coalesce(counted.rows_counted, 0) as rows_counted{unrated}
from {periods} as listed
left join (
  select {grain}, {aggregate} as exact, count(*) as rows_counted{count_unrated}
  from (
{rows}
  ) as kept
  group by {grain}
) as counted on counted.{grain} = listed.{grain}
