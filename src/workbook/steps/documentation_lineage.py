"""Figure 9.3: the source fields behind each headline number and each attribute of the primary
entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbook import catalog
from workbook.engine import column_lineage
from workbook.metrics import value_table
from workbook.show import Column, Figure, table
from workbook.show.rows_to_frame import frame_for
from workbook.steps.step import Step
from workbook.words.wording import capital, humanize, truncate_list

_AT = "figures.lineage"


def lineage_figure(step: Step) -> Figure:
    """Per headline number and attribute of the primary entity: the fields that its value comes
    from, and those that chose it.
    """
    rows = [
        _row(step, label, start, trace)
        for label, start, column in _starts(step)
        for trace in _traces(step, start)
        if column in ("", trace.column)
    ]
    columns = step.heads(
        "lineage",
        Column("what", detail="kind"),
        Column("fields", kind="int"),
        Column("direct"),
        Column("indirect"),
        Column("lost"),
    )
    return step.figure("lineage", table(frame_for(rows, columns), columns))


def _starts(step: Step) -> Iterator[tuple[str, str, str]]:
    """Headline numbers, then the attributes of the primary entity: label, table, column."""
    grain, metrics = step.model.grain, step.model.metrics
    known = metrics.metrics
    for name in grain.headline or known:
        if name in known and step.context.has(value_table(name)):
            yield known[name].label or humanize(name), value_table(name), "value"
    if not step.model.is_open("grain") and step.context.has(grain.primary):
        yield "", grain.primary, ""


def _traces(step: Step, start: str) -> list[catalog.Trace]:
    found = catalog.traces(step.model, column_lineage(step.context.plan, start))
    return [trace for trace in found.values() if trace.column != "id"]


def _row(step: Step, label: str, start: str, trace: catalog.Trace) -> dict[str, Any]:
    """A number by its label, or an attribute by its entity and name."""
    fields = {
        come
        for come in (*trace.comes_from, *trace.chosen_by)
        if come.rpartition(".")[0] in step.model.source_names
        and not come.endswith(catalog.ALL_RECORDS)
    }
    return {
        "what": label or capital(humanize(f"{start}.{trace.column}")),
        "kind": step.text(f"{_AT}.metric") if label else step.text(f"{_AT}.attribute"),
        "fields": len(fields),
        "direct": truncate_list(_labels(step, trace.comes_from), 6),
        "indirect": truncate_list(_labels(step, trace.chosen_by), 5),
        "lost": truncate_list(_labels(step, trace.untraced), 3),
    }


def _labels(step: Step, places: tuple[str, ...]) -> list[str]:
    """Fields of sources and columns of tables as words."""
    labels = []
    for place in places:
        plain = place.replace("__", " ")
        if plain.endswith(catalog.ALL_RECORDS):
            records = plain.removesuffix(catalog.ALL_RECORDS)
            labels.append(step.text(f"{_AT}.rows", table=records))
        else:
            labels.append(humanize(plain))
    return labels
