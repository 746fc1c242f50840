"""What the XML of an .xlsx says of a sheet: rows that hold anything, cells that a reader
misreads.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbook.engine.landing.formats.number_formats import kinds_of, text_of
from workbook.engine.landing.types.cell_text import NOT_CALCULATED

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID = re.compile(r"\{.*\}id")
_TRUE = ("1", "true")
Place = tuple[int, int]  # row and column


@dataclass
class Cells:
    """Rows of a sheet that hold anything, counted from 0, and texts that replace those of the
    reader.

    Columns are counted from the first one that the sheet uses, as the reader counts them.
    """

    rows: list[int] = field(default_factory=list)
    height: int = 0
    texts: dict[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Cell:
    """A cell that holds anything; `zero` where it is a formula of which the workbook keeps 0."""

    column: int
    text: str = ""
    formula: bool = False
    zero: bool = False


def cells_of(book: zipfile.ZipFile, sheet: str) -> Cells | None:
    """What the XML says of a sheet; None where it is no .xlsx, or names its parts in another
    way.
    """
    try:
        part = _part_of(book, sheet)
        return _scan(book, part, _texts(book), kinds_of(book)) if part else None
    except (KeyError, ET.ParseError, zipfile.BadZipFile, ValueError):
        return None


def hidden_sheets(book: zipfile.ZipFile) -> set[str]:
    """The names of the sheets that a workbook does not show."""
    try:
        sheets = [each for each in _book(book).iter() if _plain(each.tag) == "sheet"]
    except (KeyError, ET.ParseError, zipfile.BadZipFile):
        return set()
    return {
        each.get("name", "") for each in sheets if each.get("state") in ("hidden", "veryHidden")
    }


def _book(book: zipfile.ZipFile) -> ET.Element:
    # expat expands no outside entity
    return ET.fromstring(book.read("xl/workbook.xml"))  # noqa: S314


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    links = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in _book(book).iter():
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


def _scan(book: zipfile.ZipFile, part: str, shared: list[bool], kinds: Sequence[str]) -> Cells:
    cells, first, zeros, calculated = Cells(), None, [], False
    with book.open(part) as stream:
        row = -1
        for _, element in ET.iterparse(stream):  # noqa: S314
            if _plain(element.tag) != "row":
                continue
            row = int(element.get("r", row + 2)) - 1
            filled = list(_filled(element, shared, kinds))
            for cell in filled:
                first = cell.column if first is None else min(first, cell.column)
                if cell.text:
                    cells.texts[row, cell.column] = cell.text
                if cell.zero:
                    zeros.append((row, cell.column))
                calculated = calculated or (
                    cell.formula and not cell.zero and cell.text != NOT_CALCULATED
                )
            if filled:
                cells.rows.append(row)
                cells.height = row + 1
            element.clear()
    if zeros and not calculated and _waits(book):
        cells.texts |= dict.fromkeys(zeros, NOT_CALCULATED)
    cells.texts = {
        (row, column - (first or 0)): text for (row, column), text in cells.texts.items()
    }
    return cells


def _waits(book: zipfile.ZipFile) -> bool:
    """Whether a workbook asks to be calculated when opened, as one of a program does: 0 is no
    result.
    """
    return any(
        _plain(each.tag) == "calcPr" and each.get("fullCalcOnLoad") in _TRUE for each in _book(book)
    )


def _filled(row: Any, shared: list[bool], kinds: Sequence[str]) -> Iterator[_Cell]:
    """The cells of a row that hold anything."""
    column = -1
    for cell in row:
        if _plain(cell.tag) != "c":
            continue
        reference = cell.get("r", "")
        column = _column(reference) if reference else column + 1
        type_ = cell.get("t", "n")
        parts = {_plain(each.tag): each.text or "" for each in cell}
        value, formula = parts.get("v", ""), "f" in parts
        if type_ == "inlineStr":
            value = "".join(cell.itertext())
        if not value.strip() and formula and type_ == "n":
            yield _Cell(column, NOT_CALCULATED, formula=True)
        elif value.strip() and not (type_ == "s" and not shared[int(value)]):
            if type_ != "n":
                yield _Cell(column, formula=formula)
                continue
            number, style = float(value), int(cell.get("s", 0))
            kind = kinds[style] if style < len(kinds) else ""
            yield _Cell(column, text_of(number, kind), formula, formula and number == 0)


def _column(reference: str) -> int:
    """The number of a column from 0.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _plain(tag: str) -> str:
    return tag.removeprefix(_MAIN).removeprefix(_STRICT)
