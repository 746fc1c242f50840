"""Landing: a source's files become three tables, so that nothing is lost: all records, typed
rows, and bad cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine.landing.bad_cells import bad_cells_table
from workbook.engine.landing.file_scan import FileScan
from workbook.engine.landing.formats import FORMATS
from workbook.engine.landing.formats.declared_bounds import with_bounds
from workbook.engine.landing.formats.delimited import has_hint
from workbook.engine.landing.header_match import undeclared
from workbook.engine.landing.list_tables import list_tables
from workbook.engine.landing.naive_times import in_utc, naive_marks
from workbook.engine.landing.several_files import read_files
from workbook.engine.landing.source_spec import SourceSpec
from workbook.engine.landing.typed_columns import cleaned_columns, typed_select
from workbook.engine.landing.types import taken, typed
from workbook.engine.plan import Function, Table
from workbook.engine.sql import quote, text
from workbook.privacy import readable_headers


def landing_tables(source_name: str, spec: SourceSpec) -> list[Table]:
    """The tables `raw__<source>`, `<source>` and `<source>__bad`.

    raw: one row per record of the file, all text, with the reason where the record is rejected.
    Typed: one row per accepted record. Bad: one row per cell whose text did not fit, which is
    NULL in the typed table. Each field that holds a list is a table `<source>__<field>`
    besides.
    """
    return [
        _raw(source_name, spec),
        _typed(source_name, spec),
        bad_cells_table(source_name, spec),
        *list_tables(source_name, spec),
    ]


def undeclared_columns(spec: SourceSpec) -> tuple[str, ...]:
    """Columns of the files that the source does not declare; they are left out of every table.

    One whose header may be somebody's value is called by its place, as `column:` takes it.
    """
    found: dict[str, None] = {}
    for file in map(Path, spec.files):
        header = FORMATS[spec.format].header(spec, file)
        places = dict(zip(header, readable_headers(header), strict=True))
        names = (
            (name, places.get(name.rpartition("#")[0] if name not in places else name, name))
            for name in undeclared(spec, header)
        )
        found.update(
            dict.fromkeys(place if place.startswith("#") else name for name, place in names)
        )
    return tuple(found)


def records_in(spec: SourceSpec) -> int:
    """How many records the files hold, counted without the reader that fills the raw table."""
    return sum(FORMATS[spec.format].count(spec, Path(file)) for file in spec.files)


def lines_skipped(spec: SourceSpec) -> int:
    """How many lines above the headers and at the ends of its files a source skips."""
    each = [with_bounds(spec, Path(file)) for file in spec.files]
    hinted = sum(
        has_hint(spec, Path(file))
        for file, bound in zip(spec.files, each, strict=True)
        if spec.format in ("csv", "tsv") and not bound.skip_before
    )
    return sum(bound.skip_before + bound.skip_after for bound in each) + hinted


def read_raw(spec: SourceSpec) -> FileScan | pl.DataFrame:
    """The raw rows of all files of a source."""
    if len(spec.files) == 1 and not spec.several:
        return FORMATS[spec.format].read(spec, Path(spec.files[0]))
    return read_files(spec)


def _call(
    spec: SourceSpec, inputs: Mapping[str, Any], params: Mapping[str, Any]
) -> FileScan | pl.DataFrame:
    return read_raw(spec)


def _raw(source_name: str, spec: SourceSpec) -> Table:
    """Only what the text depends on is in the recipe: another type or recoding of a field does
    not land it anew.
    """
    params = {
        "source": spec.name,
        "format": spec.format,
        "dialect": [spec.delimiter, spec.encoding, spec.quote],
        "columns": [
            [field.name, field.header, *filter(None, [field.path])] for field in spec.fields
        ],
        **({"names": [Path(file).name for file in spec.files]} if spec.several else {}),
        **{
            word: getattr(spec, word)
            for word in ("sheet", "skip_before", "skip_after", "starts_at", "ends_before")
            if getattr(spec, word)
        },
    }
    own = (
        ("_row", "_reject", "_file") if len(spec.files) > 1 or spec.several else ("_row", "_reject")
    )
    columns = dict.fromkeys((*own, *(field.name for field in spec.fields)), ())
    return Table(
        name=f"raw__{spec.table}",
        row_is=f"one record of the file of {source_name}, as text: {spec.row_is}",
        step=spec.step,
        pattern="source-aligned",
        keys=("_row",),
        function=Function(
            "land", 1, partial(_call, spec), params=params, files=spec.files, columns=columns
        ),
        portable=False,
        classes={field.name: field.cls for field in spec.fields},
        numbered="_row",
    )


def _typed(source_name: str, spec: SourceSpec) -> Table:
    fields, raw = spec.fields, quote("raw__" + spec.table)
    inside = typed_select(["_row"], fields, lambda f: taken(f, quote(f.name)))
    values = typed_select(
        ["_row", *naive_marks(spec)], fields, lambda f: typed(spec, f, quote(f.name))
    )
    names = typed_select(["_row", f"{_record(spec)} as _record"], fields, lambda f: in_utc(spec, f))
    sql = (
        f"with taken as (\n{inside}\nfrom {raw}\nwhere _reject is"
        f" null\n),\n{cleaned_columns(spec, fields, ['_row'])},\ntyped as (\n{values}\nfrom"
        f" cleaned\n)\n{names}\nfrom typed"
    )
    return Table(
        name=spec.table,
        row_is=spec.row_is,
        step=spec.step,
        pattern="source-aligned",
        keys=spec.primary_key or ("_row",),
        order=("_row",),
        sql=sql,
        inputs=(f"raw__{spec.table}",),
        portable=False,
        classes={field.name: field.cls for field in spec.fields},
    )


def _record(spec: SourceSpec) -> str:
    """`system.table:key`; keys of several parts are joined by a bar, and a row without a key
    goes by its number.
    """
    parts = [f"cast({quote(name)} as varchar)" for name in spec.primary_key]
    if len(parts) > 1:
        parts = [f"replace(replace({part}, '\\', '\\\\'), '|', '\\|')" for part in parts]
    key = " || '|' || ".join(parts) or "cast(null as varchar)"
    return f"{text(spec.name + ':')} || coalesce({key}, '#' || cast(_row as varchar))"
