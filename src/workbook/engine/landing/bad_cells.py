"""Cells that could not be read as their declared type, each with its reason: the table that counts
failed casts.
"""

from __future__ import annotations

from workbook.engine.landing.list_tables import list_values_sql
from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.typed_columns import cleaned_columns, raw_name, typed_select
from workbook.engine.landing.types import failed, holds_sign, may_fail, readable, reason
from workbook.engine.plan import Table
from workbook.engine.sql import quote, text

_CLASSES = ("public", "internal", "personal", "sensitive")


def bad_cells_table(source_name: str, spec: SourceSpec) -> Table:
    lists = [list_values_sql(spec, field) for field in spec.fields if field.split]
    worst = max(
        (field.cls for field in spec.fields if field.cls in _CLASSES),
        key=_CLASSES.index,
        default="internal",
    )
    return Table(
        name=f"{spec.table}__bad",
        row_is=f"one cell of {source_name} whose text did not fit its type or its declared values",
        step=spec.step,
        pattern="evidence",
        keys=("_row", "field"),
        sql="\nunion all\n".join([_bad_sql(spec), *lists]) if spec.fields else _no_cells(spec),
        inputs=(f"raw__{spec.table}", spec.table) if spec.fields else (f"raw__{spec.table}",),
        portable=False,
        classes={"raw_text": worst},
    )


def _bad_sql(spec: SourceSpec) -> str:
    """Cells with text in the raw table and no value in the typed one, but for what the dialect
    calls missing. Of fields that take any text, those with the sign of a failed formula.

    One pass over all fields: a query for each would be planned with the columns of all,
    hundreds of times.
    """
    fields = spec.fields
    raws = [quote(raw_name(field)) for field in fields]
    lost = ",\n  ".join(
        f"case when {_is_lost(f)} then raw.{quote(f.name)} end as {raw}"
        for f, raw in zip(fields, raws, strict=True)
    )
    some = " or ".join(f"(raw.{quote(f.name)} is not null and {_is_lost(f)})" for f in fields)
    inside = typed_select(["_row", *raws], fields, lambda f: readable(f, quote(raw_name(f))))
    cells = ",\n  ".join(_bad_cell(spec, field) for field in fields)
    parts = ", ".join(f"cell['{part}'] as {part}" for part in ("field", "raw_text", "reason"))
    return (
        f"with lost as (\nselect _row, {lost}\nfrom {quote('raw__' + spec.table)} as raw\n"
        f"join {quote(spec.table)} as typed using (_row)\nwhere {some}\n),\n"
        f"taken as (\n{inside}\nfrom lost\n),\n"
        f"{cleaned_columns(spec, fields, ['_row', *raws])},\n"
        f"cells as (\nselect _row, unnest([\n  {cells}\n]) as cell\nfrom cleaned\n)\n"
        f"select _row, {parts}\nfrom cells\nwhere cell['found']"
    )


def _is_lost(field: FieldSpec) -> str:
    """Whether a cell has no value; of a field that takes any text its raw text alone tells."""
    raw = f"raw.{quote(field.name)}"
    return f"typed.{quote(field.name)} is null" if may_fail(field) else holds_sign(raw)


def _bad_cell(spec: SourceSpec, field: FieldSpec) -> str:
    name, raw = quote(field.name), quote(raw_name(field))
    why = reason(spec, field, name, raw)
    found = f"{name} is not null" if may_fail(field) else f"coalesce({failed(name)}, false)"
    return f"{{'field': {text(field.name)}, 'raw_text': {raw}, 'reason': {why}, 'found': {found}}}"


def _no_cells(spec: SourceSpec) -> str:
    nothing = ", ".join(
        f"cast(null as varchar) as {name}" for name in ("field", "raw_text", "reason")
    )
    return f"select _row, {nothing}\nfrom {quote('raw__' + spec.table)}\nwhere false"
