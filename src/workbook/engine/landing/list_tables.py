"""Lists in a cell, such as `111;222`: each value is a row of a table of its own."""

from __future__ import annotations

from dataclasses import replace

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types import cleaned, may_fail, reason, recoded, typed_item
from workbook.engine.plan import Table
from workbook.engine.sql import quote, text
from workbook.model.table_names import list_table


def list_tables(source_name: str, spec: SourceSpec) -> list[Table]:
    """`<source>__<field>` of every field that holds a list: one row per record and value.

    Values are trimmed, empty ones left out, and one that a cell holds twice is there once,
    where it came first.
    """
    return [_table(source_name, spec, field) for field in spec.fields if field.split]


def _table(source_name: str, spec: SourceSpec, field: FieldSpec) -> Table:
    return Table(
        name=list_table(spec.name, field.name),
        row_is=f"one value of the list in {field.name} of {source_name}",
        step=spec.step,
        pattern="source-aligned",
        keys=("_row", "position"),
        sql=(
            f"{_values(spec, field)},\nonce as (\nselect *, row_number() over (partition by _row,"
            " value order by position) as turn\nfrom typed where value is not null\n)\nselect"
            " _row, _record, position, value from once where turn = 1"
        ),
        inputs=(spec.table,),
        portable=False,
        classes={"value": field.cls},
    )


def list_values_sql(spec: SourceSpec, field: FieldSpec) -> str:
    """The cells of a list of which some value does not fit, as rows of `<source>__bad`."""
    one = replace(field, split="")
    found = (
        "where text is not null and value is null\ngroup by _row"
        if may_fail(one)
        else "where false\ngroup by _row"
    )
    why = f"'a value of the list: ' || min({reason(spec, one, 'text')})"
    return (
        f"select _row, {text(field.name)} as field, min(cell) as raw_text, {why} as reason\n"
        f"from (\n{_values(spec, field)}\nselect * from typed\n) as listed\n{found}"
    )


def _values(spec: SourceSpec, field: FieldSpec) -> str:
    """Every value of every cell: where it stands in the cell, its text and its typed value."""
    cells = (
        "json_extract_string(cell, '$[*]')"
        if field.split == "json"
        else f"string_split(cell, {text(field.split)})"
    )
    one = replace(field, split="")
    return (
        f"with cells as (\nselect _row, _record, {quote(field.name)} as cell from"
        f" {quote(spec.table)}\nwhere {quote(field.name)} is not null\n),\nparts as (\nselect _row,"
        f" _record, cell, unnest({cells}) as part, generate_subscripts({cells}, 1) as"
        " position\nfrom cells\n),\ntexts as (\nselect _row, _record, cell, position,"
        f" {recoded(one, cleaned(spec, 'part'))} as text from parts\n),\ntyped as (\nselect _row,"
        f" _record, cell, position, text, {typed_item(spec, one, 'text')} as value from texts\n)"
    )
