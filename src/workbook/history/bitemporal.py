"""Intervals on two axes: what was true when, and during which time we believed it.

A fact is known from the moment it was recorded until a newer version of its record replaces it.
Between two moments at which knowledge changes (an epoch) everything known is put in order: the
value whose start is the newest holds, until another starts or its own period ends. Epochs that
say the same are joined, so that one row is one belief about one interval.

The facts of an id fall into blocks: where all that is earlier was settled before anything later
became known, the later cannot change it. Most blocks hold a single fact, whose beliefs follow
from its neighbours; epochs are walked through only in the others. So the cost grows with the
facts, and not with facts times epochs.
"""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.history import timeline_changes, timeline_periods
from workbook.history.facts import facts_name, value_class
from workbook.history.same_moment import has_chains, same_moment_name, same_moment_table
from workbook.history.sql_time import OPEN, START, STEP, now
from workbook.model import Model
from workbook.model.schema import Kept


def history_name(entity: str, attribute: str) -> str:
    """The table of a kept value's intervals."""
    return f"{entity}__{attribute}__history"


def beliefs_name(entity: str, attribute: str) -> str:
    """The table of everything that was ever believed about a kept value."""
    return f"{entity}__{attribute}__beliefs"


def history_tables(model: Model, name: str, kept: Kept) -> list[Table]:
    """`…__beliefs`: one row per interval and belief, both axes.

    `…__history`: the intervals as we know them at the as-of day.

    Facts recorded after the as-of day are in neither. A history holds at most one row of an id
    at any moment, so that whoever joins it at a moment multiplies nothing; superseded beliefs
    stand apart for that reason.
    """
    entity, _, attribute = name.partition(".")
    classes = {"value": value_class(model, name, kept)}
    chained = has_chains(kept)
    walked = (
        timeline_periods.beliefs(now(model))
        if kept.as_ == "periods"
        else timeline_changes.beliefs(now(model), chained=chained)
    )
    sql = f"with {_versions(entity, attribute, chained=chained)},\n{walked}"
    beliefs, table = beliefs_name(entity, attribute), history_name(entity, attribute)
    known = f"""select id, value, valid_from, valid_to, recorded_from, recorded_to, source, record,
  valid_from < {now(model)} and valid_to >= {now(model)} as is_current
from {quote(beliefs)}
where recorded_to = {OPEN}"""
    about = f"one interval of {attribute} of one {entity}"
    return [
        *([same_moment_table(entity, attribute)] if chained else []),
        Table(
            beliefs,
            f"{about}, as believed during one time",
            STEP,
            "event",
            ("id", "valid_from", "recorded_from"),
            sql,
            classes=classes,
        ),
        Table(table, about, STEP, "event", ("id", "valid_from"), known, classes=classes),
    ]


_COLUMNS = "id, value, value_before, valid_from, valid_to, source, record"
_ORDER = (
    "partition by record order by written, valid_from, valid_to, cast(value as varchar), id,"
    " coalesce(cast(value_before as varchar), ''), source"
)


def _versions(entity: str, attribute: str, *, chained: bool) -> str:
    """CTE `version`: each fact, when it was written and replaced; of rows that repeat a record,
    the newest version stands.

    A row that does not say when it was written is known as long as it is true, and replaces
    nothing. `chained` adds the place of a change among those of its moment.
    """
    columns, said = _COLUMNS, f"select {_COLUMNS}"
    given = quote(facts_name(entity, attribute))
    if chained:
        columns = f"{_COLUMNS}, place"
        said = (
            f"select {', '.join(f'f.{name} as {name}' for name in _COLUMNS.split(', '))},"
            " coalesce(o.place, 0) as place"
        )
        given = (
            f"{given} as f\n  left join {quote(same_moment_name(entity, attribute))} as o on o._row"
            " = f._row"
        )
    turn = _ORDER.replace("record order", "s.record order") + (", place" if chained else "")
    return f"""said as (
  {said}, recorded is null as timeless, coalesce(recorded, case when valid_to < {OPEN} then valid_to else valid_from end) as written
  from {given}
  where trouble = ''
), repeated as (
  select record from said where not timeless group by record having count(*) > 1
), versions as (
  select s.*, row_number() over ({turn}) as version, lead(written, 1, {OPEN}) over ({turn}) as replaced
  from said as s
  join repeated as r on r.record = s.record
  where not s.timeless
), version as (
  select {columns}, written, case when timeless then {START} else written end as told, 1 as version, {OPEN} as replaced
  from said
  where timeless or not exists (select 1 from repeated where repeated.record = said.record)
  union all
  select {columns}, written, written as told, version, replaced from versions
)"""
