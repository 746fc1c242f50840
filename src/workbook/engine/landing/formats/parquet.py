"""Parquet files, as the text that landing casts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine.landing.file_scan import FileScan
from workbook.engine.landing.formats.format import FileFormat, is_pattern
from workbook.engine.landing.header_match import columns_of
from workbook.engine.landing.source_spec import SourceSpec
from workbook.engine.sql import quote, text
from workbook.errors import DataError
from workbook.model.file_formats import SUFFIXES
from workbook.words import error_of


def _schema(spec: SourceSpec, file: Path) -> dict[str, Any]:
    """Column names and types of a Parquet file.

    Raises:
        DataError: it is not Parquet, or torn.
    """
    try:
        return dict(pl.scan_parquet(file, glob=False, hive_partitioning=False).collect_schema())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise error_of(
            DataError, "engine.landing.torn_parquet", source=spec.name, file=file.name
        ) from error


def _header(spec: SourceSpec, file: Path) -> list[str]:
    return list(_schema(spec, file))


def _count(spec: SourceSpec, file: Path) -> int:
    """How many rows the footer of a Parquet file states."""
    return (
        pl.scan_parquet(file, glob=False, hive_partitioning=False).select(pl.len()).collect().item()
    )


def _read(spec: SourceSpec, file: Path) -> FileScan | pl.DataFrame:
    """Every value as text, nested ones as JSON."""
    schema = _schema(spec, file)
    header = list(schema)
    places = columns_of(spec, file, header)
    # SQL would mistake one for another
    alike = len({name.casefold() for name in header}) < len(header)
    if alike or is_pattern(file):
        return _read_exactly(spec, file)
    fields = "".join(
        (
            f", {_as_text(header[place], schema[header[place]])} as {quote(field.name)}"
            if place is not None
            else f", cast(null as varchar) as {quote(field.name)}"
        )
        for field, place in zip(spec.fields, places, strict=True)
    )
    sql = (
        f"select row_number() over () as _row, cast(null as varchar) as _reject{fields} "
        f"from read_parquet({text(str(file))}, hive_partitioning = false)"
    )

    def torn() -> pl.DataFrame:
        raise error_of(DataError, "engine.landing.parquet_rows", source=spec.name, file=file.name)

    return FileScan(sql, lambda: _count(spec, file), torn)


def _read_exactly(spec: SourceSpec, file: Path) -> pl.DataFrame:
    header = _header(spec, file)
    places = columns_of(spec, file, header)
    rows = _count(spec, file)
    columns = [
        pl.Series("_row", range(1, rows + 1), dtype=pl.Int64),
        pl.Series("_reject", [None] * rows, dtype=pl.String),
    ]
    for field, place in zip(spec.fields, places, strict=True):
        absent = pl.Series([None] * rows, dtype=pl.String)
        columns.append(
            (absent if place is None else _column(file, header[place])).alias(field.name)
        )
    return pl.DataFrame(columns)


def _column(file: Path, name: str) -> pl.Series:
    frame = pl.read_parquet(file, columns=[name], glob=False, hive_partitioning=False)
    return frame[name].cast(pl.String).replace("", None)


def _as_text(column: str, dtype: Any) -> str:
    value = f"to_json({quote(column)})" if dtype.is_nested() else quote(column)
    return f"nullif(cast({value} as varchar), '')"


PARQUET = FileFormat("parquet", SUFFIXES["parquet"], _header, _count, _read, _read_exactly)
