"""Fields that are read at a path at which no record has anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbook.engine.landing import cells_sql, nearest_path, paths_sql
from workbook.finding import Finding
from workbook.model import Model
from workbook.sources.profile.arrivals import owner_of
from workbook.sources.profile.landing_counts import specs
from workbook.words import finding

Rows = Callable[[str], Sequence[Mapping[str, Any]]]


def of_paths(model: Model, rows: Rows) -> list[Finding]:
    """Paths that lead nowhere in all filled cells of their column, with the nearest name there."""
    every = specs(model)
    counted = rows("\nunion all\n".join(filter(None, map(paths_sql, every.values()))))
    return [
        finding(
            model,
            "sources.path_finds_nothing",
            row["cells"],
            (f"{row['source']}.{row['field']}",),
            owner=owner_of(model, row["source"]),
            source=row["source"],
            field=row["field"],
            path=model.field(row["source"], row["field"]).path,
            hint=_hint(every[row["source"]], row["field"], rows),
        )
        for row in counted
        if row["cells"] and not row["found"]
    ]


def _hint(spec: Any, field: str, rows: Rows) -> str:
    return nearest_path(spec, field, [row["cell"] for row in rows(cells_sql(spec, field))])
