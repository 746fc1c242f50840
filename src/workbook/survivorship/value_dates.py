"""When the value of each record last changed, by what `dated_by` names instead of the time at
which its row was written.
"""

from __future__ import annotations

import datetime as dt

from workbook.engine import quote
from workbook.engine.comparison_keys import key_sql, keyed_rows
from workbook.engine.sql import text
from workbook.model import Model
from workbook.model.as_of import as_of_day
from workbook.model.conditions import condition, condition_fields
from workbook.model.dated_by import Dated, dated_sources
from workbook.model.table_names import table_of
from workbook.model.times import begins, midnight_sql


def dated_sql(model: Model, entity: str, attribute: str) -> tuple[str, list[str]]:
    """When the value of a record `r` changed, and the joins that it needs; a source without a
    word of its own goes by `recorded`.

    ('', []) where the attribute is dated by nothing.
    """
    found = dated_sources(model, entity, attribute)
    if not found:
        return "", []
    aliases = {source: quote(f"change of {source}") for source in found}
    turns = " ".join(
        f"when r._source = {text(source)} then {alias}.changed" for source, alias in aliases.items()
    )
    joins = [
        f"left join (\n{changes_sql(model, item)}\n) as {aliases[source]} on"
        f" {aliases[source]}._record = r._record"
        for source, item in found.items()
    ]
    return f"case {turns} else r._recorded end", joins


def changes_sql(model: Model, dated: Dated) -> str:
    """One row per record of a source of which it is known: `_record`, and when its value
    `changed`.
    """
    return _logged(model, dated) if dated.in_log else _beside(model, dated)


def _beside(model: Model, dated: Dated) -> str:
    """By a field of the record's own row: the newest one, where its key is repeated."""
    written = model.sources.sources[dated.source].recorded
    newest = (
        f"case when {quote(written)} is null then 1 else 0 end, {quote(written)} desc, "
        if written
        else ""
    )
    changed = begins(model, dated.source, dated.field, quote(dated.field))
    rows = (
        f"select _record, {changed} as changed, row_number() over (partition by _record order by"
        f" {newest}_row) as turn\n  from {quote(table_of(dated.source))}"
    )
    return f"select _record, changed from (\n  {rows}\n) as own where turn = 1"


def _logged(model: Model, dated: Dated) -> str:
    """By the newest row of a change log about the record; what it tells of days after as-of is
    not known yet.
    """
    day, log = as_of_day(model), dated.log
    fields = (dated.theirs, *condition_fields(dated.where))
    where = f"\n    where {condition(model, log, dated.where, day)}" if dated.where else ""
    changed = begins(model, log, dated.field, quote(dated.field))
    return f"""select s._record as _record, max(l.changed) as changed
  from (
    select {key_sql(model, log, dated.theirs)} as key, {changed} as changed
    from {keyed_rows(model, log, fields)} as held{where}
  ) as l
  join (
    select distinct _record, {key_sql(model, dated.source, dated.own)} as key
    from {keyed_rows(model, dated.source, (dated.own,))} as own
  ) as s on s.key = l.key
  where l.changed < {midnight_sql(model, day + dt.timedelta(days=1))}
  group by s._record"""
