"""Where a metric is asked at the as-of date: things whose segment by the history is not that of
their surviving value, though both are of the same day.
"""

from __future__ import annotations

from workbook.engine import quote
from workbook.metrics.compile.aggregate import EACH_THEN, segment_rows
from workbook.metrics.compile.as_of_clock import now
from workbook.metrics.compile.expression_scope import Scope
from workbook.metrics.compile.fan_out import one_name
from workbook.metrics.compile.resolve import metrics_of
from workbook.metrics.compile.units import resolved
from workbook.metrics.results.metric_result import MetricReader
from workbook.model import Dimension, Model


def unlike_history(
    model: Model, reader: MetricReader, name: str, split: Dimension
) -> tuple[int, int] | None:
    """How many of the things that a dimension is about have another segment in the history, and
    of how many; None where a metric asks each row at a moment of its own.
    """
    if metrics_of(model).metrics[name].type not in ("simple", "cumulative"):
        return None
    found = resolved(model, name)
    owner = split.entity or found.entity
    if found.kind in EACH_THEN or f"{owner}.{split.attribute}" not in model.history.history:
        return None
    then, today = (segment_rows(model, found, item) for item in (f"{split.name} then", split.name))
    thing, join = "t.id", ""
    if owner != found.entity:
        link = Scope(model, found.entity, now(model), splits=True).link_to(owner)
        thing, join = "one.to_id", f"join {quote(one_name(link))} as one on one.from_id = t.id"
    sql = f"""select count(distinct {thing}) as every,
       count(distinct case when t.segment <> n.segment then {thing} end) as differ
from (
{then}
) as t
join (
{today}
) as n on n.id = t.id
{join}"""
    every, differ = reader.query(sql).row(0)
    return int(differ), int(every)
