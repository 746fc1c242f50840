-- one row is: one occurrence of an event by the as-of day
-- reads: rows, links
-- parameters:
--   event (text): the event
--   source (text): the source of its rows
--   rows (rows): the rows of the source
--   links (query): for each row its id, and to how many ids it leads
--   moment (expression): when it happened, NULL where it has not
--   recorded (expression): when that was learned
--   day_only (word): whether the moment is a day without a time: true, false
--   where (filter): which rows of the source count
--   turn (expression): the turn of a row among those that tell of one occurrence
--   counted (filter): which rows have a turn
--   now (expression): the end of the as-of day
select id, cast({event} as varchar) as event, moment as "at", recorded,
  cast({source} as varchar) as source, record, {day_only} as day_only
from (
  select r.id as id, s.moment as moment, s.recorded as recorded, s.record as record,
    {turn} as turn
  from (
    select _row, _record as record, {moment} as moment, {recorded} as recorded
    from {rows} as occurred{where}
  ) as s
  join (
{links}
  ) as r on r._row = s._row and r.ids = 1{counted}
) as happened
where moment is not null and turn = 1 and coalesce(recorded, moment) < {now}
