"""Deletions in dated snapshots: whoever a snapshot leaves out has no value from then on, where the team says that absence ends it."""

from __future__ import annotations

from workbook.history.moments import OPEN

ABSENT = "~absent"  # behind the key of the last record that told of it


def with_absences(facts: str, kind: str, more: str) -> str:
    """The facts of a source of snapshots, and one without a value for everybody who was in a snapshot and is not in the next one.

    It is true since that next snapshot, and known since the first row of it was written. `kind` is the SQL type of the
    value, `more` what stands in a further column.
    """
    return f"""with fact as (
{facts}
), shot as (
  select valid_from as day, min(recorded) as recorded from fact where trouble = '' group by valid_from
), following as (
  select day, lead(day) over (order by day) as next_day, lead(recorded) over (order by day) as recorded from shot
)
select * from fact
union all
select -f._row, f.record || '{ABSENT}', f.source, f.id, cast(null as {kind}), cast(null as {kind}), s.next_day, {OPEN}, s.recorded, cast('' as varchar){more}
from fact as f
join following as s on s.day = f.valid_from
where f.trouble = '' and s.next_day is not null
  and not exists (select 1 from fact as other where other.id = f.id and other.valid_from = s.next_day and other.trouble = '')"""
