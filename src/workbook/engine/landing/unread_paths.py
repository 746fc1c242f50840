"""Paths into the JSON text of a cell that lead nowhere: how often, and what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from workbook.engine.landing.formats.json_records import names_beside
from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types import in_json, taken, trimmed
from workbook.engine.sql import quote, text
from workbook.model.table_names import raw_table_of
from workbook.nearest_name import did_you_mean

_SOME = 500  # cells that are looked at for a nearer name


def paths_sql(spec: SourceSpec) -> str:
    """One row per field with a path inside a cell: source, field, its cells of JSON, and in how
    many something stands there; '' where there is none.
    """
    return "\nunion all\n".join(
        f"select {text(spec.name)} as source, {text(field.name)} as field,"
        f" count(case when json_valid({_cell(spec, field)}) then 1 end) as cells,"
        f" count({taken(field, trimmed(spec, quote(field.name)))}) as found\n"
        f"from {quote(raw_table_of(spec.name))} where _reject is null"
        for field in spec.fields
        if in_json(field)
    )


def cells_sql(spec: SourceSpec, field: str) -> str:
    """Some cells of a field, as text."""
    return (
        f"select {quote(field)} as cell from {quote(raw_table_of(spec.name))}"
        f" where _reject is null and {quote(field)} is not null order by _row limit {_SOME}"
    )


def nearest_path(spec: SourceSpec, field: str, cells: Iterable[str]) -> str:
    """`Did you mean 'page'?`, for the name at which the path of a field goes wrong; '' where
    nothing in these cells is near.
    """
    path = next(each.path for each in spec.fields if each.name == field)
    name, known = names_beside(path, list(_parsed(cells)))
    return did_you_mean(name, known) if name else ""


def _cell(spec: SourceSpec, field: FieldSpec) -> str:
    return trimmed(spec, quote(field.name))


def _parsed(cells: Iterable[str]) -> Sequence[object]:
    found = []
    for cell in cells:
        try:
            found.append(json.loads(cell))
        except (ValueError, RecursionError):
            continue
    return found
