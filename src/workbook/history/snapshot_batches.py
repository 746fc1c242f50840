"""Snapshots as batches: which rows were loaded together, whom a batch leaves out, and whether a
batch that lost most is believed.
"""

from __future__ import annotations

from workbook.engine import quote
from workbook.engine.sql_files import filled_sql
from workbook.history.sql_time import OPEN
from workbook.model import Model
from workbook.model.schema import Kept
from workbook.model.times import wall_begins

ABSENT = "~absent"  # behind the key of the last record that told of it
INSTANT = "instant"
# a load that runs over the end of a day or an hour: within how many minutes it goes on, and how few
# parts of a batch have any row
OVER = {
    "day": (15, "hour", 12),
    "hour": (2, "minute", 30),
}
FEW = 3  # a batch of fewer ids loses more than half of them with one or two, which says nothing


def batch_sql(model: Model, kept: Kept) -> str:
    """SQL over a row of snapshots of what names its batch; '' where rows of one moment are the
    batch.

    By default rows of one day of the business are one, because a load takes its time.
    """
    source = model.sources.sources[kept.from_]
    field = source.valid[0]
    if kept.as_ != "snapshots":
        return ""
    if source.batch in source.fields:
        return f"coalesce(cast({quote(source.batch)} as varchar), cast({quote(field)} as varchar))"
    if source.batch == INSTANT or model.field(kept.from_, field).type == "date":
        return ""
    return (
        f"cast(date_trunc('{batch_unit(model, kept)}',"
        f" {wall_begins(model, kept.from_, field, quote(field))}) as varchar)"
    )


def batch_unit(model: Model, kept: Kept) -> str:
    """`day` or `hour` where rows of one such are a batch; else ''."""
    source = model.sources.sources[kept.from_]
    timed = kept.as_ == "snapshots" and model.field(kept.from_, source.valid[0]).type != "date"
    return (
        (source.batch or "day") if timed and source.batch not in (*source.fields, INSTANT) else ""
    )


def with_absences(
    facts: str, kind: str, more: str, batch: str = "valid_from", unit: str = ""
) -> str:
    """The facts of a source of snapshots, and one without a value for everybody who was in a
    batch and is not in the next one.

    Of a load that runs over midnight nobody is missing: its halves are two batches by day, and
    each lacks the other's rows. It is true since that next batch began, and known since the
    first row of it was written. What a batch leaves out that lost more than half of the ids
    before it counts only once the batch after it leaves it out as well, and is known since
    then; so does one of which the batch after it is the rest. `kind` is the SQL type of the
    value, `more` what stands in further columns, `batch` the column that names a batch, `unit`
    whether that is a day or an hour.
    """
    return filled_sql(
        "history/facts_with_absences",
        facts=facts,
        judged_batches=judged_batches("facts", batch, unit),
        batch=batch,
        type=kind,
        absent=ABSENT,
        more=more,
        open=OPEN,
    )


def judged_batches(facts: str, batch: str, unit: str = "") -> str:
    """CTEs `ids_of_batches` (batch, id) and `judged_batches`: one row per batch, the next
    one and the one after it, and whether the next one lost most.

    `kept` is how many of its `ids` stand in the next one; `goes_on` whether one load runs over
    the end of the day (or hour).
    """
    minutes, part, few = OVER.get(unit, (0, "", 0))
    parts = f"count(distinct date_trunc('{part}', valid_from))" if unit else "0"
    goes_on = (
        f"next_day < last_row + interval '{minutes}' minute and parts <= {few} and next_parts <="
        f" {few}"
        if unit
        else "false"
    )
    return filled_sql(
        "history/judged_batches",
        facts=facts,
        batch=batch,
        parts=parts,
        goes_on=goes_on,
        few=FEW,
    )
