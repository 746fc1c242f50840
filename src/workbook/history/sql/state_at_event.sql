-- one row is: one occurrence of an event, with the value that held at its moment
-- reads: events, periods
-- parameters:
--   events (table): what happened to the entity
--   event (text): the event
--   periods (table): the periods of the value
--   value (word): the column of the value
--   not_begun_by_it (condition): that a period `h` is not the one that the event `e` itself starts
--   now (expression): the end of the as-of day
with occurrences as (
  select id, "at", record from {events}
  where event = {event} and "at" < {now}
), periods as (
  select id, {value} as value, valid_from, valid_to, is_current from {periods}
), nearest_periods as (
  select e.id as id, e."at" as "at", e.record as record, h.value as value,
    row_number() over (
      partition by e.id, e."at", e.record
      order by case when h.valid_to > e."at" then 0 else 1 end, h.valid_from desc
    ) as turn
  from occurrences as e
  left join periods as h on h.id = e.id and h.valid_from <= e."at"
    and h.valid_to >= e."at"{not_begun_by_it}
)
select n.id as id, n."at" as "at", n.record as record, n.value as value, t.value as value_now
from nearest_periods as n
left join periods as t on t.id = n.id and t.is_current
where n.turn = 1
