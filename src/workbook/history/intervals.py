"""Intervals on two axes: what was true when, and during which time we believed it.

A fact is known from the moment it was recorded until a newer version of its record replaces it. Between two moments at
which knowledge changes (an epoch) everything known is put in order: the value whose start is the newest holds, until
another starts or its own period ends. Epochs that say the same are joined, so that one row is one belief about one
interval.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.history.facts import facts_name, value_class
from workbook.history.moments import OPEN, START, STEP, now
from workbook.model import Model
from workbook.model.parts import Kept


def history_name(entity: str, attribute: str) -> str:
    """The table of a kept value's intervals."""
    return f"{entity}__{attribute}__history"


def beliefs_name(entity: str, attribute: str) -> str:
    """The table of everything that was ever believed about a kept value."""
    return f"{entity}__{attribute}__beliefs"


def history_tables(model: Model, name: str, kept: Kept) -> list[Table]:
    """`…__beliefs`: one row per interval and belief, both axes. `…__history`: the intervals as we know them at the as-of day.

    Facts recorded after the as-of day are in neither. A history holds at most one row of an id at any moment, so that
    whoever joins it at a moment multiplies nothing; superseded beliefs stand apart for that reason.
    """
    entity, _, attribute = name.partition(".")
    classes = {"value": value_class(model, name, kept)}
    held = _periods() if kept.as_ == "periods" else _open_ended()
    sql = f"with {_facts(model, entity, attribute, kept)},\n{held},\n{_joined()}"
    beliefs, table = beliefs_name(entity, attribute), history_name(entity, attribute)
    known = f"""select id, value, valid_from, valid_to, recorded_from, recorded_to, source, record,
  valid_from < {now(model)} and valid_to >= {now(model)} as is_current
from {quote(beliefs)}
where recorded_to = {OPEN}"""
    about = f"one interval of {attribute} of one {entity}"
    return [
        Table(beliefs, f"{about}, as believed during one time", STEP, "event", ("id", "valid_from", "recorded_from"), sql, classes=classes),
        Table(table, about, STEP, "event", ("id", "valid_from"), known, classes=classes),
    ]


_VERSION = "partition by record order by written, valid_from, valid_to, cast(value as varchar), id, coalesce(cast(value_before as varchar), ''), source"


def _facts(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    """CTE `fact`: what is known, since when, until when; of rows that repeat a record, the newest version stands.

    A source of periods writes over its rows and tells only when it last did. So the start of a period counts as known
    since it began, and its end since the row was written.
    """
    phases = _PERIOD_PHASES if kept.as_ == "periods" else _PHASES
    return f"""said as (
  select distinct id, value, value_before, valid_from, valid_to, source, record, recorded is null as timeless,
    coalesce(recorded, case when valid_to < {OPEN} then valid_to else valid_from end) as written
  from {quote(facts_name(entity, attribute))}
  where trouble = ''
), version as (
  select *, case when timeless then {START} else written end as told, case when timeless then 1 else row_number() over ({_VERSION}) end as version,
    case when timeless then {OPEN} else lead(written, 1, {OPEN}) over ({_VERSION}) end as replaced
  from said
), phase as (
  {phases}
), fact as (
  select {_COLUMNS}, known_from,
    case when known_to >= {now(model)} then {OPEN} else known_to end as known_to
  from phase
  where known_from < known_to and known_from < {now(model)}
)"""


_COLUMNS = "id, value, value_before, valid_from, valid_to, source, record, told"
_PHASES = f"select {_COLUMNS}, written as known_from, replaced as known_to from version"
_PERIOD_PHASES = f"""select {_COLUMNS},
    case when version = 1 and valid_to = {OPEN} then least(valid_from, written) else written end as known_from, replaced as known_to
  from version
  union all
  select id, value, value_before, valid_from, {OPEN}, source, record, told, least(valid_from, written), written
  from version
  where version = 1 and valid_to < {OPEN}"""

_EPOCHS = f"""epoch as (
  select id, moment as recorded_from, lead(moment, 1, {OPEN}) over (partition by id order by moment) as recorded_to,
    row_number() over (partition by id order by moment) as epoch
  from (
    select id, known_from as moment from fact
    union
    select id, known_to as moment from fact where known_to < {OPEN}
  ) as moments
), known as (
  select e.epoch as epoch, e.recorded_from as recorded_from, e.recorded_to as recorded_to, f.id as id, f.value as value,
    f.value_before as value_before, f.valid_from as valid_from, f.valid_to as valid_to, f.source as source, f.record as record, f.told as told, f.known_from as known_from
  from epoch as e
  join fact as f on f.id = e.id and f.known_from <= e.recorded_from and f.known_to > e.recorded_from
)"""


def _open_ended() -> str:
    """CTE `held`: each value holds until the next starts; before the first change, the value that it replaced."""
    order = "partition by id, epoch order by valid_from, known_from, cast(value as varchar), record"
    return f"""{_EPOCHS}, placed as (
  select epoch, recorded_from, recorded_to, id, value, value_before, valid_from, source, record,
    lead(valid_from, 1, {OPEN}) over ({order}) as valid_to, row_number() over ({order}) as turn
  from known
), held as (
  select epoch, recorded_from, recorded_to, id, value, valid_from, valid_to, source, record from placed where valid_from < valid_to
  union all
  select epoch, recorded_from, recorded_to, id, value_before, {START}, valid_from, source, record
  from placed
  where turn = 1 and value_before is not null and valid_from > {START}
)"""


def _periods() -> str:
    """CTE `held`: where periods of one id overlap, the newest start holds while it runs."""
    winner = "partition by c.id, c.epoch, c.starts order by k.valid_from desc, k.valid_to, k.told desc, cast(k.value as varchar) desc, k.record"
    return f"""{_EPOCHS}, cut as (
  select id, epoch, valid_from as moment from known
  union
  select id, epoch, valid_to as moment from known
), slice as (
  select id, epoch, moment as starts, lead(moment) over (partition by id, epoch order by moment) as ends from cut
), covered as (
  select c.epoch as epoch, c.starts as starts, c.ends as ends, k.recorded_from as recorded_from, k.recorded_to as recorded_to,
    k.id as id, k.value as value, k.source as source, k.record as record, row_number() over ({winner}) as turn
  from slice as c
  join known as k on k.id = c.id and k.epoch = c.epoch and k.valid_from <= c.starts and k.valid_to >= c.ends
), apart as (
  select *, case when lag(ends) over (partition by id, epoch, record order by starts) = starts then 0 else 1 end as apart
  from covered
  where turn = 1
), piece as (
  select *, sum(apart) over (partition by id, epoch, record order by starts) as piece from apart
), held as (
  select epoch, recorded_from, recorded_to, id, value, min(starts) as valid_from, max(ends) as valid_to, source, record
  from piece
  group by epoch, recorded_from, recorded_to, id, value, source, record, piece
)"""


def _joined() -> str:
    """Epochs in a row that say the same of one interval are one belief."""
    same = "id, record, value, valid_from, valid_to"
    return f"""belief as (
  select *, epoch - row_number() over (partition by {same} order by epoch) as belief from held
)
select id, value, valid_from, valid_to, min(recorded_from) as recorded_from, max(recorded_to) as recorded_to, source, record
from belief
group by id, value, valid_from, valid_to, source, record, belief"""
