"""Several files that are one source: read one after another, their rows numbered on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import polars as pl

from workbook.engine.landing.file_scan import FileScan
from workbook.engine.landing.formats import FORMATS
from workbook.engine.landing.header_match import columns_of, varying
from workbook.engine.landing.source_spec import SourceSpec
from workbook.engine.sql import text


@dataclass(frozen=True)
class Varying:
    """A declared column that some files of a source lack: it is empty in their records."""

    column: str
    files: tuple[str, ...]
    of: int


def varying_columns(spec: SourceSpec) -> tuple[Varying, ...]:
    """The declared columns that come and go between the files of a source."""
    if not spec.several:
        return ()
    lacking = varying(spec.fields, _headers(spec))
    names = _names(spec)
    return tuple(
        Varying(column, tuple(names[number] for number in numbers), len(spec.files))
        for column, numbers in lacking.items()
    )


def shared_files(specs: Iterable[SourceSpec]) -> dict[tuple[str, ...], int]:
    """How many files several sources read, where a pattern of one of them found the file: by
    the sources.
    """
    readers: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        for file in spec.files:
            readers.setdefault(file, []).append(spec)
    several = [
        each for each in readers.values() if len(each) > 1 and any(spec.several for spec in each)
    ]
    return dict(Counter(tuple(spec.name for spec in each) for each in several))


def read_files(spec: SourceSpec) -> FileScan | pl.DataFrame:
    """The raw rows of all files in their order; `_file` is the name of the file that holds the
    record.

    Raises:
        DataError: a declared column is in none of the files.
    """
    files = [Path(file) for file in spec.files]
    _refuse_absent(spec, files)
    form = FORMATS[spec.format]
    read = [form.read(spec, file) for file in files]
    rows = [each.rows() if isinstance(each, FileScan) else None for each in read]
    if any(count is None for count in rows):
        return _exactly(spec)
    known = [count or 0 for count in rows]
    first = [0, *accumulate(known)]
    parts = [
        f"select _row + {start} as _row, _reject, {text(name)} as _file, * exclude (_row, _reject)"
        f" from ({each.sql})"
        for each, start, name in zip(read, first, _names(spec), strict=False)
        if isinstance(each, FileScan)
    ]
    together = "\nunion all\n".join(parts)
    sql = f"select * from (\n{together}\n) order by _row"
    return FileScan(sql, lambda: sum(known), lambda: _exactly(spec))


def _exactly(spec: SourceSpec) -> pl.DataFrame:
    frames = []
    for file, name in zip(spec.files, _names(spec), strict=True):
        frame = FORMATS[spec.format].read_exactly(spec, Path(file))
        where = pl.format("{} {}", pl.lit(name), pl.col("_reject")).alias("_reject")
        frame = frame.with_columns(where, pl.lit(name).alias("_file"))
        fields = [field.name for field in spec.fields]
        frames.append(frame.select("_row", "_reject", "_file", *fields))
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("_row")
    return pl.concat(frames).with_columns(number)


def _headers(spec: SourceSpec) -> list[Sequence[str]]:
    return [FORMATS[spec.format].header(spec, Path(file)) for file in spec.files]


def _refuse_absent(spec: SourceSpec, files: Sequence[Path]) -> None:
    """A column that no file has is a wrong name, as it is in a single file."""
    headers = _headers(spec)
    nowhere = {
        name
        for name, lacking in varying(spec.fields, headers).items()
        if len(lacking) == len(files)
    }
    if nowhere:
        every = list(dict.fromkeys(name for header in headers for name in header))
        alone = spec.only([field for field in spec.fields if field.header in nowhere])
        columns_of(alone, files[-1], every)


def _names(spec: SourceSpec) -> list[str]:
    """The names of the files, with as much of their folders as tells them apart."""
    paths = [Path(file) for file in spec.files]
    for depth in range(1, 8):
        names = ["/".join(path.parts[-depth:]) for path in paths]
        if len(set(names)) == len(names):
            break
    return [name.replace(": ", " ") for name in names]
