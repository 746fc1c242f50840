"""The last lines of a file that are no records, counted as `skip_after:` counts them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from workbook.engine.landing import SourceSpec
from workbook.engine.landing.formats.excel import sheet_rows
from workbook.sources.onboard.table_bounds import (
    Footer,
    Row,
    filled,
    footer_of,
    is_sparse,
    is_total,
    usual_fill,
)

_OWN = ("_row", "_reject", "_file")
_TAIL = 1 << 16
_LINES = 60
_SAMPLE = 300
_EMPTY = 5  # lines without anything at the end: more of them will be others in the next export


def without_footer(spec: SourceSpec, raw: pl.DataFrame) -> tuple[Footer, pl.DataFrame]:
    """The footer of a source of one file, and its records without it; several files have none."""
    if len(spec.files) == 1 and spec.format == "excel":
        rows = sheet_rows(Path(spec.files[0]), spec.sheet)[spec.skip_before :]
        rows = rows[
            next((at for at, row in enumerate(rows, 1) if any(row)), 0) :
        ]  # below the header
        footer = footer_of(rows[-_SAMPLE:], lambda place: [row[place] for row in rows[:-_SAMPLE]])
        records = [row for row in rows[len(rows) - footer.rows :] if filled(row)]
    elif len(spec.files) == 1 and spec.format in ("csv", "tsv"):
        footer, records = _of_text(spec, raw)
    else:
        return Footer(), raw
    return footer, raw.head(raw.height - len(records))


def totals_inside(raw: pl.DataFrame) -> int:
    """How many records within a table call themselves a total and leave out what others say."""
    fields = _fields(raw)
    if not fields:
        return 0
    said = pl.any_horizontal(pl.col(fields).str.contains(r"(?i)total|sum|gesamt"))
    usual = usual_fill(raw.select(fields).head(_SAMPLE).rows())
    return sum(
        is_total(row) and is_sparse(row, usual)
        for row in raw.select(fields).filter(said).iter_rows()
    )


def hollow_rows(raw: pl.DataFrame) -> int:
    """How many records hold nothing at all."""
    fields = _fields(raw)
    return (
        raw.select(pl.all_horizontal(pl.col(fields).is_null())).sum().item()
        if fields and raw.height
        else 0
    )


def _fields(raw: pl.DataFrame) -> list[str]:
    return [name for name in raw.columns if name not in _OWN]


def _of_text(spec: SourceSpec, raw: pl.DataFrame) -> tuple[Footer, Sequence[Row]]:
    """The footer of delimited text and its records; none where its last lines are not those."""
    fields, none = _fields(raw), (Footer(), ())
    tail = _last_lines(spec)
    records = [place for place, row in enumerate(tail) if row]
    empty = next((number for number, row in enumerate(reversed(tail)) if filled(row)), len(tail))
    torn = {place for place in records if len(tail[place]) != len(fields)}
    rejected = raw["_reject"].tail(len(records)).is_not_null().to_list()
    if rejected != [place in torn for place in records] or empty > _EMPTY:
        return none
    above = raw.head(raw.height - len(records)).select(fields)
    sample = above.tail(_SAMPLE).rows()
    before = above.head(above.height - len(sample))
    rows: list[Row] = [*sample, *tail]
    footer = footer_of(
        rows, lambda place: before[fields[place]].to_list(), {len(sample) + place for place in torn}
    )
    return footer, [row for row in rows[len(rows) - footer.rows :] if row]


def _last_lines(spec: SourceSpec) -> list[list[str]]:
    """The cells of the last lines of a text file; none where a line does not end its record."""
    path = Path(spec.files[0])
    with path.open("rb") as stream:
        start = max(0, path.stat().st_size - _TAIL)
        stream.seek(start)
        data = stream.read()
    name = "utf-8-sig" if spec.encoding == "utf-8" else spec.encoding
    if start and name == "utf-16":
        return []  # without its mark nobody knows the order of its bytes
    lines = list(io.StringIO(data.decode(name, errors="ignore"), newline=""))
    lines = lines[1 if start else spec.skip_before + 1 :][-_LINES:]
    if any(line.count('"') % 2 for line in lines):
        return []
    return cells_of_lines(lines, spec.delimiter)


def cells_of_lines(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The cells of each line by itself."""
    return [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
