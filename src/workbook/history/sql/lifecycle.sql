-- one row is: one stay of one id in one state, up to the as-of day
-- reads: events
-- parameters:
--   events (table): what happened to the entity
--   states (expressions): rows of a state, the event that starts it, and its place in the model
--   local_time (expression): the time of an event `e` on the clock of the business
--   day_starts (expression): the instant at which the column `day` begins
--   allowed (expression): whether a move from `state` to `new_state` is in the model
--   now (expression): the end of the as-of day
--   open (expression): an end that has not come
-- On a day on which one event has no time, or two the same, the order is that of the model: each
-- starts one second after the other.
with starting_events as (
  select state, event, place from (values
    {states}
  ) as v(state, event, place)
), started_states as (
  select e.id as id, b.state as state, b.place as place, e."at" as moment,
    date_trunc('day', {local_time}) as day, e.record as record,
    case when e.day_only then 1 else 0 end as day_only,
    count(*) over (partition by e.id, e."at") as together
  from {events} as e
  join starting_events as b on b.event = e.event
  where e."at" < {now}
), days_without_order as (
  select *,
    max(case when day_only = 1 or together > 1 then 1 else 0 end) over (partition by id, day
    ) as by_place
  from started_states
), ordered_states as (
  select id, state, record,
    case when by_place = 0 then moment
      else {day_starts} + interval '1' second * (
        row_number() over (partition by id, day order by place, moment, record) - 1
      ) end as valid_from
  from days_without_order
), transitions as (
  select id, state as new_state, record, valid_from,
    lag(state) over (partition by id order by valid_from, record) as state
  from ordered_states
), moves as (
  select id, new_state, state, record, valid_from, state is null or {allowed} as valid_move
  from transitions
  where state is null or state <> new_state
)
select id, new_state as state, valid_from,
  lead(valid_from, 1, {open}) over (partition by id order by valid_from) as valid_to,
  lead(valid_from) over (partition by id order by valid_from) is null as is_current,
  state as previous_state, valid_move, record
from moves
