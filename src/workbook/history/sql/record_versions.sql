-- one row is: one version of one record of a kept value: when it was written and replaced
-- reads: facts, same_moment
-- parameters:
--   facts (table): the facts of the kept value
--   same_moment (joins): where changes have a place among those of their moment, that place as `o`
--   place_of_row (columns): that place, of a row
--   place (columns): that place, as a column
--   open (expression): an end that has not come
--   start (expression): a beginning that nobody knows
-- A row that does not say when it was written is known as long as it is true, and replaces nothing.
-- Of rows that repeat a record, the newest version is in force.
dated_facts as (
  select f.id as id, f.value as value, f.value_before as value_before, f.valid_from as valid_from,
    f.valid_to as valid_to, f.source as source, f.record as record{place_of_row},
    recorded is null as timeless,
    coalesce(recorded, case when valid_to < {open} then valid_to else valid_from end) as written
  from {facts} as f{same_moment}
  where trouble = ''
), repeated_records as (
  select record from dated_facts where not timeless group by record having count(*) > 1
), numbered_versions as (
  select s.*,
    row_number() over (partition by s.record order by written, valid_from, valid_to,
      cast(value as varchar), id, coalesce(cast(value_before as varchar), ''), source{place}
    ) as version,
    lead(written, 1, {open}) over (partition by s.record order by written, valid_from, valid_to,
      cast(value as varchar), id, coalesce(cast(value_before as varchar), ''), source{place}
    ) as replaced
  from dated_facts as s
  join repeated_records as r on r.record = s.record
  where not s.timeless
), record_versions as (
  select id, value, value_before, valid_from, valid_to, source, record{place}, written,
    case when timeless then {start} else written end as told, 1 as version, {open} as replaced
  from dated_facts
  where timeless
    or not exists (
      select 1 from repeated_records where repeated_records.record = dated_facts.record
    )
  union all
  select id, value, value_before, valid_from, valid_to, source, record{place}, written,
    written as told, version, replaced
  from numbered_versions
)
