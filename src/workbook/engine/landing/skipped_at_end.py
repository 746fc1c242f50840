"""What a source skips at the end of its files: a later file may end in another way."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from workbook.engine.landing.formats.delimited import text_lines
from workbook.engine.landing.formats.excel import EXCEL, sheet_rows
from workbook.engine.landing.source_spec import SourceSpec
from workbook.engine.landing.totals_rows import Row, filled, is_sparse, is_total, usual_fill

_SAMPLE = 300


def records_skipped(spec: SourceSpec) -> int:
    """How many skipped lines at the end are as full as the records above them, and no totals."""
    if not spec.skip_after or spec.format not in ("csv", "tsv", EXCEL.name):
        return 0
    return sum(_like_records(_last_rows(spec, Path(file)), spec.skip_after) for file in spec.files)


def _last_rows(spec: SourceSpec, file: Path) -> Sequence[Row]:
    if spec.format == EXCEL.name:
        return sheet_rows(file, spec.sheet)[-_SAMPLE - spec.skip_after :]
    lines = text_lines(spec, file)[-_SAMPLE - spec.skip_after :]
    return [next(csv.reader([line], delimiter=spec.delimiter), []) for line in lines]


def _like_records(rows: Sequence[Row], skipped: int) -> int:
    above = [row for row in rows[:-skipped] if filled(row)]
    usual, widths = usual_fill(above), {len(row) for row in above}
    full = [
        row
        for row in rows[-skipped:]
        if filled(row) and len(row) in widths and not is_sparse(row, usual)
    ]
    return sum(not is_total(row) for row in full)
