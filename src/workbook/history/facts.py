"""Facts: what each row of a source says about one kept value, before any of it is put in order."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.engine.sql_files import filled_sql
from workbook.history.entity_links import condition_sql, reach, rows_for
from workbook.history.meaningless_values import stated
from workbook.history.past_spelling import is_spelled_once, kept_shown_name
from workbook.history.snapshot_batches import batch_sql, batch_unit, with_absences
from workbook.history.sql_time import NEVER, OPEN, STEP, bounded
from workbook.model import CLASSES, Model, erased_name, times
from workbook.model.schema import Kept

FITS = ""  # the trouble of a fact that has none
OVERRULED = "overruled"  # a fact that holds at no moment, because another of the same time stands
# Why a row of a source is no fact, and the text of the catalogue (`history.unusable`) for it.
TROUBLES = {
    "reaches none": "unlinked",
    "reaches several": "ambiguous",
    "no start": "no_start",
    "never begins": "never_begins",
    "ends before it starts": "reversed",
    "lasts no time": "no_duration",
    OVERRULED: "superseded",
}


def facts_name(entity: str, attribute: str) -> str:
    """The table of a kept value's facts."""
    return f"{entity}__{attribute}__facts"


def value_class(model: Model, name: str, kept: Kept) -> str:
    """The privacy class of a kept value: the strictest of its attribute and of the field that
    holds its past.
    """
    entity, _, attribute = name.partition(".")
    classes = [model.field(kept.from_, kept.value).cls]
    if model.attributes(entity).get(attribute):
        classes.append(model.class_of(name))
    return max(classes, key=CLASSES.index)


def facts_table(model: Model, name: str, kept: Kept) -> Table:
    """`<entity>__<attribute>__facts`: one row per row of the source, with the reason where it
    cannot be a fact.

    A word that means nothing (`N/A`, `unknown`) is no value, as in an empty cell.

    Raises:
        OutOfReachError: nothing leads from the source to the entity.
    """
    entity, _, attribute = name.partition(".")
    source = model.sources.sources[kept.from_]
    kind = model.field(kept.from_, kept.value).sql_type
    ends = kept.as_ == "periods"
    batch = batch_sql(model, kept)
    end = (
        f"coalesce({times.ends(model, kept.from_, source.valid[1], quote(source.valid[1]))},"
        f" {OPEN})"
        if ends
        else OPEN
    )
    recorded = (
        _time(model, kept.from_, source.recorded) if source.recorded else "cast(null as timestamp)"
    )
    before = (
        stated(model, name, f"cast({quote(kept.before)} as {kind})")
        if kept.before and kept.as_ == "changes"
        else f"cast(null as {kind})"
    )
    where = condition_sql(model, kept.from_, kept.where) if kept.where else ""
    path = reach(model, entity, kept.from_)
    whose, reported = ("b.key", "1") if not path.holders else ("h.id", "coalesce(h.ids, 0)")
    holders = f"left join (\n{path.holders}\n) as h on h.key = b.key" if path.holders else ""
    cls = value_class(model, name, kept)
    now = stated(model, name, f"cast({quote(kept.value)} as {kind})")
    value, value_before, spelled = "value", "value_before", ""
    if is_spelled_once(model, name):
        table = quote(kept_shown_name(entity, attribute))
        value, value_before = (
            "coalesce(now_shown.shown, said.value)",
            "coalesce(then_shown.shown, said.value_before)",
        )
        spelled = (
            f"  left join {table} as now_shown on now_shown.value = said.value\n  left join"
            f" {table} as then_shown on then_shown.value = said.value_before"
        )
    kept_value, forgotten, more = "b.{0}", "", ""
    # what belongs to nobody known may be of somebody who asked to be forgotten
    if model.forgets(entity, cls):
        kept_value, more = (
            f"case when {reported} = 1 and e.id is null then b.{{0}} end",
            "e.id is not null as erased",
        )
        forgotten = f"left join {quote(erased_name(entity))} as e on e.id = {whose}"
    sql = filled_sql(
        "history/facts",
        rows=rows_for(model, kept.from_, kept.where, *path.fields),
        source=kept.from_,
        where=where,
        key=path.key,
        value_given=now,
        value_before_given=before,
        started=_time(model, kept.from_, source.valid[0]),
        ended=end,
        written=recorded,
        batch_named=f"{batch} as batch" if batch else "",
        batch="batch" if batch else "",
        spellings=spelled,
        value=value,
        value_before=value_before,
        valid_from=bounded("started"),
        valid_to=bounded("ended"),
        holders=holders,
        erased=forgotten,
        id=whose,
        ids=reported,
        value_kept=kept_value.format("value"),
        value_before_kept=kept_value.format("value_before"),
        more=", ".join([more] * bool(more) + ["b.batch as batch"] * bool(batch)),
        never=NEVER,
        open=OPEN,
    )
    if kept.absent:
        columns = ", ".join(["f.erased"] * bool(more) + ["f.batch"] * bool(batch))
        sql = with_absences(
            sql, kind, columns, "batch" if batch else "valid_from", batch_unit(model, kept)
        )
    row_is = f"one row of {kept.from_} about {attribute} of one {entity}"
    return Table(
        facts_name(entity, attribute),
        row_is,
        STEP,
        "event",
        ("_row",),
        sql,
        classes={"value": cls, "value_before": cls},
    )


def _time(model: Model, source: str, field: str) -> str:
    return times.begins(model, source, field, quote(field))
