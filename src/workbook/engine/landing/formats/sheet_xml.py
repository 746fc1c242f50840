"""What the XML of an .xlsx says of a sheet: which rows hold anything, and which numbers are too long."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID = re.compile(r"\{.*\}id")
LONG = 1e15  # a workbook keeps 15 digits of a number


@dataclass
class Cells:
    """Rows of a sheet that hold anything, counted from 0, and its long numbers by row and column.

    Columns are counted from the first one that the sheet uses, as the reader counts them.
    """

    rows: list[int] = field(default_factory=list)
    height: int = 0
    long_numbers: dict[tuple[int, int], str] = field(default_factory=dict)


def cells_of(book: zipfile.ZipFile, sheet: str) -> Cells | None:
    """What the XML says of a sheet; None where it is no .xlsx, or names its parts in another way."""
    try:
        part = _part_of(book, sheet)
        texts = _texts(book)
        return _scan(book, part, texts) if part else None
    except (KeyError, ET.ParseError, zipfile.BadZipFile, ValueError):
        return None


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    links = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat expands no outside entity
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in ET.fromstring(book.read("xl/workbook.xml")).iter():  # noqa: S314
        if _plain(element.tag) == "sheet" and element.get("name") == sheet:
            link = next(value for name, value in element.attrib.items() if _ID.fullmatch(name))
            target = targets[link]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _texts(book: zipfile.ZipFile) -> list[bool]:
    """Whether each shared text holds anything."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    found = []
    with book.open("xl/sharedStrings.xml") as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314
            if _plain(element.tag) == "si":
                found.append(bool("".join(element.itertext()).strip()))
                element.clear()
    return found


def _scan(book: zipfile.ZipFile, part: str, texts: list[bool]) -> Cells:
    cells, first, long_numbers = Cells(), None, {}
    with book.open(part) as stream:
        row = -1
        for _, element in ET.iterparse(stream):  # noqa: S314
            if _plain(element.tag) != "row":
                continue
            row = int(element.get("r", row + 2)) - 1
            filled = list(_filled(element, texts))
            for column, value in filled:
                first = column if first is None else min(first, column)
                if value is not None and abs(value) >= LONG:
                    long_numbers[row, column] = f"{value:.16E}"
            if filled:
                cells.rows.append(row)
                cells.height = row + 1
            element.clear()
    cells.long_numbers = {(row, column - (first or 0)): as_excel(text) for (row, column), text in long_numbers.items()}
    return cells


def _filled(row: Any, texts: list[bool]) -> Iterator[tuple[int, float | None]]:
    """The column of each cell that holds anything, and its number where it is one."""
    column = -1
    for cell in row:
        if _plain(cell.tag) != "c":
            continue
        reference = cell.get("r", "")
        column = _column(reference) if reference else column + 1
        kind = cell.get("t", "n")
        value = next((each.text or "" for each in cell if _plain(each.tag) == "v"), "")
        if kind == "inlineStr":
            value = "".join(cell.itertext())
        if not value.strip() or (kind == "s" and not texts[int(value)]):
            continue
        yield column, float(value) if kind == "n" else None


def _column(reference: str) -> int:
    """The number of a column from 0.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def as_excel(text: str) -> str:
    """A number as a spreadsheet writes a long one.

    >>> as_excel("1.2300000000000000E+16")
    '1.23E+16'
    """
    digits, _, power = text.partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{power}"


def _plain(tag: str) -> str:
    return tag.removeprefix(_MAIN).removeprefix(_STRICT)
