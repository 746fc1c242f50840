-- one row is: one row of a source about one kept value, and why it is no fact where it is none
-- reads: rows, spellings, holders, erased
-- parameters:
--   rows (rows): the rows of the source, with the keys that are asked for
--   source (text): its name
--   where (filter): which of its rows count
--   key (expression): what leads from a row to an id
--   value_given (expression): the value, without words that mean nothing
--   value_before_given (expression): the value before, where a source of changes tells it
--   started (expression): since when it holds, as the source tells it
--   ended (expression): until when, as the source tells it
--   written (expression): when it was recorded, as the source tells it
--   batch_named (columns): what names the batch of a row, where it is no moment
--   batch (columns): the batch as a column
--   spellings (joins): one spelling of each value, where the value has several
--   value (expression): the value in one spelling
--   value_before (expression): the value before in one spelling
--   valid_from (expression): `started` within the ends of time
--   valid_to (expression): `ended` within the ends of time
--   holders (joins): the ids that hold a key, where the key is no id
--   erased (joins): who asked to be forgotten, where the value is to be
--   id (expression): the id of a row
--   ids (expression): how many ids a row leads to
--   value_kept (expression): the value unless it is to be forgotten
--   value_before_kept (expression): the value before unless it is to be forgotten
--   more (columns): further columns
--   never (expression): the first moment that is no time of anything
--   open (expression): an end that has not come
with stated_values as (
  select _row, _record, {key} as key, {value_given} as value,
    {value_before_given} as value_before, {started} as started, {ended} as ended,
    {written} as written{batch_named}
  from {rows} as held{where}
), bounded_facts as (
  select said._row as _row, said._record as _record, said.key as key, {value} as value,
    {value_before} as value_before, {valid_from} as valid_from, {valid_to} as valid_to,
    case when written >= {never} then cast(null as timestamp) else written end as recorded{batch}
  from stated_values as said{spellings}
)
select b._row as _row, b._record as record, cast({source} as varchar) as source, {id} as id,
  {value_kept} as value, {value_before_kept} as value_before, b.valid_from as valid_from,
  b.valid_to as valid_to, b.recorded as recorded,
  cast(case when {ids} = 0 then 'reaches none' when {ids} > 1 then 'reaches several'
    when b.valid_from is null then 'no start' when b.valid_from = {open} then 'never begins'
    when b.valid_to < b.valid_from then 'ends before it starts'
    when b.valid_to = b.valid_from then 'lasts no time'
    else '' end as varchar) as trouble{more}
from bounded_facts as b{holders}{erased}
