"""Column lineage in the words of the model: which fields of which sources a column comes from
or was chosen by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbook.engine import Origin
from workbook.model import Model
from workbook.model.table_names import raw_table_of

ALL_RECORDS = ".*"  # behind a table: its records as such, and no field of it


@dataclass(frozen=True)
class Trace:
    """Where one column starts: fields that its value comes from, fields that chose it, and
    where lineage ends before a source; each as `source.field`.
    """

    column: str
    comes_from: tuple[str, ...]
    chosen_by: tuple[str, ...]
    untraced: tuple[str, ...]


def traces(model: Model, origins: Iterable[Origin]) -> dict[str, Trace]:
    """Each column of a table by its name, in the order of its origins."""
    sources = {raw_table_of(name): name for name in model.source_names}
    found: dict[str, dict[str, list[str]]] = {}
    for column, table, name, how in origins:
        kinds = found.setdefault(column, {"direct": [], "indirect": [], "untraced": []})
        if name.startswith("_"):
            continue
        place = f"{sources.get(table, table)}.{name}"
        if place not in kinds[how]:
            kinds[how].append(place)
    return {
        column: Trace(column, *(tuple(places) for places in kinds.values()))
        for column, kinds in found.items()
    }
