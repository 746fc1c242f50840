-- one row is: all requests to be forgotten: heeded, unclear, and what systems still hold
-- reads: requests, links, erased, held
-- parameters:
--   requests (query): row, moment and record of each request
--   links (query): for each row of the requests its id, and to how many ids it leads
--   erased (table): who is to be forgotten
--   held (query): for each id of how many attributes a system holds a value
select (select count(*) from ({requests}) as requests) as requests,
  (
    select count(*) from ({requests}) as s join ({links}) as r on r._row = s._row and r.ids > 1
  ) as unclear,
  count(*) as reached,
  cast(coalesce(sum(case when held > 0 then 1 else 0 end), 0) as bigint) as still,
  cast(coalesce(sum(held), 0) as bigint) as personal
from (
  select e.id as id, coalesce(p.held, 0) as held
  from {erased} as e
  left join ({held}) as p on p.id = e.id
) as asked
