"""What the kept history says about itself: how much is known, since when, how late it was
learned, where it has holes.
"""

from __future__ import annotations

import datetime as dt

from workbook.engine import quote
from workbook.engine.comparison_keys import same_value
from workbook.engine.sql import text
from workbook.engine.sql_files import filled_sql
from workbook.history.bitemporal import beliefs_name, history_name
from workbook.history.facts import OVERRULED, facts_name
from workbook.history.lifecycle import lifecycle_name
from workbook.history.snapshot_batches import batch_sql, batch_unit, judged_batches
from workbook.history.sql_time import OPEN, START, end_of, now, wall_now
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.schema import Kept
from workbook.model.times import wall, zone_of


def kept_sql(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    """One row: ids, intervals, ids that changed, first day known, ids with an open row, holes,
    facts late, out of order, lost.

    Late: recorded more than a day after it was true; of periods, after they ended, because
      their starts do not tell.
    Lost: rows that cannot be facts, and facts that hold at no moment because others do.
    """
    facts = quote(facts_name(entity, attribute))
    moment = (
        f"case when valid_to < {OPEN} then valid_to end" if kept.as_ == "periods" else "valid_from"
    )
    first = f"min(case when valid_from > {START} then valid_from end)"
    return filled_sql(
        "history/history_quality",
        name=f"{entity}.{attribute}",
        history=history_name(entity, attribute),
        facts=facts_name(entity, attribute),
        overruled=_overruled(model, entity, attribute, kept),
        missing=f"({_holes(model, facts, kept)})",
        told_of=moment,
        since=wall(first, zone_of(model)),
        newest=wall("max(moment)", zone_of(model)),
    )


def _holes(model: Model, facts: str, kept: Kept) -> str:
    """Where something is missing between two facts; what that means differs by the form of the
    source.
    """
    if kept.as_ == "periods":
        return "held.apart"
    if kept.as_ == "changes" and kept.before:
        ordered = "lag(value) over (partition by id order by valid_from, recorded, record, _row)"
        number = "row_number() over (partition by id order by valid_from, recorded, record, _row)"
        rows = (
            f"select value_before, {ordered} as value_then, {number} as turn from {facts} where"
            " trouble = ''"
        )
        return (
            f"select count(*) from ({rows}) as changes where turn > 1 and value_before is distinct"
            " from value_then"
        )
    if kept.as_ == "snapshots" and not kept.absent:
        batch = "batch" if batch_sql(model, kept) else "valid_from"
        days = (
            f"select {batch} as batch, min(valid_from) as day from {facts} where trouble = '' group"
            f" by {batch}"
        )
        # a row lies in its batch, whenever it was written
        first = f"min(valid_from) over (partition by {batch})"
        rows = f"select id, {batch} as batch, {first} as day from {facts} where trouble = ''"
        lives = (
            "select id, min(day) as since, max(day) as until, count(distinct batch) as days from"
            f" ({rows}) as told group by id"
        )
        expected = (
            f"select l.id, l.days, count(*) as expected from ({lives}) as l join ({days}) as d on"
            " d.day between l.since and l.until group by l.id, l.days"
        )
        return f"select coalesce(sum(expected - days), 0) from ({expected}) as lives"
    return "0"


def shrunk_sql(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    """One row per snapshot up to the as-of day that lost more than half of the ids of the one
    before: `day`, `ids` before, `kept`.
    """
    return f"{_judged(model, entity, attribute, kept)} where shrunk order by day"


def goes_on_sql(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    """The same of each day (or hour) into which a load runs that began before it."""
    return f"{_judged(model, entity, attribute, kept)} where goes_on order by day"


def _judged(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    batch = "batch" if batch_sql(model, kept) else "valid_from"
    rows = (
        f"select * from {quote(facts_name(entity, attribute))} where trouble = '' and _row > 0 and"
        f" valid_from < {now(model)}"
    )
    judged = judged_batches("facts", batch, batch_unit(model, kept))
    day = f"cast({wall('next_day', zone_of(model))} as date)"
    return (
        f"with facts as (\n  {rows}\n), {judged}\n"
        f"select {day} as day, ids, kept from judged_batches"
    )


def troubles_sql(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    """One row per reason for which rows of the source are no facts, or hold at no moment."""
    return f"""select trouble, facts from (
  select trouble, count(*) as facts
  from {quote(facts_name(entity, attribute))}
  where trouble <> ''
  group by trouble
  union all
  select '{OVERRULED}' as trouble, ({_overruled(model, entity, attribute, kept)}) as facts
) as every_reason
where facts > 0
order by trouble"""


def _overruled(model: Model, entity: str, attribute: str, kept: Kept) -> str:
    """How many records say something that is known by the as-of day and holds at no moment:
    others of the same time stand instead.
    """
    said = "coalesce(f.recorded, f.valid_from)"
    known = f"least(f.valid_from, {said})" if kept.as_ == "periods" else said
    facts, history = quote(facts_name(entity, attribute)), quote(history_name(entity, attribute))
    held = (
        f"left join (select distinct record, value from {history}) as h on h.record = f.record and"
        " h.value is not distinct from f.value"
    )
    each = (
        f"select f.record as record from {facts} as f {held} where f.trouble = '' and {known} <"
        f" {now(model)} group by f.record having count(h.record) = 0"
    )
    return f"select count(*) from ({each}) as overruled"


def month_ends(model: Model, most: int = 12) -> list[dt.date]:
    """The last days of the months up to the as-of day, the newest last; the as-of day itself
    stands for its month.
    """
    last = as_of_day(model)
    days = [last]
    while len(days) < most and last.year > 1900:
        last = last.replace(day=1) - dt.timedelta(days=1)
        days.insert(0, last)
    return days


def as_of_sql(
    model: Model, entity: str, attribute: str, valid: dt.date, known: dt.date | None = None
) -> str:
    """`id`, `value`: what was true at the end of a day, as it was known at the end of another
    (None: as it is known now).
    """
    at = end_of(model, valid)
    belief = (
        f"recorded_to = {OPEN}"
        if known is None
        else f"recorded_from < {end_of(model, known)} and recorded_to >= {end_of(model, known)}"
    )
    return (
        f"select id, value from {quote(beliefs_name(entity, attribute))}\nwhere valid_from < {at}"
        f" and valid_to >= {at} and {belief}"
    )


def knew_sql(model: Model, entity: str, attribute: str) -> str:
    """One row per month end: ids known now, those of them unknown then, those believed
    otherwise, those known then and no more.

    A value that is known only as what the first change replaced is not counted as unknown: its
    system showed it all along.
    """
    months = ",\n    ".join(
        f"(cast('{day}' as date), {end_of(model, day)})" for day in month_ends(model)
    )
    return filled_sql(
        "history/known_at_month_ends",
        beliefs=beliefs_name(entity, attribute),
        months=months,
        open=OPEN,
        start=START,
    )


def current_sql(model: Model, entity: str, attribute: str) -> str:
    """One row: ids whose profile and open row agree, differ, and those that only one of the two
    knows.
    """
    history, own = (
        quote(history_name(entity, attribute)),
        f"e.{quote(model.column_of(entity, attribute))}",
    )
    same, joins = same_value(model, entity, attribute, own, "h.value")
    return f"""select {text(f"{entity}.{attribute}")} as name,
  count(case when h.id is not null and {same} then 1 end) as agree,
  count(case when h.value is not null and {own} is not null and not ({same}) then 1 end) as differ,
  count(case when h.value is null and {own} is not null then 1 end) as only_profile,
  count(case when h.value is not null and {own} is null then 1 end) as only_history
from {quote(entity)} as e
left join (select id, value from {history} where is_current) as h on h.id = e.id{joins}"""


def occurrences_sql(model: Model, table: str) -> str:
    """One row per kind of event: occurrences up to the as-of day, ids, first and last."""
    zone = zone_of(model)
    return f"""select event, count(*) as occurrences, count(distinct id) as ids,
  {wall('min("at")', zone)} as first_at, {wall('max("at")', zone)} as last_at
from {quote(table)}
where "at" < {now(model)}
group by event
order by event"""


def stays_sql(model: Model, entity: str) -> str:
    """One row per stay in a state: days until it ended, or until the as-of day; `turn` counts
    from the first.
    """
    zone = zone_of(model)
    began, ended = wall("valid_from", zone), wall("valid_to", zone)
    return f"""select {text(entity)} as entity, id, state, previous_state, valid_move, is_current,
  date_diff('day', {began}, case when is_current then {wall_now(model)} else {ended} end) as days,
  row_number() over (partition by id order by valid_from) as turn, cast({began} as date) as began
from {quote(lifecycle_name(entity))}"""
