"""One file, profiled: read by the same reader as every run, then typed column by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from workbook.engine import Engine, FieldSpec, Plan, SourceSpec, landing_tables, undeclared_columns
from workbook.onboard.column import Read, field_name
from workbook.onboard.files import Found
from workbook.onboard.formats import Formats, formats_of, missing_in
from workbook.onboard.keys import Keys, keys_of
from workbook.onboard.sniff import Written, sniffed
from workbook.onboard.types import Typed, typed


@dataclass(frozen=True, eq=False)
class Profile:
    """What was found out about one file."""

    found: Found
    written: Written
    formats: Formats
    columns: tuple[Read, ...]
    types: Mapping[str, Typed]
    keys: Keys
    rows: int
    rejected: int
    ascii: bool = False  # no character tells one encoding from another


def profiled(found: Found) -> Profile:
    """The profile of a file.

    Raises:
        DataError: the file is empty, has no header, or cannot be read.
    """
    written = sniffed(found.path)
    spec = _spec(found, written)
    raw = _raw(spec)
    accepted = raw.filter(pl.col("_reject").is_null())
    texts = {field.name: accepted[field.name].str.strip_chars().replace("", None).drop_nulls() for field in spec.fields}
    missing = missing_in(texts.values()) if written.format in ("csv", "tsv") else ("",)
    columns = tuple(
        Read(field.header, field.name, values.filter(~values.is_in(missing)), accepted.height)
        for field, values in ((field, texts[field.name]) for field in spec.fields)
    )
    formats = formats_of([column.values for column in columns], missing)
    if written.format == "parquet":
        formats = Formats()
    plain = written.encoding == "utf-8" and all(not values.str.contains(r"[^\x00-\x7F]").any() for values in texts.values())
    types = {column.name: typed(column, found.table, columns, formats) for column in columns}
    types = {name: each if each.currency in ("", *types) or len(each.currency) == 3 else replace(each, currency="") for name, each in types.items()}
    return Profile(found, written, formats, columns, types, keys_of(found.table, columns, types), raw.height, raw.height - accepted.height, plain)


def _spec(found: Found, written: Written) -> SourceSpec:
    """The file as a source whose every column is text."""
    bare = SourceSpec(found.source, (str(found.path),), (), written.format, written.delimiter, written.encoding)
    taken: set[str] = set()
    fields = []
    for header in undeclared_columns(bare):
        if header:
            name = field_name(header, found.table, taken)
            taken.add(name)
            fields.append(FieldSpec(name, header if header != name else ""))
    return replace(bare, fields=tuple(fields))


def _raw(spec: SourceSpec) -> pl.DataFrame:
    table = landing_tables(spec.name, spec)[0]
    with TemporaryDirectory() as folder, Engine(Path(folder), data_roots=[Path(spec.files[0]).parent]) as engine:
        return engine.frame(Plan([table]), table.name)
