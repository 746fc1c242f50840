"""A metric's value for each row of an entity, for views that stand on that entity."""

from __future__ import annotations

from workbook.engine import Table, quote
from workbook.metrics.compile.compiler import MetricCompiler
from workbook.metrics.compile.metric_rows import NO_VALUE, NOT_LINKED, SEVERAL
from workbook.metrics.compile.movements import movement_detail_table, newest_start, resolve_movement
from workbook.metrics.compile.rules import STEP
from workbook.model import Model


def per_row_name(metric: str, entity: str) -> str:
    """The table of a metric's value for each row of an entity."""
    return f"m__{metric}__per__{entity}"


def per_row_tables(model: Model, metric: str, entity: str) -> list[Table]:
    """`m__<metric>__per__<entity>` (id, value) and all that it needs; a row without anything to
    count has no row there.

    Raises:
        NotComputableError: the metric cannot be split by the rows of this entity.
    """
    workshop = MetricCompiler(model)
    workshop.shared()
    movement = workshop.moves(metric)
    if movement and resolve_movement(model, movement)[0].by == entity:
        workshop.total(metric)
        sql = _of_movement(model, movement, metric)
    else:
        table = workshop.segment(metric, f"{entity}.{model.id_of(entity)}")
        buckets = ", ".join(f"'{bucket}'" for bucket in (NO_VALUE, NOT_LINKED, SEVERAL))
        sql = f"select segment as id, value\nfrom {quote(table)}\nwhere segment not in ({buckets})"
    workshop.measurements()
    result = Table(
        per_row_name(metric, entity), f"{metric} of one {entity}", STEP, "canonical", ("id",), sql
    )
    return [*workshop.made.values(), result]


def _of_movement(model: Model, movement: str, metric: str) -> str:
    part, _ = resolve_movement(model, movement)
    asked = model.metrics.metrics[metric]
    kind = asked.measure.partition(".")[2]
    counted, kind = kind.endswith("_count"), kind.removesuffix("_count")
    side = kind in ("opening", "closing")
    where = (f" and {kind} <> 0" if counted else "") if side else f" and kind = '{kind}'"
    value = "1" if counted else kind if side else "change"
    return (
        f"select id, cast({value} as decimal(18, 2)) as value\nfrom"
        f" {quote(movement_detail_table(movement))}\nwhere {part.every} ="
        f" cast('{newest_start(model, part, asked.ago)}' as date){where}"
    )
