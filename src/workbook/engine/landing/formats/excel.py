"""Excel and OpenDocument workbooks: one sheet is a source, its cells are text as landing casts it.

Numbers are written as they are stored, with the leading zeros that their cells show; days and times
as ISO 8601, times of day and lengths of time as `08:30:00`, booleans as true and false. A formula
that failed keeps its sign (`#N/A`), and one without a value has a sign of its own, so that they are
counted as bad cells. A sheet's rows are counted a second time from the XML of an .xlsx, not by the
reader; of other workbooks by the reader's own types.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from workbook.engine.landing.formats.format import FileFormat
from workbook.engine.landing.formats.number_formats import LONG, as_excel
from workbook.engine.landing.formats.ods_xml import failed_formulas
from workbook.engine.landing.formats.sheet_xml import Cells, cells_of, hidden_sheets
from workbook.engine.landing.header_match import columns_of, frame_of, on_one_line
from workbook.engine.landing.source_spec import SourceSpec
from workbook.errors import DataError
from workbook.model.file_formats import SUFFIXES
from workbook.words import error_of

_FAILED = {
    "NA": "#N/A",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_MIDNIGHT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]00:00:00")
_LONG = re.compile(r"-?\d{16,}")
_NUMBERS = ("integer", "decimal", "money")
_NO_DAY = "1899-12-31 "  # the day by which the reader writes a time that has none
Row = tuple[str | None, ...]


def _workbook(spec: SourceSpec, file: Path) -> Any:
    import fastexcel

    try:
        return fastexcel.read_excel(file)
    except fastexcel.FastExcelError as error:
        raise error_of(
            DataError, "engine.landing.torn_workbook", source=spec.name, file=file.name
        ) from error


def sheets_of(file: Path) -> list[str]:
    """The names of the sheets of a workbook.

    Raises:
        DataError: it is torn, or has a password.
    """
    return list(_workbook(SourceSpec(file.stem, (str(file),), ()), file).sheet_names)


def hidden_in(file: Path) -> set[str]:
    """The names of the sheets of an .xlsx that nobody sees when it is opened."""
    if not zipfile.is_zipfile(file):
        return set()
    with zipfile.ZipFile(file) as book:
        return hidden_sheets(book)


def sheet_rows(file: Path, sheet: str) -> list[Row]:
    """Every row of a sheet down to the last that holds anything, empty ones among them.

    Raises:
        DataError: the workbook is torn, or has no such sheet.
    """
    return _all_rows(SourceSpec(file.stem, (str(file),), (), sheet=sheet), file)


def _sheet_of(spec: SourceSpec, file: Path, book: Any) -> str:
    """The name of the sheet that is meant.

    Raises:
        DataError: there are several and none is declared, or none of them is the declared one.
    """
    names = list(book.sheet_names)
    if not spec.sheet:
        if len(names) == 1:
            return names[0]
        listed = ", ".join(f"'{name}'" for name in names)
        raise error_of(
            DataError,
            "engine.landing.several_sheets",
            source=spec.name,
            file=file.name,
            count=len(names),
            sheets=listed,
        )
    if spec.sheet in names:
        return spec.sheet
    if spec.sheet.isdigit() and 1 <= int(spec.sheet) <= len(names):
        return names[int(spec.sheet) - 1]
    raise error_of(
        DataError,
        "engine.landing.unknown_sheet",
        source=spec.name,
        file=file.name,
        sheet=spec.sheet,
        known=names,
    )


def _rows(spec: SourceSpec, file: Path) -> list[Row]:
    """The rows of the sheet that hold anything, the header among them, without those that are
    skipped.
    """
    rows = _all_rows(spec, file)
    return [row for row in rows[spec.skip_before : len(rows) - spec.skip_after] if any(row)]


def _all_rows(spec: SourceSpec, file: Path) -> list[Row]:
    """Every row of the sheet down to the last that holds anything."""
    import fastexcel

    book = _workbook(spec, file)
    name = _sheet_of(spec, file, book)
    try:
        batch, wrong = _loaded(book, name, "string")
    except fastexcel.FastExcelError as error:
        raise error_of(
            DataError, "engine.landing.torn_sheet", source=spec.name, file=file.name, sheet=name
        ) from error
    columns: list[list[str | None]] = [
        [_as_text(value) for value in column.to_pylist()] for column in batch.columns
    ]
    for each in wrong.errors if wrong else ():
        row, column = each.offset_position
        sign = each.detail.partition("Error(")[2].rstrip("')")
        columns[column][row] = _FAILED.get(sign, "#ERROR")
    for (row, column), text in _replaced(file, name, book, columns).items():
        if column < len(columns) and row < len(columns[column]):
            columns[column][row] = text
    rows = list(zip(*columns, strict=True))
    return rows[: max((number for number, row in enumerate(rows, 1) if any(row)), default=0)]


def _as_text(value: str | None) -> str | None:
    """A day without its midnight, a time of day without a day; nothing for an empty cell."""
    if value is None or not value.strip():
        return None
    if value.startswith(_NO_DAY):
        return value.removeprefix(_NO_DAY)
    is_day = _MIDNIGHT.fullmatch(value)
    return value[:10] if is_day else value


def _replaced(
    file: Path, sheet: str, book: Any, columns: Sequence[Sequence[str | None]]
) -> dict[tuple[int, int], str]:
    """The texts of cells that the reader would not give as they are meant, by row and column."""
    cells = _xml(file, sheet)
    if cells is not None:
        return cells.texts
    return _long_numbers(book, sheet, columns) | _failed(file, sheet)


def _long_numbers(
    book: Any, sheet: str, columns: Sequence[Sequence[str | None]]
) -> dict[tuple[int, int], str]:
    """Numbers of more digits than a workbook keeps, as `1.2E+16`: an id is spoiled by it."""
    if not any(text and _LONG.fullmatch(text) for column in columns for text in column):
        return {}
    # text of digits is a float, but no truth
    numbers, truths = (_loaded(book, sheet, kind)[0] for kind in ("float", "boolean"))
    return {
        (row, place): as_excel(f"{number:.16E}")
        for place, (values, true) in enumerate(zip(numbers.columns, truths.columns, strict=True))
        for row, (number, is_number) in enumerate(
            zip(values.to_pylist(), true.to_pylist(), strict=True)
        )
        if is_number and abs(number) >= LONG
    }


def _loaded(book: Any, sheet: str, kind: str) -> Any:
    return book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes=kind).to_arrow_with_errors()


def _failed(file: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Formulas that failed in an .ods, whose reader gives nothing for them."""
    if not zipfile.is_zipfile(file):
        return {}
    with zipfile.ZipFile(file) as book:
        return failed_formulas(book, sheet)


def _xml(file: Path, sheet: str) -> Cells | None:
    """What the XML of an .xlsx says of a sheet; None of other workbooks."""
    if not zipfile.is_zipfile(file):
        return None
    with zipfile.ZipFile(file) as book:
        return cells_of(book, sheet)


def _header(spec: SourceSpec, file: Path) -> list[str]:
    return _names(spec, file, _rows(spec, file))


def _names(spec: SourceSpec, file: Path, rows: Sequence[Row]) -> list[str]:
    if not rows:
        raise error_of(DataError, "engine.landing.no_header_row", source=spec.name, file=file.name)
    return [on_one_line(cell or "") for cell in rows[0]]


def _count(spec: SourceSpec, file: Path) -> int:
    """How many rows below the header hold anything."""
    name = _sheet_of(spec, file, _workbook(spec, file))
    cells = _xml(file, name)
    if cells:
        last = cells.height - spec.skip_after
        return max(sum(1 for row in cells.rows if spec.skip_before <= row < last) - 1, 0)
    sheet = _workbook(spec, file).load_sheet(name, header_row=None, skip_rows=0).to_polars()
    kept = sheet[spec.skip_before : sheet.height - spec.skip_after]
    filled = [
        kept[column].cast(pl.String).str.strip_chars().replace("", None).is_not_null()
        for column in kept.columns
    ]
    return (
        max(int(pl.DataFrame(filled).select(pl.any_horizontal(pl.all())).sum().item()) - 1, 0)
        if filled
        else 0
    )


def _read(spec: SourceSpec, file: Path) -> pl.DataFrame:
    """The raw table of a sheet."""
    comma = next(
        (
            field.name
            for field in spec.fields
            if field.type in _NUMBERS and spec.mark_of(field) == ","
        ),
        "",
    )
    if comma:
        raise error_of(
            DataError, "engine.landing.decimal_comma_in_workbook", source=spec.name, name=comma
        )
    rows = _rows(spec, file)
    header = _names(spec, file, rows)
    places = columns_of(spec, file, header)
    columns = [_column(rows[1:], place) for place in places]
    return frame_of(spec, columns, [None] * (len(rows) - 1))


def _column(rows: Sequence[Row], place: int | None) -> list[str | None]:
    return [None if place is None else row[place] for row in rows]


EXCEL = FileFormat("excel", SUFFIXES["excel"], _header, _count, _read, _read)
