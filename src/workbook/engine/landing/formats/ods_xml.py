"""What the XML of an .ods says of a sheet that its reader leaves out: formulas that failed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_FAILED = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}


def failed_formulas(book: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """The sign that a failed formula shows, such as `#N/A`, by row and column; none of other
    workbooks.

    Columns are counted from the first that holds anything, as the reader counts them.
    """
    if "content.xml" not in book.namelist() or b'value-type="error"' not in book.read(
        "content.xml"
    ):
        return {}
    found, first, number = {}, None, 0
    for row in _rows(book, sheet):
        times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        for column, cell in _filled(row):
            first = column if first is None else min(first, column)
            if cell.get(_FAILED) == "error":
                sign = "".join(cell.itertext()).strip()
                found |= {(number + turn, column): sign for turn in range(times)}
        number += times
    return {(row, column - (first or 0)): sign for (row, column), sign in found.items()}


def _filled(row: ET.Element) -> Iterator[tuple[int, ET.Element]]:
    """The cells that hold anything, each with its column; one that stands for several, each
    time.
    """
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            if cell.get(_VALUE):
                yield from ((column + turn, cell) for turn in range(times))
            column += times


def _rows(book: zipfile.ZipFile, sheet: str) -> Iterator[ET.Element]:
    within = False
    with book.open("content.xml") as stream:
        for event, element in ET.iterparse(stream, ("start", "end")):  # noqa: S314
            if element.tag == f"{_TABLE}table":
                within = event == "start" and element.get(f"{_TABLE}name") == sheet
            elif within and event == "end" and element.tag == f"{_TABLE}table-row":
                yield element
                element.clear()
