-- one row is: one id that a request to be forgotten reached by the as-of day
-- reads: requests, links
-- parameters:
--   requests (query): row, moment and record of each request
--   links (query): for each row of the requests its id, and to how many ids it leads
select id, moment as erased_at, record, requests
from (
  select r.id as id, s.moment as moment, s.record as record,
    count(*) over (partition by r.id) as requests,
    row_number() over (partition by r.id order by s.moment, s.record, s._row) as turn
  from ({requests}) as s
  join (
{links}
  ) as r on r._row = s._row and r.ids = 1
) as reached
where turn = 1
