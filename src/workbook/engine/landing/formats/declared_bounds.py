"""Where a table begins and ends in a file, where the model says it by what stands there."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbook.engine.landing.formats.delimited import text_lines
from workbook.engine.landing.formats.excel import EXCEL, sheet_rows
from workbook.engine.landing.formats.format import FileFormat
from workbook.engine.landing.source_spec import SourceSpec
from workbook.engine.landing.totals_rows import Row, filled
from workbook.errors import DataError
from workbook.words import error_of


def bounded(form: FileFormat) -> FileFormat:
    """A format of lines whose `starts_at` and `ends_before` are found in each file."""
    return replace(
        form,
        header=lambda spec, file: form.header(with_bounds(spec, file), file),
        count=lambda spec, file: form.count(with_bounds(spec, file), file),
        read=lambda spec, file: form.read(with_bounds(spec, file), file),
        read_exactly=lambda spec, file: form.read_exactly(with_bounds(spec, file), file),
    )


def with_bounds(spec: SourceSpec, file: Path) -> SourceSpec:
    """The source with how many lines of a file it skips, counted where a text says it.

    Raises:
        DataError: no line begins with that text.
    """
    if not (spec.starts_at or spec.ends_before):
        return spec
    rows = _rows(spec, file)
    before, after = spec.skip_before, spec.skip_after
    if spec.starts_at:
        before = next(_places(spec, file, "starts_at", enumerate(rows)))
    if spec.ends_before:
        below = enumerate(rows[before + 1 :], before + 1)
        last = next(_places(spec, file, "ends_before", reversed(list(below))))
        while last > before + 1 and not filled(rows[last - 1]):
            last -= 1
        after = len(rows) - last
    return replace(spec, skip_before=before, skip_after=after, starts_at="", ends_before="")


def _places(
    spec: SourceSpec, file: Path, word: str, rows: Iterable[tuple[int, Row]]
) -> Iterator[int]:
    """The lines whose first cell is the text; of a file without one, those that begin with it."""
    wanted = getattr(spec, word)
    firsts = [(at, _first(row)) for at, row in rows]
    found = [at for at, first in firsts if first == wanted]
    found = found or [at for at, first in firsts if first.startswith(wanted)]
    if not found:
        raise error_of(
            DataError,
            "engine.landing.no_such_line",
            source=spec.name,
            file=file.name,
            text=wanted,
            word=word,
        )
    return iter(found)


def _first(row: Row) -> str:
    return next((cell.strip() for cell in row if cell and cell.strip()), "")


def _rows(spec: SourceSpec, file: Path) -> Sequence[Row]:
    if spec.format == EXCEL.name:
        return sheet_rows(file, spec.sheet)
    grammar = {"delimiter": spec.delimiter, "quotechar": spec.quote or '"'}
    lines = text_lines(spec, file)
    return [next(csv.reader([line], **grammar), []) for line in lines]  # type: ignore[arg-type]
