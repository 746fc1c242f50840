"""The columns of a file and the fields of its source, laid beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from workbook.engine.landing.source import SourceSpec
from workbook.errors import DataError, did_you_mean


def columns_of(spec: SourceSpec, file: Path, header: Sequence[str]) -> list[int]:
    """Where in the file each declared field stands.

    Raises:
        DataError: a column stands twice, or declared columns are absent (all of them named).
    """
    place = f"Source '{spec.name}': {file.name}"
    repeated = sorted({name for name in header if name and list(header).count(name) > 1})
    if repeated:
        raise DataError(f"{place} has the column {_listed(repeated)} more than once. Rename it in the file.")
    absent = [field.header for field in spec.fields if field.header not in header]
    if absent:
        hints = " ".join(filter(None, (_near(name, spec, header) for name in absent)))
        raise DataError(
            f"{place} has no column {_listed(absent)}. {hints} Its columns: {', '.join(header) or 'none'}. "
            "Where a name changed, say so with `column:` in 03_sources.yml.".replace("  ", " ")
        )
    return [list(header).index(field.header) for field in spec.fields]


def undeclared(spec: SourceSpec, header: Sequence[str]) -> tuple[str, ...]:
    """The columns of the file that the source does not declare, in the file's order."""
    declared = {field.header for field in spec.fields}
    return tuple(name for name in header if name not in declared)


def frame_of(spec: SourceSpec, columns: Sequence[list[str | None]], rejects: list[str | None]) -> pl.DataFrame:
    """The raw table from its columns and the reasons of rejected rows; empty text is NULL."""
    data: dict[str, pl.Series] = {
        "_row": pl.Series(range(1, len(rejects) + 1), dtype=pl.Int64),
        "_reject": pl.Series(rejects, dtype=pl.String),
    }
    for field, values in zip(spec.fields, columns, strict=True):
        data[field.name] = pl.Series(values, dtype=pl.String).replace("", None)
    return pl.DataFrame(data)


def _near(name: str, spec: SourceSpec, header: Sequence[str]) -> str:
    free = undeclared(spec, header)
    return did_you_mean(name, free) or did_you_mean(name.lower(), [other for other in free if other.islower()])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
